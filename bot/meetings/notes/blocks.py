"""Notes coming in, and the proposal that the chair or clerk looks through: messages and forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bot.config.trust import Trust
from bot.meetings import blocks
from bot.meetings.bodies import Bodies
from bot.meetings.model import spoken
from bot.meetings.notes.draft import Draft, DraftAction, DraftDecision, DraftMatter, Kind
from bot.meetings.payloads import DraftForm
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block

NOTES_VIEW, REVIEW_VIEW, ACTION_VIEW = "meetings.notes.view", "meetings.review.view", "meetings.action.view"
DECISION_VIEW, WHICH_VIEW, DISCARD_VIEW = "meetings.decision.view", "meetings.which.view", "meetings.discard.view"
REVIEW, WHICH, EDIT, DROP, KEEP = (
    "meetings.review", "meetings.which", "meetings.edit", "meetings.drop", "meetings.keep",
)  # fmt: skip
ADD_ACTION, ADD_DECISION, PAGE = "meetings.add_action", "meetings.add_decision", "meetings.page"
DISCARD, TAKE_FILE, LEAVE_FILE = "meetings.discard", "meetings.take_file", "meetings.leave_file"
OPEN_PART = "meetings.open_part"
BRING, CONFIRM_AGAIN = "meetings.bring", "meetings.confirm_again"
NOTES = ("notes", "notes_2", "notes_3", "notes_4")
BODY, DAY, CHAIR, CLERK, READERS = "body", "day", "chair", "clerk", "readers"
TASK, OWNERS, OTHERS, DUE_DAY, DUE_WORDS, MARKS = "task", "owners", "others", "due_day", "due_words", "marks"
DECIDED, BENEFIT = "decided", "benefit"
DONE, DROPPED, PART_B = "done", "dropped", "part_b"
A_PAGE = 25
MOST_SECTIONS = 8
HELD_CLOSED = (
    "*Held closed as Part B*\nThese headings may mean that what follows is confidential. It goes only to those who may "
    "read Part B until you open it. Open a part only if everyone who reads these notes may read it."
)

NOTHING_YET = "Nothing is assigned and nobody is told before the chair or the clerk confirms."
Entry = DraftAction | DraftDecision | DraftMatter


def notes_form(bodies: Bodies, own: str | None, schools: Sequence[str]) -> Block:
    """The modal that notes are pasted into."""
    longer = [kit.field("More notes, if one field is not enough", kit.line_input(note, lines=True))
              for note in NOTES[1:]]  # fmt: skip
    return kit.modal(
        "Meeting notes",
        [
            kit.section(
                f"Paste the notes of a meeting. Trustbot proposes actions and decisions from them. {NOTHING_YET}"
            ),
            kit.field("Notes", kit.line_input(NOTES[0], placeholder="Paste the notes here", lines=True),
                      optional=False),
            *blocks.body_field(
                "Meeting", blocks.body_menu(BODY, bodies, own, schools),
                "Leave it empty if the notes say which meeting it was.",
            ),
            kit.field("Day of the meeting", kit.date_picker(DAY), hint="Leave it empty if the notes say it."),
            *longer,
            kit.context("Longer notes: send the file (PDF, Word or text) to Trustbot in the Messages tab."),
        ],
        callback=NOTES_VIEW,
        submit="Read the notes",
        close="Cancel",
    )  # fmt: skip


def is_it_notes(file: str, name: str) -> tuple[str, list[Block]]:
    """Asked of whoever shared a file in a meeting's channel, privately."""
    words = f"{name}: are these the notes of the meeting?"
    return kit.fallback(words), [
        kit.section(f"*{kit.escape(name)}*: are these the notes of the meeting? {NOTHING_YET}"),
        kit.actions(kit.button("Yes, read them", TAKE_FILE, file, "primary"), kit.button("No", LEAVE_FILE, file)),
    ]


def which(draft: Draft) -> tuple[str, list[Block]]:
    """Asked of whoever brought in notes that do not say which meeting they are of."""
    text = f"Before the notes {_called(draft)} go to the chair or the clerk:"
    asks = "\n".join(f"• {kit.escape(each)}" for each in draft.must)
    return kit.fallback(f"{text} {' '.join(draft.must)}"), [
        kit.section(f"{kit.escape(text)}\n{asks}"),
        kit.actions(kit.button("Answer", WHICH, draft.id, "primary")),
    ]


def proposal(draft: Draft, brought: str) -> tuple[str, list[Block]]:
    """The message to the chair or clerk: what was found, and the way to look through it."""
    title = f"Proposal from the notes of {_meeting(draft)}"
    parts = [kit.header(title), kit.section(f"{counts(draft)}\n{kit.escape(brought)}")]
    if draft.revises:
        parts.append(kit.section(f"*These notes differ from those that were confirmed*: {_differing(draft)}. "
                                 "What was confirmed stays until you confirm again."))  # fmt: skip
    if draft.sections:
        held = f"*{_many(len(draft.sections), 'part is', 'parts are')} held closed as Part B*: {_called_so(draft)}."
        parts.append(kit.section(f"{held} If one is not confidential, open it in the review."))
    elif draft.confidential:
        parts.append(kit.context("Part of it is confidential (Part B) and is shown only to those who may read that."))
    parts.append(kit.actions(kit.button("Review", REVIEW, draft.id, "primary")))
    parts.append(kit.context(NOTHING_YET))
    return kit.fallback(f"{title}: {_plain_counts(draft)}"), parts


def settled(draft: Draft, who: str, people: int, untold: Sequence[str]) -> tuple[str, list[Block]]:
    """The proposal's message once it is confirmed."""
    told = "nobody had to be told" if not people else "1 person is told" if people == 1 else f"{people} people are told"
    text = f"Confirmed: the notes of {_meeting(draft)}, by {who}; {told}."
    parts = [kit.section(f"*{kit.escape(text)}*\n{counts(draft)}")]
    if untold:
        parts.append(kit.section(f"Not told, because Trustbot does not find them in Slack: "
                                 f"{kit.escape(', '.join(untold))}. Tell them yourself."))  # fmt: skip
    parts.append(kit.actions(kit.button("Look at it", REVIEW, draft.id)))
    return kit.fallback(text), parts


def received(draft: Draft, names: Sequence[str]) -> tuple[str, list[Block]]:
    """The receipt for whoever brought in notes and does not confirm them."""
    who = " or ".join(names)
    text = f"Thank you. The notes of {_meeting(draft)} are with {who}. {NOTHING_YET}"
    return kit.fallback(text), [kit.section(kit.escape(text))]


def again(draft: Draft, may_confirm: bool) -> tuple[str, list[Block]]:
    """Said of notes that were brought in before."""
    state = "They are confirmed." if draft.meeting else "They wait to be confirmed."
    text = f"These notes of {_meeting(draft)} came in before, on {spoken(draft.created.date())}. {state}"
    parts = [kit.section(kit.escape(text))]
    if may_confirm:
        parts.append(kit.actions(kit.button("Look at it" if draft.meeting else "Review", REVIEW, draft.id)))
    return kit.fallback(text), parts


def review(draft: Draft, page: int = 0, warning: str = "", may_confirm: bool = True) -> Block:
    """The modal that shows everything proposed with its lines, a page at a time."""
    entries: list[Entry] = [*draft.actions, *draft.decisions, *draft.matters]
    pages = max(1, -(-len(entries) // A_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = entries[page * A_PAGE : (page + 1) * A_PAGE]
    open_still = draft.meeting is None
    sections = _sections(draft) if page == 0 and may_confirm else ()
    parts = [*_top(draft, warning), *sections, *_entries(draft, shown, open_still)]
    if pages > 1:
        parts.append(kit.context(f"Page {page + 1} of {pages}"))
    moves = [kit.button("Page before", f"{PAGE}.before", str(page - 1))] if page > 0 else []
    moves += [kit.button("Next page", f"{PAGE}.next", str(page + 1), "primary")] if page < pages - 1 else []
    if open_still:
        moves += [kit.button("Add an action", ADD_ACTION, draft.id),
                  kit.button("Add a decision", ADD_DECISION, draft.id),
                  kit.button("Throw these notes away", DISCARD, draft.id, "danger")]  # fmt: skip
    if moves:
        parts.append(kit.actions(*moves))
    ready = open_still and not draft.must and may_confirm
    if ready:
        parts.append(kit.context("When you confirm, the owners are told, each in one message."))
    return kit.modal(
        "Review the notes", parts, callback=REVIEW_VIEW, submit="Confirm" if ready else None,
        metadata=DraftForm(draft=draft.id, page=page).model_dump_json(),
    )  # fmt: skip


def _top(draft: Draft, warning: str) -> Iterator[Block]:
    if warning:
        yield kit.section(f":warning: *{kit.escape(warning)}*")
    yield kit.section(
        f"*{kit.escape(_meeting(draft))}*\nChair: {kit.escape(draft.chair.name if draft.chair else 'not named')} · "
        f"Clerk: {kit.escape(draft.clerk.name if draft.clerk else 'not named')}\n{counts(draft)}",
        kit.button("Change", WHICH, draft.id) if draft.meeting is None else None,
    )
    for ask in draft.must:
        yield kit.section(f":warning: *{kit.escape(ask)}*")
    if draft.asks:
        yield kit.section("\n".join(f"• {kit.escape(each)}" for each in draft.asks))
    if draft.differences and draft.meeting is None:
        yield kit.section("*What this version changes*\n" + "\n".join(_difference(draft)))


def _sections(draft: Draft) -> Iterator[Block]:
    """The parts that are held closed, each with the button that opens it."""
    if not draft.sections:
        return
    yield kit.section(HELD_CLOSED)
    for section in draft.sections[:MOST_SECTIONS]:
        because = f"\nunder “{kit.escape(kit.shorten(section.why, 120))}”" if section.why != section.heading else ""
        yield kit.section(
            f"“{kit.escape(kit.shorten(section.heading, 200))}”{because}",
            kit.button("Open this part", OPEN_PART, section.key),
        )
    if len(draft.sections) > MOST_SECTIONS:
        yield kit.context(f"and {len(draft.sections) - MOST_SECTIONS} more, which follow as you open these.")


def _called_so(draft: Draft) -> str:
    names = [f"“{kit.escape(kit.shorten(section.heading, 80))}”" for section in draft.sections[:3]]
    more = len(draft.sections) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _difference(draft: Draft) -> Iterator[str]:
    for difference in draft.differences[:20]:
        before, after = kit.escape(difference.before), kit.escape(difference.after)
        if difference.kind is Kind.ADDED:
            yield f"• New: {after}"
        elif difference.kind is Kind.GONE:
            yield f"• No longer in the notes, but stays confirmed: {before}" if difference.what == "action" else \
                f"• No longer in the notes: {before}"  # fmt: skip
        else:
            yield f"• Was: {before}\n   Now: {after}"
    if len(draft.differences) > 20:
        yield f"• and {len(draft.differences) - 20} more"


def _entries(draft: Draft, shown: Sequence[Entry], open_still: bool) -> Iterator[Block]:
    before: type[Entry] | None = None
    titles = {DraftAction: "Actions", DraftDecision: "Decisions", DraftMatter: "Matters arising"}
    for each in shown:
        if type(each) is not before:
            before = type(each)
            yield kit.header(titles[before])
        yield _entry(each)
        yield blocks.quoted(each.quote, each.page)
        if open_still and (row := _row(each)):
            yield row
    if not draft.actions and not draft.decisions:
        yield kit.section("No actions and no decisions were found. Add them here.")


def _entry(each: Entry) -> Block:
    secret = " · confidential (Part B)" if each.part_b else ""
    if isinstance(each, DraftAction):
        words = kit.escape(kit.shorten(each.task, 800))
        lead = f"~{words}~ dropped" if each.dropped else f"*{words}*"
        told = f"{blocks.owners(each.owners)} · {'done' if each.done else blocks.due(each.due)}"
        lines = [lead, kit.escape(told) + secret]
        if each.of:
            lines.append("Carried on from an earlier meeting.")
        lines += [f":question: {kit.escape(ask)}" for ask in each.asks if not each.dropped]
        return kit.section("\n".join(lines))
    words = kit.escape(kit.shorten(each.text, 1500))
    if isinstance(each, DraftDecision):
        gain = f"\nWhat pupils gain: {kit.escape(kit.shorten(each.benefit, 600))}" if each.benefit else ""
        return kit.section(f"~{words}~ dropped" if each.dropped else f"{words}{secret}{gain}")
    if each.of and each.closed:
        return kit.section(f"{words}{secret}\nCloses the earlier action.")
    return kit.section(f"{words}{secret}\n{'Said to be done.' if each.closed else 'Stays open.'}")


def _row(each: Entry) -> Block | None:
    if isinstance(each, DraftMatter):
        if not each.of:
            return None
        return kit.actions(
            kit.button("It stays open", KEEP, each.id) if each.closed else kit.button("It is done", DROP, each.id)
        )
    toggle = kit.button("Take it back in", KEEP, each.id) if each.dropped else kit.button("Drop", DROP, each.id)
    return kit.actions(kit.button("Edit", EDIT, each.id), toggle)


def action_form(draft: Draft, each: DraftAction | None, trust: Trust, metadata: str) -> Block:
    """The modal that changes a proposed action, or adds one."""
    own = each.owners if each else ()
    day = each.due.date if each else None
    parts: list[Block] = [blocks.quoted(each.quote, each.page)] if each else []
    if each and each.asks:
        parts.append(kit.section("\n".join(f":question: {kit.escape(ask)}" for ask in each.asks)))
    parts += [
        kit.field("What is to be done", kit.line_input(TASK, each.task if each else "", lines=True), optional=False),
        kit.field("Who does it", blocks.people_menu(OWNERS, trust, own)),
        kit.field("Somebody else", kit.line_input(OTHERS, placeholder="A name or a role, as it is written"),
                  hint="Several with commas. Who is not in the trust file gets no message."),
        kit.field("By which day", kit.date_picker(DUE_DAY, day)),
        kit.field(
            "Or in words", kit.line_input(DUE_WORDS, each.due.phrase if each else "", "by half term"), hint=_rule(each)
        ),
    ]  # fmt: skip
    marks = [kit.option("It is done already", DONE)]
    if each:
        marks.append(kit.option("Drop it: it is no action", DROPPED))
    elif draft.part_b:
        marks.append(kit.option("It is confidential (Part B)", PART_B))
    ticked = [name for name, value in ((DONE, each.done), (DROPPED, each.dropped)) if value] if each else []
    parts.append(kit.field("Also", kit.checkboxes(MARKS, marks if each or draft.part_b else marks[:1], ticked)))
    return kit.modal(
        "Edit the action" if each else "Add an action", parts, callback=ACTION_VIEW, submit="Save", close="Cancel",
        metadata=metadata,
    )  # fmt: skip


def decision_form(each: DraftDecision | None, part_b: bool, metadata: str) -> Block:
    """The modal that changes a proposed decision, or adds one."""
    parts = [blocks.quoted(each.quote, each.page)] if each else []
    parts += [
        kit.field("What was decided", kit.line_input(DECIDED, each.text if each else "", lines=True), optional=False),
        kit.field("What pupils gain from it", kit.line_input(BENEFIT, each.benefit if each else "", lines=True)),
    ]
    if part_b and each is None:
        parts.append(kit.field("Also", kit.checkboxes(MARKS, [kit.option("It is confidential (Part B)", PART_B)])))
    return kit.modal(
        "Edit the decision" if each else "Add a decision", parts, callback=DECISION_VIEW, submit="Save",
        close="Cancel", metadata=metadata,
    )  # fmt: skip


def which_form(draft: Draft, bodies: Bodies, schools: Sequence[str], metadata: str) -> Block:
    """The modal that asks which meeting it was."""
    trust = bodies.trust
    chair, clerk = (owner.person if owner else None for owner in (draft.chair, draft.clerk))
    audiences = [kit.option(audience, audience) for audience in trust.audiences]
    parts = [kit.section(f":warning: {kit.escape(ask)}") for ask in draft.must]
    parts += [
        *blocks.body_field("Meeting", blocks.body_menu(BODY, bodies, draft.body.key if draft.body else None, schools)),
        kit.field("Day", kit.date_picker(DAY, draft.date)),
        kit.field("Chair", blocks.person_menu(CHAIR, trust, chair, "Choose the chair")),
        kit.field("Clerk", blocks.person_menu(CLERK, trust, clerk, "Choose the clerk")),
        kit.field(
            "Who may read these notes",
            kit.select(READERS, audiences, "As usual for the meeting"),
            hint="Only needed where the meeting is not in the list above.",
        ),
    ]
    return kit.modal(
        "Which meeting was it?", parts, callback=WHICH_VIEW, submit="Save", close="Cancel", metadata=metadata
    )


def discard_form(draft: Draft) -> Block:
    """The modal that makes sure before notes are thrown away."""
    words = f"The notes of {_meeting(draft)} and all that was proposed from them are thrown away. Nobody was told."
    return kit.modal(
        "Throw them away?", [kit.section(kit.escape(words))], callback=DISCARD_VIEW, submit="Throw away",
        close="Keep them", metadata=draft.id,
    )  # fmt: skip


def counts(draft: Draft) -> str:
    """What a draft holds, in mrkdwn."""
    return f"*{_plain_counts(draft)}*" + (
        f"\n:question: {_many(open_asks(draft), 'question', 'questions')} for you." if open_asks(draft) else ""
    )


def open_asks(draft: Draft) -> int:
    """How many things the notes leave open."""
    return len(draft.must) + len(draft.asks) + sum(len(each.asks) for each in draft.kept)


def _plain_counts(draft: Draft) -> str:
    kept = draft.kept
    done = sum(each.done for each in kept)
    decisions = sum(not decision.dropped for decision in draft.decisions)
    closing = sum(1 for matter in draft.matters if matter.closed and matter.of)
    parts = [_many(len(kept), "action", "actions"), _many(decisions, "decision", "decisions")]
    parts += [f"{done} done already"] if done else []
    parts += [f"{_many(closing, 'earlier action', 'earlier actions')} closed"] if closing else []
    return ", ".join(parts)


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _differing(draft: Draft) -> str:
    found = [difference.kind for difference in draft.differences]
    words = ((Kind.ADDED, "added"), (Kind.CHANGED, "changed"), (Kind.GONE, "gone"))
    return ", ".join(f"{found.count(kind)} {word}" for kind, word in words if kind in found) or "in nothing that counts"


def _meeting(draft: Draft) -> str:
    body = draft.body.name if draft.body else "a meeting that is not known yet"
    return f"{body}, {spoken(draft.date)}" if draft.date else f"{body}, day not known yet"


def _called(draft: Draft) -> str:
    return f"“{kit.shorten(draft.file_name, 80)}”"


def _rule(each: DraftAction | None) -> str:
    if each is None or not each.due.phrase:
        return "For example: by half term, Friday week, next meeting, asap, ongoing."
    if each.due.ask:
        return each.due.ask
    if each.due.date:
        return f"The notes say “{each.due.phrase}”. Read as {spoken(each.due.date)}: {each.due.rule}."
    return f"The notes say “{each.due.phrase}”."


def is_to_come(day: date, today: date) -> str:
    """The sentence for a meeting's day that is not past yet; empty otherwise."""
    return f"{spoken(day)} is still to come. Choose the day on which the meeting was." if day > today else ""
