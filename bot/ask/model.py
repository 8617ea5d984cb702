"""What a question is, what was answered to it, and the rule of who may see which answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.slack.mrkdwn import GROUP_MENTION, MENTION, written
from knowledge.passages import Answer, Citation, Document, Outcome, Passage, Reader

WORTH = {Outcome.NOT_FOUND: 0, Outcome.CLOSEST: 1, Outcome.ANSWERED: 2, Outcome.SIGNPOST: 2}
QUESTION_LENGTH = 2000
_ASKS = re.compile(
    r"\?|^(?:and |but |so )?(?:what|whats|who|whose|whom|when|where|why|which|how|is|are|was|were|do|does|did|can|"
    r"could|should|must|may|will|would|has|have|show|tell|list|find|give|explain|summari[sz]e|sum up|compare|define|"
    r"in plain english|in simple (?:terms|words)|in a nutshell|tl;?dr)\b",
    re.IGNORECASE,
)


_GREETING = re.compile(
    r"(?:hi|hello|hey|hiya|(?:good )?(?:morning|afternoon|evening))(?: (?:there|trustbot|all|everyone|everybody))?",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?:(?:(?:ok|okay|great|lovely|perfect|brilliant|super|excellent|cheers|ta|thanks|thx|many thanks|thank you|"
    r"that(?:['’]s| is) (?:great|helpful|perfect|fine))"
    r"(?: (?:(?:so|very) much|a lot|for (?:that|this|your help)|trustbot|again))*[ ,.!]*)+)",
    re.IGNORECASE,
)


class Verdict(StrEnum):
    """What a person thinks of an answer."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Question:
    """A question: who asked what, where. `thread` is the ts that a reply goes under; `alone` says that nobody but
    the asker sees the answer. `message` is the ts of what was written, and `edited` that of its last edit, or empty."""

    event: str
    asker: str
    channel: str
    thread: str | None
    text: str
    alone: bool
    message: str = ""
    edited: str = ""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it was given, and what its readers may read."""

    id: str
    question: Question
    answer: Answer
    reader: Reader
    created: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """One citation of a given answer as it stands now.

    `passage` is missing when its document has changed since, has gone, or is open to fewer people: the quote is not
    shown again then. `around` is the text of its page as far as the library holds it, with the passage in it.
    """

    number: int
    citation: Citation
    passage: Passage | None
    around: tuple[Passage, ...] = ()


def answer_id(event: str, reader: Reader) -> str:
    """The same for the same event and the same reader: work that is taken up again finds what it did before."""
    members = sorted("+".join(sorted(member)) for member in reader.members)
    return hashlib.sha256("\n".join([event, str(reader.operator), *members]).encode()).hexdigest()[:24]


def as_typed(question: str) -> tuple[str, int]:
    """A question as it was typed, with nothing masked."""
    return question, 0


def question_in(text: str, bot: str | None = None) -> str:
    """The words that a person wrote, out of a Slack message: without the bot's mention, references as their names."""
    return written(text, bot)[:QUESTION_LENGTH]


def addresses_another(text: str, bot: str | None) -> bool:
    """Whether a message speaks to somebody else by name or to a group."""
    return any(user != bot for user in MENTION.findall(text)) or bool(GROUP_MENTION.search(text))


def asks(question: str) -> bool:
    """Whether words in a thread read like a question and not like people talking to each other."""
    return bool(_ASKS.search(question))


def greets(words: str) -> bool:
    """Whether somebody says hello and no more."""
    return _GREETING.fullmatch(words.strip(" ?.!,")) is not None


def thanks(words: str) -> bool:
    """Whether somebody says thank you, or that it is fine, and no more."""
    return _THANKS.fullmatch(words.strip()) is not None


def readable(answer: Answer, reader: Reader) -> bool:
    """Whether this reader may read every document that the answer quotes."""
    return all(reader.may_read(citation.document.audience) for citation in answer.citations)


def fuller(own: Answer, shown: Answer, together: Reader) -> bool:
    """Whether the asker's own answer says more than the one that all of a channel may read together: it ends better,
    or what answers best is a document that they may not read."""
    if WORTH[own.outcome] != WORTH[shown.outcome]:
        return WORTH[own.outcome] > WORTH[shown.outcome]
    if own.outcome is not Outcome.ANSWERED:
        return False
    # What is told of records need not quote anything, and of one that is laid out every part counts.
    if own.told or own.parts:
        return own.text != shown.text
    return not all(together.may_read(citation.document.audience) for citation in own.citations[:1])


def documents(answer: Answer) -> Sequence[Document]:
    """The documents that an answer quotes, each once, in order."""
    return list({citation.document.id: citation.document for citation in answer.citations}.values())
