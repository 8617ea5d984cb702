"""The library brought level with its folders."""
