"""The school year, due dates, the leadership framework and the glossary."""
