"""Forms that people send: their fields, and where they are told why something cannot be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.config.trust import Trust
from bot.errors import Refusal
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block
from bot.slack.payloads import Interaction, View

Form = Callable[[Ack, Interaction, View, WebClient], None]


def in_form(listener: Form) -> Callable[..., None]:
    """A listener to a form, which says in the form's own place why something cannot be done."""

    def heard(ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        try:
            listener(ack, body, view, client)
        except Refusal as refusal:
            ack(response_action="update", view=kit.modal("Trustbot", [kit.section(kit.escape(str(refusal)))]))

    return heard


def typed(view: View, field: str) -> str:
    """The text of a form's field."""
    return (view.field(field).value or "").strip()


def picked(view: View, field: str) -> str:
    """The choice, or the day, of a form's field; empty where there is none."""
    value = view.field(field)
    return (value.selected_option.value if value.selected_option else value.selected_date) or ""


def picked_day(view: View, field: str) -> date | None:
    """The day of a form's field; None where there is none."""
    day = view.field(field).selected_date
    return date.fromisoformat(day) if day else None


def ticked(view: View, field: str) -> list[str]:
    """The choices of a form's field."""
    return [option.value for option in view.field(field).selected_options or ()]


def chosen_conversations(view: View, field: str) -> list[str]:
    """The conversations of a form's field, one or several, by id."""
    value = view.field(field)
    if value.selected_conversation:
        return [value.selected_conversation]
    return list(value.selected_conversations or ())


def people_by_school(trust: Trust) -> list[tuple[str, list[Block]]]:
    """The people of the trust as choices of a menu, by their first school; those of none last."""
    groups: list[tuple[str, list[Block]]] = []
    placed: set[str] = set()
    for school in trust.schools:
        here = [person for person in trust.people if person.schools[:1] == (school.id,)]
        groups += _hundreds(school.name, [kit.option(person.name, person.id) for person in here])
        placed |= {person.id for person in here}
    rest = [kit.option(person.name, person.id) for person in trust.people if person.id not in placed]
    return [*groups, *_hundreds(trust.name, rest)]


def _hundreds(name: str, options: list[Block]) -> list[tuple[str, list[Block]]]:
    return [(name, options[at : at + kit.OPTIONS]) for at in range(0, len(options), kit.OPTIONS)]
