"""Collaborations and pulses as Slack shows them before there are results: the register, the plan, the form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.config.trust import Trust
from bot.pulse.model import (
    CHECKLIST,
    COMMENT_LENGTH,
    COMMENT_WARNING,
    OPEN_SCHOOL_DAYS,
    SCALE,
    Choice,
    Collaboration,
    Plan,
    Running,
    Test,
    Wave,
    promise,
)
from bot.pulse.payloads import Invitation
from bot.pulse.service import Form
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block
from knowledge.school.framework.model import load

Message = tuple[str, list[Block]]
ANSWER, ANSWER_VIEW, RESULTS, CSV = "pulse.answer", "pulse.answer.view", "pulse.results", "pulse.csv"
OPEN, CHANGE, COLLABORATION_VIEW = "pulse.open", "pulse.change", "pulse.collaboration.view"
PLAN_VIEW, CLOSE, STOP, LINK = "pulse.plan.view", "pulse.close", "pulse.stop", "pulse.link"
CLOSE_VIEW = "pulse.close.view"
NAME, SCHOOLS, OUTCOME, LEAD, START, END, PARTNERS = (
    "name", "schools", "outcome", "lead", "start", "end", "partners",
)  # fmt: skip
ABOUT, PEOPLE, GROUPS, CHANNELS, OPENS, CLOSES, REPEAT, OWN1, OWN2, WHERE = (
    "about", "people", "groups", "channels", "opens", "closes", "repeat", "own1", "own2", "where",
)  # fmt: skip
COMMENT, EACH_HALF = "comment", "each-half"
LISTED = 12
THANKS = "Thank you. Your answers are in. Until the pulse closes you can change them from the same message."


def invitation(wave: Wave, about: Collaboration, token: str, keeper: str, channel: str = "") -> Message:
    """The one message that asks somebody: who is asked, where results go, the promise, and one button that carries its
    key. `channel` is where results are posted, by Slack id."""
    said = f"A short pulse on {about.name}: {len(wave.statements)} statements, two minutes, until {day(wave.closes)}."
    held = Invitation(wave=wave.id, token=token).model_dump_json()
    where = f" and to everybody in <#{channel}>" if channel else ", in Trustbot's Home tab"
    asked = f"{len(wave.roster)} people are asked. The results go to them{where}, and to nobody else."
    blocks = [
        kit.section(f"*How is {kit.escape(about.name)} going?*\n{kit.escape(said)}"),
        kit.section(f"{asked} {kit.escape(promise(keeper))}"),
        kit.actions(kit.button("Answer", ANSWER, held, "primary")),
    ]
    return kit.fallback(said), blocks


def reminder(wave: Wave, about: Collaboration, last: bool) -> Message:
    """Said under the invitation to whoever has not answered."""
    when = f"The pulse on {about.name} closes on {day(wave.closes)}."
    said = f"{when} Two minutes are enough: press *Answer* in the message above."
    more = "This is the last reminder." if last else "If you would rather not answer, that is fine too."
    return kit.fallback(said.replace("*", "")), [kit.section(kit.escape(said)), kit.context(more)]


def answer_form(form: Form, token: str) -> Block:
    """The form: a choice for each statement, and one comment with its warning."""
    options = [kit.option(choice.words, str(int(choice))) for choice in (*SCALE, Choice.CANNOT_SAY)]
    blocks: list[Block] = []
    for number, statement in enumerate(form.wave.statements):
        before = str(int(form.choices[number])) if form.choices else ""
        menu = kit.radio_buttons(f"s{number}", options, before)
        blocks.append(kit.field(statement.about(form.collaboration.name), menu, optional=False))
    comment = kit.line_input(COMMENT, form.comment, lines=True) | {"max_length": COMMENT_LENGTH}
    blocks.append(kit.field("Anything to add?", comment, hint=COMMENT_WARNING))
    held = Invitation(wave=form.wave.id, token=token).model_dump_json()
    title = "Two-minute pulse"
    return kit.modal(title, blocks, callback=ANSWER_VIEW, submit="Send", close="Not now", metadata=held)


def thanks(signpost: str | None) -> Block:
    """What whoever answered sees: thanks, and nothing more; first whom to speak to, where a comment calls for it."""
    blocks = [kit.section(kit.escape(THANKS))]
    if signpost:
        note = "Your comment reads as if a child may not be safe. It will not be published, and nobody is told of it."
        blocks = [kit.section(f"*{kit.escape(note)}*"), *kit.prose(signpost), *blocks]
    return kit.modal("Pulse", blocks)


def register(listed: Sequence[Collaboration], trust: Trust, today: date, may: frozenset[str], opens: bool) -> Block:
    """The register; `may` are the ids of those that its reader may change, `opens`: he may open one."""
    blocks: list[Block] = []
    if opens:
        blocks += [kit.actions(kit.button("Open a collaboration", OPEN, style="primary")), kit.divider()]
    for each in sorted(listed, key=lambda one: not one.runs(today)):
        change = kit.button("Change", CHANGE, each.id) if each.id in may else None
        blocks += [kit.section(_described(each, trust, today), change), kit.divider()]
    if not listed:
        blocks.append(kit.section("There is no collaboration in the register yet."))
    return kit.modal("Collaborations", kit.fit(blocks, kit.VIEW_BLOCKS, characters=kit.VIEW_TEXT))


def _described(each: Collaboration, trust: Trust, today: date) -> str:
    schools = ", ".join(trust.names.schools[school][0] for school in each.schools if school in trust.names.schools)
    lead = trust.person(each.lead)
    lines = [
        f"*{kit.escape(each.name)}*" + ("" if each.runs(today) else " (ended)"),
        f"For pupils: {kit.escape(each.outcome)}",
        f"{kit.escape(schools)} · led by {kit.escape(lead.name if lead else each.lead)}",
        f"{day(each.start)} to {day(each.end)}",
    ]
    if each.partners:
        lines.append(f"With {kit.escape(', '.join(each.partners))}")
    if open_questions := each.unanswered():
        lines.append(f"Not yet talked through: {', '.join(test.value for test in open_questions)}")
    return "\n".join(lines)


def collaboration_form(trust: Trust, people: Block, today: date, before: Collaboration | None) -> Block:
    """The form of a collaboration, with the five tests as a checklist."""
    schools = [kit.option(school.name, school.id) for school in trust.schools]
    chosen = before.schools if before else ()
    said = dict(zip(Test, before.checklist, strict=False)) if before else {}
    asks = {each.name.casefold(): each.question for each in load().tests}
    blocks = [
        kit.field("What is it called?", kit.line_input(NAME, before.name if before else ""), optional=False),
        kit.field("Which schools?", kit.select_in_groups(SCHOOLS, [(trust.name, schools)], "Choose schools", chosen),
                  optional=False),
        kit.field("What should be better for pupils at the end?",
                  kit.line_input(OUTCOME, before.outcome if before else "", lines=True), optional=False),
        kit.field("Who leads it?", people, optional=False),
        kit.field("From", kit.date_picker(START, before.start if before else today), optional=False),
        kit.field("Until", kit.date_picker(END, before.end if before else None), optional=False,
                  hint="Nothing opens without an end: by then it has shown results, or it stops."),
        kit.field("Partners outside the trust", kit.line_input(PARTNERS, ", ".join(before.partners) if before else ""),
                  hint="Parted by commas."),
        kit.divider(),
        kit.section("*Before you start: the five tests*\nTalk each one through. What is left empty is shown as open."),
    ]  # fmt: skip
    for test in Test:
        line = kit.line_input(test.name.casefold(), said.get(test, ""), lines=True)
        blocks.append(kit.field(test.value, line, hint=asks.get(test.name.casefold(), CHECKLIST[test])))
    title = "Change collaboration" if before else "Open a collaboration"
    held = before.id if before else ""
    return kit.modal(title, blocks, callback=COLLABORATION_VIEW, submit="Save", close="Cancel", metadata=held)


def overview(
    running: Sequence[Running], plans: Sequence[tuple[Plan, Collaboration, date]], mine: Sequence[Block]
) -> list[Block]:
    """What is under way, for whoever leads it: that it is open, and what is to come."""
    blocks: list[Block] = []
    for each in running[:LISTED]:
        said = f"*{kit.escape(each.name)}*: open until {day(each.closes)}"
        blocks.append(kit.section(said, kit.button("Close now", CLOSE, each.wave)))
    for plan, about, opens in plans[:LISTED]:
        again = ", then in each half of a term" if plan.recurring else ""
        said = f"*{kit.escape(about.name)}*: opens on {day(opens)}{again}"
        blocks.append(kit.section(said, kit.button("Call it off", STOP, plan.id)))
    return [*mine, *blocks]


def plan_form(
    above: Sequence[Block], listed: Sequence[Collaboration], people: Block, trust: Trust, opens: date | None, here: str
) -> Block:
    """The form that plans a pulse; `above` is what is under way."""
    groups = [
        ("Groups", [kit.option(group.name, f"group:{group.id}") for group in trust.groups]),
        ("All people of a school", [kit.option(school.name, f"school:{school.id}") for school in trust.schools]),
    ]
    collaborations = [kit.option(each.name, each.id) for each in listed]
    own = "One more statement of your own to agree or disagree with. It is published as it stands."
    blocks = [
        *above,
        *([kit.divider()] if above else []),
        kit.section("*Ask a new pulse*\nTen statements on the five tests. Answers are anonymous; results come once, "
                    "at the close, for groups of eight or more. A collaboration's pulses ask the same people for a "
                    "school year; new people come in once there are five of them."),
        kit.field("On which collaboration?", kit.select(ABOUT, collaborations, "Choose one", listed[0].id),
                  optional=False),
        kit.field("Who is asked: people", people),
        kit.field("Who is asked: groups and schools", kit.select_in_groups(GROUPS, groups, "Choose groups")),
        kit.field("Who is asked: channels", kit.conversations(CHANNELS, "Choose channels", several=True),
                  hint="Everybody who is in them when the pulse opens. Trustbot must be in them too."),
        kit.field("Opens", kit.date_picker(OPENS, opens), optional=False,
                  hint="Not in the first or last week of a term."),
        kit.field("Closes", kit.date_picker(CLOSES),
                  hint=f"Left empty: after {OPEN_SCHOOL_DAYS} school days."),
        kit.field("Again?", kit.checkboxes(REPEAT, [kit.option("In each half of a term, until it ends", EACH_HALF)])),
        kit.field("Results are posted in", kit.conversations(WHERE, "Choose a channel", initial=[here] if here else []),
                  hint="Everyone in that channel and everyone who was asked will see the published figures, nobody "
                       "else. Left empty: only those who were asked, in App Home."),
        kit.field("A statement of your own", kit.line_input(OWN1), hint=own),
        kit.field("And another", kit.line_input(OWN2)),
    ]  # fmt: skip
    return kit.modal("Pulse", blocks, callback=PLAN_VIEW, submit="Plan it", close="Close")


def planned(plan: Plan, about: Collaboration, count: int) -> Block:
    """What whoever planned a pulse is told."""
    again = " It is asked again in each half of a term." if plan.recurring else ""
    said = (
        f"The pulse on {about.name} opens on {day(plan.first)}, in school hours, for {plan.days} school days. "
        f"{count} people are named today. Once it has been asked, a collaboration keeps its panel for the school "
        f"year: new people come in once there are five of them.{again}"
    )
    return kit.modal("Pulse", [kit.section(kit.escape(said))])


def confirm_close(each: Running) -> Block:
    """Asks before a pulse is closed before its day."""
    said = (
        f"Once the pulse on {each.name} is closed its results come out, once, and nobody can answer any more. Before "
        f"{day(each.closes)} it closes only if at least eight people and half of those asked have answered."
    )
    return kit.modal(
        "Close the pulse?", [kit.section(kit.escape(said))], callback=CLOSE_VIEW, submit="Close it", close="Leave it",
        metadata=each.wave,
    )  # fmt: skip


def closed() -> Block:
    """What whoever closed a pulse is told."""
    said = "It is closed, and is counted within a minute or two. The results go where they were planned to go."
    return kit.modal("Pulse", [kit.section(said)])


def day(each: date) -> str:
    """A day in words."""
    return f"{each:%A} {each.day} {each:%B}"
