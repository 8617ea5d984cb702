"""Tells what a document is about from what it says of itself: headers, approvals, reviews, attendance, signatures."""

from __future__ import annotations

import re

_SENTENCE = re.compile(
    r"\b(?:equality act|protected characteristic|reasonable adjustments? (?:are|is) made|less favourably|"
    r"adjustments that are reasonable|approved by|approved on|approved:|date approved|not approved|for consultation|"
    r"review date|next review|reviewed (?:every|each|annually)|earlier should law|sooner if the law|"
    r"effect of this policy is monitored|monitors how this policy|read (?:together|alongside|in conjunction)|"
    r"this (?:policy|document|handbook) (?:replaces|supersedes|is reviewed)|supersedes|unhappy with the way|"
    r"complaints procedure|concerns (?:about|are raised)|for the executive meeting on)\b"
    r"|^(?:\d+(?:\.\d+)*\s+)?(?:present|apologies|in attendance|attendees|signed|signature|date|clerk|chair|copies to|"
    r"circulation|owner|author|version|from|to|subject|cc|sent)\s*[:|]"
    r"|\bin attendance for\b|^apologies\b|\bnext meeting\b|\bmeeting (?:ended|closed|started|opened|began)\b|"
    r"\bapproved:|^(?:this policy )?(?:takes? effect|in force|proposed to take effect|comments to) |"
    r"\b(?:agreed|approved) by the .{0,40} on \d|\bp - present\b|"
    r"\bminutes of .{0,40}(?:approved|agreed|signed)|\.{4,}|…{2,}|_{3,}",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\b(?:what (?:has )?changed|(?:summary|main|list|record) (?:of )?changes|changes (?:since|from|in|proposed))\b",
    re.I,
)
_SECTION = re.compile(
    r"\b(?:version history|related (?:policies|documents)|complaints?(?: and review)?$|contents|what changed|"
    r"(?:summary|main|list) (?:of )?changes|equality|next meeting|declarations|apologies|distribution|legislation)\b"
    r"|\bmonitoring|\breview$",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"(?:it|its|they|their|this|these|those|that|such|he|she|his|her|however|therefore|also|then|both|the (?:first|"
    r"second|rest|latter)|a second|another)\b",
    re.IGNORECASE,
)


def is_boilerplate(sentence: str) -> bool:
    """Whether a sentence is of the document's own making, or said the same in every document."""
    return bool(_SENTENCE.search(sentence))


def stands_aside(heading: str) -> bool:
    """Whether what stands under this heading is seldom what the document is read for."""
    return bool(_SECTION.search(heading))


def leans(sentence: str) -> bool:
    """Whether a sentence begins by pointing back at the one before."""
    return bool(_LEANS.match(sentence))


def lists_changes(heading: str) -> bool:
    """Whether what stands under this heading is a document's own list of what it changes."""
    return bool(_CHANGES.search(heading))
