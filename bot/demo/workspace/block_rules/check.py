"""Slack's rules for blocks as one table: which fields each block has, how long, how many, and where it may stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Surface = Literal["message", "modal", "home"]
Rule = Callable[[Any, str, Surface], Iterator[str]]
"""A check of one value at one JSON pointer: yields Slack's words for every fault."""

EVERYWHERE: frozenset[Surface] = frozenset({"message", "modal", "home"})
MESSAGE: frozenset[Surface] = frozenset({"message"})
MODAL: frozenset[Surface] = frozenset({"modal"})
VIEWS: frozenset[Surface] = frozenset({"modal", "home"})


def _fault(what: str, at: str) -> str:
    return f"[ERROR] {what} [json-pointer:{at or '/'}]"


def string(most: int, least: int = 1) -> Rule:
    """A string of so many characters."""

    def check(value: Any, at: str, surface: Surface) -> Iterator[str]:
        if not isinstance(value, str):
            yield _fault("must be a string", at)
        elif len(value) > most:
            yield _fault(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            yield _fault(f"must be more than {least - 1} characters", at)

    return check


def boolean(value: Any, at: str, surface: Surface) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield _fault("must be a boolean", at)


def number(least: float, most: float) -> Rule:
    """A number between these, both included."""

    def check(value: Any, at: str, surface: Surface) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            yield _fault(f"must be a number between {least:g} and {most:g}", at)

    return check


def one_of(*choices: str) -> Rule:
    """One of these words."""

    def check(value: Any, at: str, surface: Surface) -> Iterator[str]:
        if value not in choices:
            yield _fault(f"value must be one of: {', '.join(choices)}", at)

    return check


def anything(value: Any, at: str, surface: Surface) -> Iterator[str]:
    """What is not looked into."""
    return iter(())


def many(rule: Rule, most: int, least: int = 1) -> Rule:
    """A list of so many, each of which keeps the rule."""

    def check(value: Any, at: str, surface: Surface) -> Iterator[str]:
        if not isinstance(value, list):
            yield _fault("must be an array", at)
            return
        if len(value) > most:
            yield _fault(f"no more than {most} items allowed", at)
        if len(value) < least:
            yield _fault(f"no fewer than {least} items allowed", at)
        for index, each in enumerate(value):
            yield from rule(each, f"{at}/{index}", surface)

    return check


@dataclass(frozen=True, slots=True)
class Spec:
    """What one object may hold: its fields, which must be there, of which at least one must be, and where it stands."""

    fields: Mapping[str, Rule]
    required: Sequence[str] = ()
    any_of: Sequence[str] = ()
    surfaces: frozenset[Surface] = EVERYWHERE

    def check(self, value: Any, at: str, surface: Surface) -> Iterator[str]:
        """Slack's words for every fault of one object; unknown fields are faults."""
        if not isinstance(value, dict):
            yield _fault("must be an object", at)
            return
        if surface not in self.surfaces:
            yield _fault(f"unsupported type in a {surface}: {value.get('type')}", f"{at}/type")
        for name in self.required:
            if value.get(name) is None:
                yield _fault(f"missing required field: {name}", at)
        if self.any_of and all(value.get(name) is None for name in self.any_of):
            yield _fault(f"missing required field: one of {', '.join(self.any_of)}", at)
        for name, item in value.items():
            rule = self.fields.get(name)
            if rule is None:
                yield _fault(f"invalid additional property: {name}", f"{at}/{name}")
            elif item is None:
                yield _fault("must not be null", f"{at}/{name}")
            else:
                yield from rule(item, f"{at}/{name}", surface)


def typed(specs: Mapping[str, Spec], *allowed: str) -> Rule:
    """An object whose `type` says which of the specs it keeps; only the allowed types, if any are named."""

    def check(value: Any, at: str, surface: Surface) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in specs or (allowed and kind not in allowed):
            yield _fault(f"unsupported type: {kind}", f"{at}/type")
        else:
            yield from specs[kind].check(value, at, surface)

    return check


def shape(required: Sequence[str], **fields: Rule) -> Rule:
    """An object without a type of its own."""
    return Spec(fields, required).check


KIND = string(40)
ID = string(255)


def address(value: Any, at: str, surface: Surface) -> Iterator[str]:
    """A URL, of any scheme."""
    yield from string(3000)(value, at, surface)
    if isinstance(value, str) and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", value):
        yield _fault("must be a valid URL", at)


URL: Rule = address


def plain(most: int) -> Rule:
    """A plain_text object of so many characters."""
    return typed({"plain_text": Spec({"type": KIND, "text": string(most), "emoji": boolean}, ["text"])})


def text(most: int) -> Rule:
    """A plain_text or mrkdwn object of so many characters."""
    return typed(
        {
            "plain_text": Spec({"type": KIND, "text": string(most), "emoji": boolean}, ["text"]),
            "mrkdwn": Spec({"type": KIND, "text": string(most), "verbatim": boolean}, ["text"]),
        }
    )


OPTION = shape(["text", "value"], text=text(75), value=string(150, 0), description=text(75), url=URL)
OPTION_GROUP = shape(["label", "options"], label=plain(75), options=many(OPTION, 100))
CONFIRM = shape(
    ["title", "text", "confirm", "deny"],
    title=plain(100), text=text(300), confirm=plain(30), deny=plain(30), style=one_of("primary", "danger"),
)  # fmt: skip
SLACK_FILE = shape([], id=ID, url=URL)
DISPATCH = shape([], trigger_actions_on=many(one_of("on_enter_pressed", "on_character_entered"), 2))
CONVERSATION_FILTER = shape(
    [],
    include=many(one_of("im", "mpim", "private", "public"), 4),
    exclude_bot_users=boolean, exclude_external_shared_channels=boolean,
)  # fmt: skip
FEEDBACK_BUTTON = shape(["text", "value"], text=plain(75), value=string(2000, 0), accessibility_label=string(75))
IMAGE = Spec(
    {"type": KIND, "image_url": URL, "slack_file": SLACK_FILE, "alt_text": string(2000)},
    ["alt_text"], ["image_url", "slack_file"],
)  # fmt: skip


def _element(required: Sequence[str] = (), any_of: Sequence[str] = (), /, **fields: Rule) -> Spec:
    return Spec({"type": KIND, "action_id": ID, "confirm": CONFIRM, **fields}, required, any_of)


def _input(required: Sequence[str] = (), any_of: Sequence[str] = (), /, **fields: Rule) -> Spec:
    return _element(required, any_of, placeholder=plain(150), focus_on_load=boolean, **fields)


def _select(multi: bool, initial: str, rule: Rule, /, **fields: Rule) -> Spec:
    if multi:
        return _input((), (), **{f"{initial}s": many(rule, 100), "max_selected_items": number(1, 1000)}, **fields)
    return _input(**{initial: rule}, **fields)


_STATIC = {"options": many(OPTION, 100), "option_groups": many(OPTION_GROUP, 100)}
_CONVERSATIONS = {"default_to_current_conversation": boolean, "filter": CONVERSATION_FILTER}
_TYPED_IN = {"initial_value": string(3000, 0), "dispatch_action_config": DISPATCH}

ELEMENTS: dict[str, Spec] = {
    "button": _element(
        ["text"],
        text=plain(75), url=URL, value=string(2000, 0), style=one_of("primary", "danger"),
        accessibility_label=string(75), alt_text=string(2000), agent_prompt=string(4000),
        agent_prompt_display=string(4000), visible_to_user_ids=many(ID, 100),
    ),
    "workflow_button": _element(
        ["text", "workflow"], text=plain(75), workflow=anything, style=one_of("primary", "danger"),
        accessibility_label=string(75),
    ),
    "icon_button": _element(
        ["icon", "text"], icon=one_of("trash"), text=plain(75), value=string(2000, 0), accessibility_label=string(75),
        visible_to_user_ids=many(ID, 100),
    ),
    "feedback_buttons": _element(
        ["positive_button", "negative_button"], positive_button=FEEDBACK_BUTTON, negative_button=FEEDBACK_BUTTON
    ),
    "overflow": _element(["options"], options=many(OPTION, 5)),
    "checkboxes": _input(["options"], options=many(OPTION, 10), initial_options=many(OPTION, 10)),
    "radio_buttons": _input(["options"], options=many(OPTION, 10), initial_option=OPTION),
    "datepicker": _input(initial_date=string(10)),
    "timepicker": _input(initial_time=string(5), timezone=string(100)),
    "datetimepicker": _input(initial_date_time=number(1e9, 1e10)),
    "static_select": Spec(_input(**_STATIC, initial_option=OPTION).fields, (), ["options", "option_groups"]),
    "multi_static_select": Spec(
        _select(True, "initial_option", OPTION, **_STATIC).fields, (), ["options", "option_groups"]
    ),
    "external_select": _select(False, "initial_option", OPTION, min_query_length=number(0, 100)),
    "multi_external_select": _select(True, "initial_option", OPTION, min_query_length=number(0, 100)),
    "users_select": _select(False, "initial_user", ID),
    "multi_users_select": _select(True, "initial_user", ID),
    "conversations_select": _select(
        False, "initial_conversation", ID, response_url_enabled=boolean, **_CONVERSATIONS
    ),
    "multi_conversations_select": _select(True, "initial_conversation", ID, **_CONVERSATIONS),
    "channels_select": _select(False, "initial_channel", ID, response_url_enabled=boolean),
    "multi_channels_select": _select(True, "initial_channel", ID),
    "plain_text_input": _input(
        multiline=boolean, min_length=number(0, 3000), max_length=number(1, 3000), **_TYPED_IN
    ),
    "rich_text_input": _input(initial_value=anything, dispatch_action_config=DISPATCH),
    "email_text_input": _input(**_TYPED_IN),
    "url_text_input": _input(**_TYPED_IN),
    "number_input": _input(
        ["is_decimal_allowed"], is_decimal_allowed=boolean, min_value=string(40), max_value=string(40), **_TYPED_IN
    ),
    "file_input": _input(filetypes=many(string(20), 100), max_files=number(1, 10)),
    "image": IMAGE,
    "url": Spec({"type": KIND, "url": URL, "text": string(2000)}, ["url", "text"]),
}  # fmt: skip

SELECTS = tuple(name for name in ELEMENTS if name.endswith("_select"))
PICKERS = ("checkboxes", "radio_buttons", "datepicker", "timepicker")
TEXT_INPUTS = tuple(name for name in ELEMENTS if name.endswith("_input"))
BUTTONS = ("button", "workflow_button", "overflow")
