"""Answers as Slack shows them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bot.ask.model import Source, StoredAnswer, documents
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block
from knowledge.answer.citing import NOT_FOUND
from knowledge.llm.writer import how_written, line
from knowledge.passages import Answer, Citation, Document, Outcome, Part, Status
from knowledge.pipeline import DECIDES, WAYS, following, leading, proofs
from knowledge.safety.patterns import signpost

FEEDBACK, SOURCES, PASSAGE, OPEN, SHARE = "ask.feedback", "ask.sources", "ask.passage", "ask.open", "ask.share"
SHARE_VIEW, MISSING_VIEW, ABOUT_VIEW, ABOUT = "ask.share.view", "ask.missing", "ask.about.view", "ask.about"
QUESTION_FIELD, MISSING_FIELD = "question", "missing"
SHOWN = 4
Message = tuple[str, list[Block]]

TOGETHER = "Quoted only from documents that everyone in this channel may read."
YOURS = "Quoted only from documents that you may read."
WRITTEN_TOGETHER = "It was given only documents that everyone in this channel may read."
WRITTEN_YOURS = "It was given only documents that you may read."
PRIVATE = "Only you can see this. It rests on documents that not everyone in this channel may read."
UNSURE_WHO = (
    "Only you can see this, because Slack did not say who is in this channel. "
    "Ask again in a few minutes to have the answer shown to all."
)
FORBIDDEN = (
    "Only you can see this, because Trustbot may not look who is in this conversation. Whoever runs Trustbot gives it "
    "that permission; `trustbot doctor` says which."
)
OUTDATED = "This went on with an answer to the question as it was before it was edited."
ALSO = "*Also found*"
PAGE_GOES_ON = "The page goes on in the document itself."
MORE = "There is more under “Show sources”."
CHANGED = "This document has changed since the answer was given, or is not open to you any more. Ask again."
CLOSEST = "*These come closest. They may not answer the question.*"
MASKED = (
    "Your question seemed to name a pupil, so Trustbot took the name out before it kept or searched anything: it kept "
    "“Pupil A”. Your own message in Slack still has the name; you can edit or delete it there. This is done by rules "
    "that can miss a name, so please leave pupils' names out. For a worry about a child, speak to your designated "
    "safeguarding lead."
)
NOT_FOUND_TOGETHER = "Not in the documents that everyone in this channel may read."
NOT_HERE = "Please write nothing more about the child in this channel: tell the safeguarding lead alone."
WELCOME = "You are welcome."
NOT_FOUND_NEXT = (
    "Try the words that the document itself would use, or name the document, the school or the year. "
    "If it should be there, ask whoever runs Trustbot whether it is in the library."
)


def answer(stored: StoredAnswer, note: str | None = None, share: bool = False) -> Message:
    """The message for an answer: its top-level text and its blocks. `note` says who sees it, and why. What is longer
    than one message is folded."""
    return answers(stored, note, share, messages=1)[0]


def answers(
    stored: StoredAnswer, note: str | None = None, share: bool = False, *, before: Sequence[Block] = (),
    messages: int = kit.MESSAGES,
) -> list[Message]:  # fmt: skip
    """An answer as one message, or as several where it is longer; the buttons are under the last. `before` stands
    above it."""
    found = stored.answer
    first, rest = (_told(stored), []) if found.told else (opening(stored), _quotes(stored))
    body = [*first, *_aside(stored), *rest]
    parts = kit.split([*before, *body], _under(stored, note, share), messages, MORE if found.citations else kit.MORE)
    head, *others = parts
    count = len(parts)
    texts = [kit.fallback(spoken(stored)), *(f"The answer goes on: {at} of {count}." for at in range(2, count + 1))]
    return list(zip(texts, [head, *others], strict=True))


def _under(stored: StoredAnswer, note: str | None, share: bool) -> list[Block]:
    """What stands under an answer: for whom it is, and what can be done with it."""
    found = stored.answer
    blocks = [kit.context(note or _scope(stored))] if note or found.citations or found.told or found.parts else []
    presses = [kit.button("Show sources", SOURCES, stored.id)] if found.citations else []
    if share and found.citations and found.outcome is not Outcome.SIGNPOST:
        presses.append(kit.button("Share in channel", SHARE, stored.id))
    if presses:
        blocks.append(kit.actions(*presses))
    return [*blocks, kit.feedback(FEEDBACK, f"up:{stored.id}", f"down:{stored.id}")]


def masked() -> tuple[str, list[Block]]:
    """What an asker is told, alone, whose question seemed to name a pupil."""
    return kit.fallback(MASKED), [kit.section(MASKED)]


def welcome() -> tuple[str, list[Block]]:
    """The answer to thanks."""
    return kit.fallback(WELCOME), [kit.section(WELCOME)]


def outdated() -> Message:
    """What stands in place of the end of a longer answer, whose question was edited."""
    return kit.fallback(OUTDATED), [kit.context(OUTDATED)]


def opening(stored: StoredAnswer) -> list[Block]:
    """How the message begins: the outcome's heading, and what a model wrote, as far as it is shown while written."""
    wrote = stored.answer.written
    heading = _heading(stored.answer, stored.question.alone)
    if wrote is None or not wrote.claims:
        return heading
    lead = [block for each in leading(stored.answer) for block in kit.prose(each)]
    ways = [kit.section(WAYS)] if wrote.options else []
    return [*heading, *lead, *ways, *kit.prose("\n".join(map(line, wrote.claims)))]


def ending(stored: StoredAnswer) -> list[Block]:
    """The rest of the first message, for the end of one that was streamed."""
    return answers(stored)[0][1][len(opening(stored)) :]


def spoken(stored: StoredAnswer) -> str:
    """The answer as one text, for notifications and screen readers."""
    if stored.answer.outcome is Outcome.NOT_FOUND and not stored.answer.told:
        return " ".join(filter(None, (_not_found(stored.question.alone), stored.answer.signpost)))
    return stored.answer.text


def shared(stored: StoredAnswer) -> list[Message]:
    """An answer that its asker shows to a channel: who does so comes first."""
    sharer = f"<@{stored.question.asker}> asked: {kit.escape(stored.question.text)}"
    note = f"Shared by <@{stored.question.asker}>, who decided that it may be shown here."
    return answers(stored, note, before=[kit.section(sharer)])


def sources(stored: StoredAnswer, listed: Sequence[Source]) -> Block:
    """The modal that lists what an answer quotes."""
    blocks: list[Block] = []
    for source in listed:
        if source.passage is None:
            blocks += [kit.section(place(source.citation)), kit.context(CHANGED)]
        else:
            blocks += kit.quote(source.citation.quote)
            blocks.append(kit.section(place(source.citation), _opener(stored.id, source.number, source.citation)))
        blocks.append(kit.divider())
    hidden = len(stored.answer.citations) - len(listed)
    if hidden:
        blocks.append(kit.context("Sources that are not open to you are left out."))
    return kit.modal("Sources", blocks or [kit.section("This answer quotes no document.")])


def passage(source: Source) -> Block:
    """The modal that shows a quote within its page."""
    citation = source.citation
    blocks = [kit.section(place(citation))]
    if source.passage is None:
        blocks.append(kit.section(CHANGED))
    for each in source.around:
        if each == source.passage:
            before, _, after = each.text.partition(citation.quote)
            blocks += [*kit.prose(before), *kit.quote(citation.quote), *kit.prose(after)]
        else:
            blocks += kit.prose(each.text)
    return kit.modal("In its page", kit.fit(blocks, kit.VIEW_BLOCKS, PAGE_GOES_ON, kit.VIEW_TEXT))


def confirm_share(stored: StoredAnswer, public: bool, people: int, without: int) -> Block:
    """The modal that says who would see a shared answer: so many people, so many of whom `without` access."""
    channel = stored.question.channel
    who = f"*Everyone in <#{channel}> would see it*, now and later: {people} {_people(people)} at present."
    if public:
        who += " The channel is public, so everyone in the workspace could find it."
    if without:
        who += f" {without} of them may not open what it quotes."
    titles = "\n".join(f"• {_title(document)}" for document in documents(stored.answer))
    return kit.modal(
        "Share this answer?",
        [
            kit.section(who),
            kit.section("Your question goes with it:"),
            *kit.quote(stored.question.text),
            kit.section(f"It quotes:\n{titles}"),
            kit.section("It is posted with your name. Share it only if you may decide that."),
        ],
        callback=SHARE_VIEW,
        submit="Share",
        close="Keep it private",
        metadata=stored.id,
    )


def missing(answer_id: str) -> Block:
    """The modal behind thumbs down."""
    return kit.modal(
        "What was missing?",
        [
            kit.section("Thank you. A line on what was wrong or missing helps whoever keeps the library."),
            kit.text_input(
                MISSING_FIELD,
                "What was missing?",
                placeholder="For example: the policy of 2024 says otherwise. No names of pupils, please.",
                optional=True,
            ),
        ],
        callback=MISSING_VIEW,
        submit="Send",
        metadata=answer_id,
    )


def about(question: str, metadata: str) -> Block:
    """The modal behind the message shortcut, with the message's words as the question."""
    return kit.modal(
        "Ask Trustbot",
        [
            kit.text_input(QUESTION_FIELD, "Your question", initial=question),
            kit.context("The answer comes to you alone, as a direct message."),
        ],
        callback=ABOUT_VIEW,
        submit="Ask",
        metadata=metadata,
    )


def place(citation: Citation) -> str:
    """Where a quote stands, in mrkdwn: document, version, heading, page, and what a reader should know of it."""
    document = citation.document
    parts = [_title(document)]
    heading = citation.heading[1:] if citation.heading[:1] == (document.title,) else citation.heading
    if heading:
        parts.append(kit.escape(" › ".join(heading)))
    if citation.page is not None:
        parts.append(f"{document.unit or 'page'} {citation.page}")
    return " · ".join(parts)


def _title(document: Document) -> str:
    states = []
    if document.status is Status.DRAFT:
        states.append("draft")
    elif document.status is Status.SUPERSEDED or not document.in_force:
        states.append("superseded")
    if document.ocr:
        states.append("read from a scan")
    if document.masked:
        states.append("pupils' names masked")
    version = document.version or (f"{document.date.day} {document.date:%B %Y}" if document.date else None)
    parts = [f"*{kit.escape(document.title)}*", *([kit.escape(version)] if version else []), *states]
    return ", ".join(parts)


def _heading(found: Answer, alone: bool) -> list[Block]:
    if found.outcome is Outcome.NOT_FOUND:
        return [kit.section(f"*{_not_found(alone)}*"), kit.section(NOT_FOUND_NEXT)]
    if found.outcome is Outcome.CLOSEST:
        return [kit.section(CLOSEST)]
    if found.outcome is Outcome.SIGNPOST:
        return kit.prose(signpost(found.signpost))
    return []


def _aside(stored: StoredAnswer) -> list[Block]:
    """What is said beside an answer: whom to speak to if it is about a child; in a channel, to say no more there."""
    found = stored.answer
    if found.outcome is Outcome.SIGNPOST:
        return [] if stored.question.alone else [kit.context(NOT_HERE)]
    return [kit.section(f"*{kit.escape(found.signpost)}*")] if found.signpost else []


def _not_found(alone: bool) -> str:
    return NOT_FOUND if alone else NOT_FOUND_TOGETHER


def _scope(stored: StoredAnswer) -> str:
    wrote = stored.answer.written
    if wrote and wrote.claims and wrote.by:
        how = kit.escape(how_written(wrote.claims, wrote.by.model))
        return f"{how} {WRITTEN_YOURS if stored.question.alone else WRITTEN_TOGETHER}"
    return YOURS if stored.question.alone else TOGETHER


def _quotes(stored: StoredAnswer) -> list[Block]:
    wrote = stored.answer.written
    blocks = [*kit.prose(DECIDES + wrote.ask)] if wrote and wrote.ask else []
    blocks += [kit.context(kit.escape(wrote.note))] if wrote and wrote.note else []
    if wrote and wrote.claims:
        for number, citation in enumerate(proofs(stored.answer)):
            blocks += kit.quote(citation.quote)
            blocks.append(kit.section(f"[{number + 1}] {place(citation)}", _opener(stored.id, number, citation)))
        return blocks + _parts(stored, following(stored.answer))
    if stored.answer.parts:
        return blocks + _parts(stored, stored.answer.parts)
    order = [document.id for document in documents(stored.answer)]
    numbered = sorted(enumerate(stored.answer.citations), key=lambda each: order.index(each[1].document.id))
    listed = numbered[:SHOWN]
    best = True
    for number, citation in listed:
        if best and citation.document.id != order[0]:
            best = False
            blocks.append(kit.context(ALSO))
        blocks += kit.quote(citation.quote)
        blocks.append(kit.section(place(citation), _opener(stored.id, number, citation)))
    rest = len(stored.answer.citations) - len(listed)
    if rest > 0:
        blocks.append(kit.context(f"{rest} more under “Show sources”."))
    return blocks


def _parts(stored: StoredAnswer, parts: Sequence[Part]) -> list[Block]:
    """An answer that is laid out: each part's heading, what is said there, and its quotes."""
    blocks: list[Block] = []
    for part in parts:
        blocks += [kit.section(f"*{kit.escape(part.heading)}*")] if part.heading else []
        blocks += kit.prose(part.said) if part.said else []
        quoted = [(number, stored.answer.citations[number]) for number in part.citations]
        # Quotes of one place that follow each other have it once, under the last of them.
        for where, together in groupby(quoted, key=lambda each: place(each[1])):
            same = list(together)
            for _, citation in same:
                blocks += kit.quote(citation.quote)
            blocks.append(kit.section(where, _opener(stored.id, *same[-1])))
    return blocks


def _told(stored: StoredAnswer) -> list[Block]:
    """What the records say, and where."""
    places = "\n".join(f"• {_title(document)}" for document in documents(stored.answer)[:SHOWN])
    lead = "It rests on:" if stored.answer.approved else "From the records:"
    return [*kit.prose(stored.answer.text), *([kit.section(f"{lead}\n{places}")] if places else [])]


def _opener(answer_id: str, number: int, citation: Citation) -> Block:
    url = kit.link("Open", OPEN, citation.document.url) if citation.document.url else None
    return url or kit.button("Show in page", PASSAGE, f"{answer_id}:{number}")


def _people(count: int) -> str:
    return "person" if count == 1 else "people"
