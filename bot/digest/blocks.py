"""Digests as Slack shows them: an overview to be read on a phone, details with what can be done about each line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from bot.digest.chart import caption as words_of_chart
from bot.digest.content.opening import Record
from bot.digest.model import NEWS, Digest, DigestLine, Offer, Section
from bot.digest.payloads import LineButton
from bot.pulse.blocks import RESULTS
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block

SOURCE, TAKE, ANSWER, DISCUSSED = "digest.source", "digest.take", "digest.answer", "digest.discussed"
ANSWER_VIEW, ANSWER_TEXT = "digest.answer.view", "answer"
IN_MESSAGE, CHARACTERS = 44, 9000
MOST_REFS = 1500
SHOWN_SOURCES = 12
HELP = (
    "*Weekly digest*\n"
    "`/trust digest preview` shows this channel's digest to you alone, as far as you may read it\n"
    "`/trust digest post` posts it now; it counts as this week's\n"
    "`/trust digest items attendance, send` narrows it to some agenda items; `items all` brings back the rest\n"
    "`/trust digest friday 15:00` moves it · `/trust digest pause` · `/trust digest resume`\n"
    "Put `#channel` at the end for another channel's."
)

Message = tuple[str, list[Block]]


def overview(digest: Digest) -> Message:
    """The digest's message."""
    if digest.quiet:
        text = f"{digest.title}. {words_of_chart.quiet(digest)}"
        return kit.fallback(text), [
            kit.section(f"*{kit.escape(digest.title)}.* {kit.escape(words_of_chart.quiet(digest))}")
        ]
    parts = [kit.header(digest.title)]
    parts += [kit.context(kit.escape(note)) for note in digest.notes]
    for section in digest.overview:
        parts += [_lined(text, line) for text, line in _headed(section)]
    counts = [f"{each.title}: {len(each.lines) + each.hidden}." for each in digest.overview if each.part in NEWS]
    said = " ".join([digest.title, *digest.notes, *counts])
    return kit.fallback(said), kit.fit(parts, more="The rest is in the thread.")


def details(digest: Digest, *, live: bool = True) -> list[Message]:
    """What goes into the thread, in as many messages as it takes; not `live`, nothing can be pressed but sources."""
    if digest.quiet:
        return []
    held: list[list[Block]] = [[]]
    length = 0
    for section in digest.details:
        for text, line in _headed(section, tail=section.hidden > 0):
            blocks = _pressable(text, line, digest) if live else [_lined(text, line)]
            if len(held[-1]) + len(blocks) > IN_MESSAGE or length + len(text) > CHARACTERS:
                held.append([])
                length = 0
            held[-1] += blocks
            length += len(text)
    return [(kit.fallback(f"{digest.title}: details"), blocks) for blocks in held if blocks]


def _headed(section: Section, *, tail: bool = False) -> Iterator[tuple[str, DigestLine]]:
    """The lines of a part as mrkdwn, the first under the part's title."""
    more = f" · {section.hidden} more {'are not shown' if tail else 'in the thread'}" if section.hidden else ""
    for number, line in enumerate(section.lines):
        lead = f"*{kit.escape(section.title)}*{more}\n" if number == 0 else ""
        yield f"{lead}• {kit.escape(line.text)}", line


def _lined(text: str, line: DigestLine) -> Block:
    accessory = kit.link("Open", f"{SOURCE}.link", line.link) if line.link else None
    accessory = kit.button("Results", RESULTS, line.wave) if line.wave else accessory
    refs = _refs(line)
    return kit.section(
        text, accessory or (kit.button("Source", SOURCE, _value(LineButton(r=tuple(refs)))) if refs else None)
    )


def _pressable(text: str, line: DigestLine, digest: Digest) -> list[Block]:
    refs = _refs(line)
    if not refs:
        return [_lined(text, line)]
    value = _value(LineButton(d=digest.key, r=tuple(refs)))
    buttons = [kit.button("Source", SOURCE, value)]
    if line.offer is Offer.ANSWER:
        buttons += [kit.button("Answer", ANSWER, value), kit.button("Take it on", TAKE, value)]
    elif line.offer is Offer.TAKE:
        buttons.append(kit.button("Take it on", TAKE, value))
    buttons.append(kit.button("Discussed", DISCUSSED, value))
    return [kit.section(text), kit.actions(*buttons)]


def _value(button: LineButton) -> str:
    return json.dumps(button.model_dump(by_alias=True, exclude_unset=True))


def _refs(line: DigestLine) -> list[str]:
    """As many of a line's sources as a button carries."""
    found: list[str] = []
    for source in line.sources:
        if source.ref and sum(map(len, found)) + len(source.ref) < MOST_REFS:
            found.append(source.ref)
    return found


def preview(digest: Digest, note: str) -> list[Message]:
    """The digest as one person sees it before it is posted."""
    text, blocks = overview(digest)
    first = text, kit.fit([kit.context(kit.escape(note)), *blocks])
    return [first, *details(digest, live=False)[:3]]


def sources(records: Sequence[Record], closed: int) -> Block:
    """The modal that shows what a line stands on, as far as its reader may see it."""
    parts: list[Block] = []
    for record in records[:SHOWN_SOURCES]:
        parts.append(
            kit.section(f"*{kit.escape(record.title)}*" + (f"\n{kit.escape(record.note)}" if record.note else ""))
        )
        for label, words in record.words[:SHOWN_SOURCES]:
            parts += [kit.context(kit.escape(label)), *kit.quote(words)]
    if closed:
        parts.append(kit.context("There is a source here that is not kept, or not open to you."))
    return kit.modal("Source", parts or [kit.section("Nothing here is open to you.")])


def answer_form(record: Record, school: str, metadata: str) -> Block:
    """The modal that answers a school's ask."""
    asked = record.sentence or record.words[0][1]
    return kit.modal(
        "Answer an ask",
        [
            kit.section(f"*{kit.escape(school)}* asks:"),
            *kit.quote(asked),
            kit.field("Your answer", kit.line_input(ANSWER_TEXT, lines=True), optional=False),
            kit.context("It goes into the digest's thread under your name, and to whoever sent the ask."),
        ],
        callback=ANSWER_VIEW, submit="Send", close="Cancel", metadata=metadata,
    )  # fmt: skip


def answered(name: str, school: str, asked: str, answer: str) -> Message:
    """An answer in the thread, or to whoever asked; `asked` is empty where not all there may read it."""
    lead = f"*{kit.escape(name)}* answers {kit.escape(school)}" + ("'s ask:" if asked else ".")
    parts = [kit.section(lead), *(kit.quote(asked) if asked else []), *kit.prose(answer)]
    return kit.fallback(f"{name} answers {school}: {answer}"), kit.fit(parts)


def noted(name: str, what: str, words: str) -> Message:
    """Said in the thread when somebody takes something on or marks it."""
    said = f"{kit.escape(name)} {what}" + (f" “{kit.escape(kit.shorten(words, 200))}”" if words else "")
    return kit.fallback(f"{name} {what} {words}"), [kit.section(said)]


def plain_message(sentence: str) -> Message:
    """A sentence to one person."""
    return kit.fallback(sentence), [kit.section(kit.escape(sentence))]


def guidance(lines: Iterable[str]) -> Message:
    """What `/trust digest` can do, and how the digests that somebody may see are set."""
    return kit.fallback("The weekly digest"), [kit.section(HELP), *(kit.context(kit.escape(line)) for line in lines)]
