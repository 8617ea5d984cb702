"""Documents and their passages in SQL: put in whole, read only with a Reader."""
