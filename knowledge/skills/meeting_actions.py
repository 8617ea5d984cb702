"""Answers what actions came out of a meeting, from its minutes: the table of actions, or the lines that name one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.answer.retrieve import Search
from knowledge.passages import Citation, Document, Kind, Outcome, Passage
from knowledge.skills.documents.description import described
from knowledge.skills.documents.finder import named
from knowledge.skills.layout import Section, layout
from knowledge.skills.turn import SkillAnswer, Turn

MOST = 8
_LEAD = r"^(?:(?:and|so|ok|okay|please|can you|could you|tell me)[,.!]? )*"
_ACTIONS = r"(?:action points?|actions?|action list|to[- ]?dos?|jobs)"
_FORMS = tuple(
    re.compile(_LEAD + form, re.IGNORECASE)
    for form in (
        rf"(?:what (?:were|are|was|is)|what['’]s|list|show(?: me)?|give me)?\s*(?:the |all |all the |our )?{_ACTIONS} "
        r"(?:from|of|at|in|agreed at|set at|arising from|after) (?:the |our )?(?P<what>.+)",
        rf"(?:what|which) {_ACTIONS} (?:came out of|came from|come from|were (?:agreed|set|given|taken) (?:at|in)|"
        r"did we (?:agree|set) at) (?:the |our )?(?P<what>.+)",
    )
)
_MEETING = re.compile(r"\b(?:minutes|meetings?|committee|board|governors|trustees|slt|fgb|lgb|team)\b", re.IGNORECASE)
_HEADER = re.compile(r"\b(?:actions?|owner|by whom|by when|who|when|due|lead|deadline)\b", re.IGNORECASE)
_NAMES_ONE = re.compile(r"\bactions?\s*:\s*(?!none\b|nil\b|n/a\b)\S", re.IGNORECASE)
_CELLS = " | "
_COLUMNS = 2


class MeetingActions:
    """The way of "what were the actions from the last SLT meeting?"."""

    def __init__(self, search: Search) -> None:
        self._search = search

    def reply(self, turn: Turn) -> SkillAnswer | None:
        """The actions in the minutes of the meeting that is named; None where no one meeting is, or it has none."""
        text = " ".join(turn.query.text.split()).strip(" ?.!")
        match = next((said for form in _FORMS if (said := form.fullmatch(text))), None)
        if match is None or not _MEETING.search(match["what"]):
            return None
        found = named(f"{match['what']} minutes", turn, self._search)
        if not found.sure or found.documents[0].kind is not Kind.MINUTES:
            return None
        document = found.documents[0]
        contents = [passage for passage, _ in self._search.library.contents(turn.reader, document.id).values()]
        quotes = [table for passage in contents for table in _tables(passage, document)]
        quotes = quotes or [line for passage in contents for line in _lines(passage, document)]
        if not quotes:
            return None
        lead = f"{described(document, self._search)} Its actions, as they stand there:"
        return SkillAnswer(layout(Outcome.ANSWERED, lead, [Section("", "", tuple(quotes[:MOST]))]))


def _tables(passage: Passage, document: Document) -> Iterator[Citation]:
    """The rows of a table of actions, with its header where that stands in the passage."""
    for rows in re.finditer(r"(?:^[^\n]* \| [^\n]*(?:\n|$))+", passage.text, re.MULTILINE):
        lines = rows[0].rstrip("\n").split("\n")
        header = passage.header if passage.header and rows.start() == 0 else lines[0]
        if len({each.casefold() for each in _HEADER.findall(header)}) >= _COLUMNS and len(lines) > (header == lines[0]):
            yield _cite("\n".join(lines), passage, document)


def _lines(passage: Passage, document: Document) -> Iterator[Citation]:
    """The lines that name an action."""
    for line in passage.text.split("\n"):
        if _NAMES_ONE.search(line):
            yield _cite(line.strip(), passage, document)


def _cite(quote: str, passage: Passage, document: Document) -> Citation:
    return Citation(quote, passage.id, document, passage.heading, passage.page)
