"""Forms that people send: their fields, and where they are told why something cannot be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.config.trust import Trust
from bot.errors import Refusal
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block

Heard = Mapping[str, Any]
Form = Callable[[Ack, Heard, Heard, WebClient], None]


def in_form(listener: Form) -> Callable[..., None]:
    """A listener to a form, which says in the form's own place why something cannot be done."""

    def heard(ack: Ack, body: Heard, view: Heard, client: WebClient) -> None:
        try:
            listener(ack, body, view, client)
        except Refusal as refusal:
            ack(response_action="update", view=kit.modal("Trustbot", [kit.section(kit.escape(str(refusal)))]))

    return heard


def typed(view: Heard, field: str) -> str:
    """The text of a form's field."""
    held = view["state"]["values"].get(field, {}).get(field, {})
    return (held.get("value") or "").strip()


def picked(view: Heard, field: str) -> str:
    """The choice, or the day, of a form's field; empty where there is none."""
    held = view["state"]["values"].get(field, {}).get(field, {})
    option = held.get("selected_option") or {}
    return option.get("value") or held.get("selected_date") or ""


def ticked(view: Heard, field: str) -> list[str]:
    """The choices of a form's field."""
    held = view["state"]["values"].get(field, {}).get(field, {})
    return [each["value"] for each in held.get("selected_options") or ()]


def chosen_conversations(view: Heard, field: str) -> list[str]:
    """The conversations of a form's field, one or several, by id."""
    held = view["state"]["values"].get(field, {}).get(field, {})
    one = held.get("selected_conversation")
    return [one] if one else list(held.get("selected_conversations") or ())


def people_by_school(trust: Trust) -> list[tuple[str, list[Block]]]:
    """The people of the trust as choices of a menu, by their first school; those of none last."""
    groups: list[tuple[str, list[Block]]] = []
    placed: set[str] = set()
    for school in trust.schools:
        here = [each for each in trust.people if each.schools[:1] == (school.id,)]
        groups += _hundreds(school.name, [kit.option(each.name, each.id) for each in here])
        placed |= {each.id for each in here}
    rest = [kit.option(each.name, each.id) for each in trust.people if each.id not in placed]
    return [*groups, *_hundreds(trust.name, rest)]


def _hundreds(name: str, options: list[Block]) -> list[tuple[str, list[Block]]]:
    return [(name, options[at : at + kit.OPTIONS]) for at in range(0, len(options), kit.OPTIONS)]
