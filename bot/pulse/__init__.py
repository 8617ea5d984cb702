"""Pulse surveys: the five tests of a collaboration, asked in two minutes and published without anybody's answer."""
