"""The library reconciled with its folders."""
