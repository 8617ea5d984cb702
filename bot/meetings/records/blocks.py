"""Decisions, agendas and returns as Slack shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from bot.meetings import blocks
from bot.meetings.agenda.documents import lines
from bot.meetings.agenda.draft import Agenda
from bot.meetings.model import Body, Decision, Meeting, Return, ReturnItem, spoken
from bot.meetings.payloads import AgendaButton, DecisionChoice, ReturnForm
from bot.meetings.records.explain import Explanation, Quote
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block

DECISIONS_VIEW, DECISION_FILTER, DECISION_PAGE = (
    "meetings.decisions.view", "meetings.decision_filter", "meetings.decision_page",
)  # fmt: skip
EXPLAIN, EXPLAIN_VIEW = "meetings.explain", "meetings.explain.view"
AGENDA_VIEW, POST_AGENDA = "meetings.agenda.view", "meetings.post_agenda"
RETURN, RETURN_VIEW, AFTER, MORE = "meetings.return", "meetings.return.view", "meetings.after", "meetings.more_items"
BODY, DAY = "body", "day"
IN_LIST, A_SECTION, A_MESSAGE = 25, 2800, 9000
ASKED = (("well", "What went well"), ("hard", "What was hard"), ("ask", "What we ask for"))
Message = tuple[str, list[Block]]


def decisions(found: Sequence[Decision], menus: Sequence[Block], chosen: DecisionChoice) -> Block:
    """The modal with a list of decisions."""
    pages = max(1, -(-len(found) // IN_LIST))
    page = min(max(chosen.page, 0), pages - 1)
    parts: list[Block] = [kit.actions(*menus)]
    for each in found[page * IN_LIST : (page + 1) * IN_LIST]:
        where = kit.escape(each.meeting.title) + (" · confidential (Part B)" if each.part_b else "")
        gain = f"\nWhat pupils gain: {kit.escape(kit.shorten(each.benefit, 500))}" if each.benefit else ""
        parts.append(
            kit.section(
                f"*{kit.escape(kit.shorten(each.text, 1500))}*\n{where}{gain}",
                kit.button("Explain it", EXPLAIN, each.id),
            )
        )
        parts.append(blocks.quoted(each.quote, each.page))
    if not found:
        parts.append(kit.section("There are no decisions that you may see."))
    parts += blocks.turning(DECISION_PAGE, page, pages)
    metadata = chosen.model_copy(update={"page": page}).model_dump_json()
    return kit.modal("Decisions", parts, callback=DECISIONS_VIEW, metadata=metadata)


def explanation(found: Explanation) -> Block:
    """The modal with a decision explained in the words of the notes."""
    whom = [f"Ask {', '.join(found.ask)}."] if found.ask else []
    parts = [kit.section(f"From the notes of {kit.escape(found.decision.meeting.title)}. Only their own words:")]
    parts += [*_said("What was decided", [found.what], [])]
    parts += [*_said("Why", found.why, [])]
    parts += [*_said("What changes for you", found.changes, [])]
    parts += [*_said("By when", found.by_when, found.days)]
    parts += [*_said("Whom to ask", [], whom)]
    if found.gaps:
        gaps = "\n".join(f"• {kit.escape(gap)}" for gap in found.gaps)
        parts.append(kit.section(f"*To be filled in by you*\n{gaps}"))
    return kit.modal(
        "A decision explained", parts, callback=EXPLAIN_VIEW, submit="Send me the draft", metadata=found.decision.id
    )


def _said(title: str, quotes: Iterable[Quote], plain: Iterable[str]) -> Iterator[Block]:
    quotes, plain = list(quotes), list(plain)
    if quotes or plain:
        yield kit.section(f"*{title}*")
    for quote in quotes:
        yield from kit.quote(quote.text)
        if quote.page is not None:
            yield kit.context(f"page {quote.page}")
    for text in plain:
        yield kit.section(kit.escape(text))


def explained(found: Explanation) -> Message:
    """The draft as a message, to be copied and edited."""
    text = found.markdown()
    title = f"A draft that explains a decision of {found.decision.meeting.title}"
    fenced = [kit.section(f"```{kit.escape(piece.replace('```', chr(39) * 3))}```") for piece in kit.chunks(text, 2500)]
    return kit.fallback(title), kit.fit([kit.section(f"*{kit.escape(title)}*. Copy it and put it into your own words."),
                                         *fenced[:4]])  # fmt: skip


def agenda_form(readable: Sequence[Body], own: str | None) -> Block:
    """The modal that asks whose agenda."""
    listed = sorted(readable, key=lambda body: body.key != own)
    menu = kit.select(BODY, [kit.option(body.name, body.key) for body in listed], "Choose the meeting", own or "")
    return kit.modal(
        "Next agenda",
        [
            kit.section("Trustbot drafts the next agenda from the standard items, what is open, and what is asked."),
            kit.field("Meeting", menu, optional=False),
            kit.field("Day", kit.date_picker(DAY), hint="Leave it empty for the next day on which it meets."),
        ],
        callback=AGENDA_VIEW, submit="Draft it", close="Cancel",
    )  # fmt: skip


def agenda(found: Agenda, channel: bool) -> Message:
    """A draft agenda as a message; `channel` offers to post it where the body meets."""
    title = f"Draft agenda: {found.body.name}" + (f", {spoken(found.date)}" if found.date else "")
    parts = [kit.header(title), *_packed(found)]
    parts.append(kit.context("The whole agenda is in the thread, as a Word document and as Markdown for a canvas."))
    if channel:
        value = AgendaButton(body=found.body.key, day=found.date).model_dump_json()
        parts.append(kit.actions(kit.button(f"Post in #{found.body.channel}", POST_AGENDA, value)))
    open_ = len(found.matters)
    said = f"{title}. {open_} open {'action' if open_ == 1 else 'actions'}, {found.overdue} overdue."
    return kit.fallback(said), kit.fit(parts)


def _packed(found: Agenda) -> Iterator[Block]:
    """The lines of an agenda in as few sections as hold them."""
    written = [line for each in lines(found) if (line := _line(each.kind, each.parts))]
    whole, text = 0, ""
    for line in written:
        if len(text) + len(line) > A_SECTION:
            yield kit.section(text)
            text = ""
        if whole + len(line) > A_MESSAGE:
            text += "\n…"
            break
        whole += len(line)
        text += f"\n{line}"
    yield kit.section(text.strip() or " ")


def _line(kind: str, parts: Sequence[str]) -> str:
    said = [kit.escape(kit.shorten(part, 600)) for part in parts]
    if kind == "heading":
        return f"*{said[0]}*"
    if kind == "row":
        return f"• {said[0]}: {', '.join(said[1:])}"
    return {"item": f"• {said[0]}", "text": said[0]}.get(kind, "")


HINTS = {"well": "Can others have some of it? Say so: “We can offer …”. The weekly digest brings it to who asks."}


def return_form(
    form: Return, meetings: Sequence[Meeting], extra: Iterable[str], items: Sequence[tuple[str, str]]
) -> Block:
    """The two-minute return: what the notes say of each item, to be put right; other items on request."""
    asked = set(extra)
    by_id = {each.id: each for each in form.items}
    shown = [by_id.get(ident, ReturnItem(ident, name)) for ident, name in items]
    parts: list[Block] = [
        kit.section(
            f"After *{kit.escape(form.meeting.title)}*. Filled in from the notes: put it right, leave out what you "
            "like. It goes to the trust when you send it."
            + (" *It was sent before; this replaces it.*" if form.sent else ""),
        )
    ]
    if len(meetings) > 1:
        menu = kit.select(AFTER, [kit.option(meeting.title, meeting.id) for meeting in meetings], "Another meeting",
                          form.meeting.id)  # fmt: skip
        parts.append({**kit.actions(menu), "block_id": AFTER})
    rest = [each for each in shown if each.empty and each.id not in asked]
    for told in shown:
        if told in rest:
            continue
        parts.append(kit.header(told.name))
        for key, label in ASKED:
            value = {"well": told.went_well, "hard": told.hard, "ask": told.ask}[key]
            element = kit.line_input(f"{key}:{told.id}", value, lines=True)
            parts.append(kit.field(label, element, hint=HINTS.get(key, "")))
    if rest:
        more = kit.select(MORE, [kit.option(each.name, each.id) for each in rest], "Add another item")
        parts.append({**kit.actions(more), "block_id": MORE})
    metadata = ReturnForm(meeting=form.meeting.id, extra=tuple(sorted(asked))).model_dump_json()
    fields = any(block["type"] == "input" for block in parts)
    return kit.modal(
        "Two-minute return", parts, callback=RETURN_VIEW, submit="Send" if fields else None, close="Cancel",
        metadata=metadata,
    )  # fmt: skip


def returned(sent: Return, school: str, by: str) -> Message:
    """A school's return as the trust's leaders see it."""
    title = f"Return from {school} after {sent.meeting.title}"
    parts = [kit.header(title)]
    whole = 0
    for told in sent.items:
        if told.empty:
            continue
        said = {"well": told.went_well, "hard": told.hard, "ask": told.ask}
        texts = [f"{label}: {kit.escape(kit.shorten(said[key], 700))}" for key, label in ASKED if said[key]]
        text = f"*{kit.escape(told.name)}*\n" + "\n".join(texts)
        whole += len(text)
        if whole > A_MESSAGE:
            parts.append(kit.context("There is more than fits here."))
            break
        parts.append(kit.section(text))
    if len(parts) == 1:
        parts.append(kit.section("Nothing to report."))
    parts.append(kit.context(f"Sent by {kit.escape(by)}."))
    asks = sum(bool(told.ask) for told in sent.items)
    return kit.fallback(f"{title}. {asks} {'ask' if asks == 1 else 'asks'}."), kit.fit(parts)


def thanks(sent: Return, where: str) -> Message:
    """Said to whoever sent a return."""
    text = f"Thank you. The return after {sent.meeting.title} is sent to {where}."
    return kit.fallback(text), [kit.section(kit.escape(text))]


def is_past(day: date, today: date) -> str:
    """The sentence for an agenda's day that is past; empty otherwise."""
    return f"{spoken(day)} is past. Choose a day that is still to come." if day < today else ""
