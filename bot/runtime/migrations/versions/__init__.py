"""The steps that bring a database of records from one version of Trustbot to the next."""
