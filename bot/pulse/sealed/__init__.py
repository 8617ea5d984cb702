"""Answers under seal: kept so that no copy of the disk tells who said what."""
