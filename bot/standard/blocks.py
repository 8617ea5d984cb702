"""Standard answers as Slack shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.slack import block_kit as kit
from bot.slack.block_kit import Block
from bot.standard.model import Standard
from bot.standard.payloads import StandardForm

NEW, EDIT, RETIRE, FORM, MAKE = "standard.new", "standard.edit", "standard.retire", "standard.form", "standard.make"
QUESTION, ALSO, TEXT, AUDIENCE, OWNER, REVIEW = "question", "also", "text", "audience", "owner", "review"
MOST = 20
NOTHING = "There are no standard answers that you may read yet."
WHAT = (
    "A standard answer is given first when somebody's question matches it closely. It goes only to those who may read "
    "its audience, and says who approved it and when it is reviewed."
)


def listing(standards: Sequence[Standard], today: date, *, may_change: bool) -> Block:
    """The modal of `/trust standard`."""
    blocks = [kit.context(WHAT)]
    if may_change:
        blocks.append(kit.actions(kit.button("New standard answer", NEW)))
    for standard in standards[:MOST]:
        late = " *Its review is overdue.*" if today > standard.review else ""
        blocks += [
            kit.divider(),
            kit.section(
                f"*{kit.escape(kit.shorten(standard.question, 300))}*\n{kit.escape(kit.shorten(standard.text, 600))}"
            ),
            kit.context(f"{kit.escape(standard.label())}{late} For {kit.escape(standard.audience.name)}."),
        ]
        if may_change:
            blocks.append(kit.actions(kit.button("Edit", EDIT, standard.id), kit.button("Retire", RETIRE, standard.id)))
    if not standards:
        blocks.append(kit.section(NOTHING))
    if len(standards) > MOST:
        blocks.append(kit.context(f"{len(standards) - MOST} more; those to be reviewed first are shown."))
    return kit.modal("Standard answers", blocks)


def form(
    audiences: Sequence[str],
    people: Sequence[tuple[str, str]],
    review: date,
    *,
    question: str = "",
    text: str = "",
    audience: str = "everyone",
    owner: str = "",
    also: str = "",
    held: StandardForm | None = None,
    sources: Sequence[str] = (),
) -> Block:
    """The form of one standard answer. `held` comes back with it."""
    choices = [kit.option(kit.shorten(name, 75), name) for name in audiences if len(name) <= 75]
    owners = [kit.option(kit.shorten(name, 75), key) for key, name in people]
    blocks = [
        kit.field("The question", kit.line_input(QUESTION, question), optional=False),
        kit.field("Other ways to ask it, one a line", kit.line_input(ALSO, also, lines=True)),
        kit.field("The approved answer", kit.line_input(TEXT, text, lines=True), optional=False),
        kit.field("Who may be given it", kit.select(AUDIENCE, choices, "An audience", audience), optional=False),
        kit.field("Who answers for it", kit.select(OWNER, owners, "You, if nobody is chosen", owner)),
        kit.field("To be reviewed on", kit.date_picker(REVIEW, review), optional=False),
    ]
    if sources:
        titles = "\n".join(f"• {kit.escape(source)}" for source in dict.fromkeys(sources))
        blocks.append(kit.context(f"It rests on:\n{titles}"))
    return kit.modal(
        "Standard answer", blocks, callback=FORM, submit="Approve", metadata=(held or StandardForm()).model_dump_json()
    )


def approved(standard: Standard) -> Block:
    """What stands in place of the form when it is done."""
    return kit.modal(
        "Standard answer",
        [
            kit.section(
                f"Approved. Whoever asks much the same as “{kit.escape(kit.shorten(standard.question, 300))}” and is "
                f"of {kit.escape(standard.audience.name)} gets it first."
            ),
            kit.context(kit.escape(standard.label())),
        ],
    )  # fmt: skip


def reminder(standard: Standard) -> tuple[str, list[Block]]:
    """What its owner is sent on the review date."""
    text = f"The standard answer to “{kit.shorten(standard.question, 200)}” is due for review today."
    if standard.retired is None:
        more = "Until it is reviewed it goes on being given, marked as overdue. `/trust standard` opens it."
        return kit.fallback(text), [
            kit.section(kit.escape(text)),
            *kit.quote(kit.shorten(standard.text, 1500)),
            kit.context(more),
        ]
    return kit.fallback(text), [kit.section(kit.escape(text))]
