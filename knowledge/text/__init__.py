"""What is read out of words: sentences, dates, figures, year groups."""
