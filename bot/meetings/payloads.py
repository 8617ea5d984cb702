"""What is kept of things to be done about meetings, and what their forms and buttons carry along."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, field_validator

from bot.meetings.actions.tracking import Which
from bot.meetings.days import Until
from bot.runtime.payload import JobPayload, Payload

ALL = "-"
Optional = BeforeValidator(lambda value: value or None)
Narrowed = Annotated[str, BeforeValidator(lambda value: "" if value == ALL else value)]


class MeetingPayload(JobPayload):
    """What is to be done, under which `event` it was kept, and when."""

    event: str = ""
    at: datetime | None = None


class PastedPayload(MeetingPayload):
    """Notes that were pasted into the form."""

    text: str
    body: Annotated[str | None, Optional] = None
    day: Annotated[date | None, Optional] = None


class FilePayload(MeetingPayload):
    """A file of Slack; `sure` where somebody said that it holds notes."""

    channel: str
    file: str
    sure: bool = False


class DraftPayload(MeetingPayload):
    """A draft to be proposed or confirmed."""

    draft: str


class OwnersPayload(MeetingPayload):
    """An action and the people, by id of the trust file, who are to be told that they have it now."""

    action: str
    people: tuple[str, ...]

    @field_validator("people", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        """Version 0.1 kept them with commas between them."""
        return [person for person in value.split(",") if person] if isinstance(value, str) else value


class NotMinePayload(MeetingPayload):
    """An action that is not its owner's, and what the owner says to that."""

    action: str
    note: str


class DecisionPayload(MeetingPayload):
    """A decision to be explained."""

    decision: str


class AgendaPayload(MeetingPayload):
    """The agenda of a body; without a `day` that of the next day on which it meets."""

    body: str
    day: Annotated[date | None, Optional] = None


class ItemWords(Payload):
    """What a school writes about one item of the standard agenda."""

    well: str = ""
    hard: str = ""
    ask: str = ""


class ReturnPayload(MeetingPayload):
    """A school's return after a meeting, by the id of the item."""

    meeting: str
    told: dict[str, ItemWords]

    @field_validator("told", mode="before")
    @classmethod
    def _unpacked(cls, value: Any) -> Any:
        """Version 0.1 kept it as JSON in a text, by the names of the form's fields."""
        return words_by_item(json.loads(value)) if isinstance(value, str) else value


class DraftForm(Payload):
    """The draft that a form is about: on which `page` of the review in `view`, and which `item` of it."""

    draft: str
    page: int = 0
    item: str = ""
    view: str = ""


class ListChoice(Payload):
    """What was chosen over a list of actions."""

    whose: str = "mine"
    which: Which = "open"
    school: Narrowed = ""
    meeting: Narrowed = ""
    page: int = 0


class DecisionChoice(Payload):
    """What was chosen over a list of decisions."""

    school: Narrowed = ""
    meeting: Narrowed = ""
    page: int = 0


class Place(Payload):
    """What something was pressed in, so that it can be shown anew."""

    kind: Literal["home", "list", "message", "whisper"]
    view: str = ""
    chosen: ListChoice = ListChoice()
    channel: str = ""
    ts: str = ""

    @field_validator("chosen", mode="before")
    @classmethod
    def _unpacked(cls, value: Any) -> Any:
        """Forms that version 0.1 opened hold it as JSON in a text."""
        return json.loads(value) if isinstance(value, str) else value


class ActionForm(Place):
    """The action that a form is about, and where it was opened."""

    action: str


class Snooze(Payload):
    """An action that is not to be seen until then, as a menu offers it."""

    until: Until
    action: str


class MakeForm(Payload):
    """The words of the message that an action is made of."""

    quote: str


class ReturnForm(Payload):
    """After which meeting a return is, and which items were added to the form."""

    meeting: str
    extra: tuple[str, ...] = ()


class AgendaButton(Payload):
    """The draft agenda that a button posts."""

    body: str
    day: Annotated[date | None, Optional] = None


def words_by_item(fields: dict[str, str]) -> dict[str, ItemWords]:
    """The fields of a return's form, which are called `well:ITEM`, `hard:ITEM` and `ask:ITEM`, by item."""
    found: dict[str, dict[str, str]] = {}
    for field, words in fields.items():
        key, _, item = field.partition(":")
        found.setdefault(item, {})[key] = words
    return {item: ItemWords.model_validate(words) for item, words in found.items()}
