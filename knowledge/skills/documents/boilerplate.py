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
    r"declare any .{0,40}interests|disclosure of exempt information|invited to (?:declare|ask questions)|"
    r"\bto (?:discuss|consider) any matters arising\b|\bto record those\b|\bto agree the minutes\b|"
    r"^to be reviewed by\b|^date of (?:\w+ )?(?:review|adoption|approval|issue)\b|^ratified by\b|"
    r"as a (?:true|correct) record|\bthis (?:resource|template|model policy) (?:is|was|has been) (?:provided|produced)|"
    r"\b(?:join|subscribe) .{0,40}\bfor (?:exclusive|free|full|more)\b|all rights reserved|©|"
    r"^\[|(?:amend|adapt|delete)(?:/\w+)? (?:or delete )?(?:as|according to) (?:appropriate|the process)|"
    r"\bminutes of .{0,40}(?:approved|agreed|signed)|\.{4,}|…{2,}|_{3,}",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\b(?:what (?:has )?changed|(?:summary|main|list|record) (?:of )?changes|changes (?:since|from|in|proposed))\b",
    re.I,
)
_SECTION = re.compile(
    r"\b(?:version history|related (?:policies|documents)|complaints?(?: and review)?$|contents|what changed|"
    r"(?:summary|main|list) (?:of )?changes|equality|next meeting|application form|pro[- ]?forma|"
    r"declarations|apologies|distribution|legislation)\b"
    r"|\bmonitoring|\breview$",
    re.IGNORECASE,
)
_FORMAL = re.compile(
    r"\b(?:matters for (?:the )?next|next agenda|date (?:and time )?of (?:the )?next|division of agenda|"
    r"declarations? of (?:\w+ )?interests?)\b",
    re.IGNORECASE,
)
_CREDO = re.compile(
    r"\bwe (?:(?:all|firmly|strongly) )?(?:believe|value|recognise|are (?:\w+ )?(?:committed|proud|dedicated|working)"
    r"|know that|strive|aim|aspire|are an? \w+ (?:school|community))\b|\b(?:is|are) (?:\w+ )?committed to\b"
    r"|\bwill strive\b|\bethos\b|\bfulfil (?:their|its|his or her) potential\b",
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


def is_formal(heading: str) -> bool:
    """Whether what stands under this heading only orders a meeting: its interests declared, what comes next time."""
    return bool(_FORMAL.search(heading))


def stands_aside(heading: str) -> bool:
    """Whether what stands under this heading is seldom what the document is read for."""
    return bool(_SECTION.search(heading))


def is_credo(sentence: str) -> bool:
    """Whether a sentence says what a school believes in, as any school would, and not what is done."""
    return bool(_CREDO.search(sentence))


def leans(sentence: str) -> bool:
    """Whether a sentence begins by pointing back at the one before."""
    return bool(_LEANS.match(sentence))


def lists_changes(heading: str) -> bool:
    """Whether what stands under this heading is a document's own list of what it changes."""
    return bool(_CHANGES.search(heading))
