"""What a person can press, pick and fill in: finding an element in blocks, and what Slack sends for its use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.demo.workspace.state import Json

STATELESS = ("button", "icon_button", "workflow_button", "overflow", "feedback_buttons")
"""Elements that are pressed and keep nothing; all others hold what was picked or typed."""


class NotThere(LookupError):
    """A person tried to use something that is not on their screen."""


def elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block, in the order on the screen."""
    for block in blocks:
        inner = [*block.get("elements", ()), *block.get("actions", ())] if block["type"] != "rich_text" else []
        inner += [block[key] for key in ("accessory", "element") if key in block]
        for element in inner:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element
        yield from elements(block["elements"] if block["type"] == "carousel" else block.get("child_blocks", ()))


def find(blocks: Sequence[Json], action_id: str, value: str | None) -> tuple[Json, Json]:
    """The element with this action_id, and with this value where several share it."""
    found = [(block, element) for block, element in elements(blocks) if element["action_id"] == action_id]
    exact = [each for each in found if value is not None and each[1].get("value") == value]
    if not found:
        there = ", ".join(element["action_id"] for _, element in elements(blocks)) or "nothing"
        raise NotThere(f"there is no {action_id!r} to use here, only {there}")
    return (exact or found)[0]


def used(block: Json, element: Json, value: Any, at: str) -> Json:
    """The action that Slack sends when a person uses the element; `value` is what they picked or typed."""
    told: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": at,
    }
    match element["type"]:
        case "button" | "icon_button":
            return told | {key: element[key] for key in ("text", "value", "style", "url") if key in element}
        case "feedback_buttons":
            for side in ("positive_button", "negative_button"):
                if element[side]["value"] == value or side.startswith(str(value)):
                    return told | {"text": element[side]["text"], "value": element[side]["value"]}
            raise NotThere(f"{element['action_id']!r} has no button {value!r}")
        case _:
            return told | filled(element, value)


def filled(element: Json, value: Any) -> Json:
    """The state of an element that a person has set to `value`."""
    kind = element["type"]
    match kind:
        case "static_select" | "radio_buttons" | "external_select" | "overflow":
            return {"type": kind, "selected_option": _option(element, value) if value is not None else None}
        case "multi_static_select" | "checkboxes" | "multi_external_select":
            return {"type": kind, "selected_options": [_option(element, each) for each in value or ()]}
        case "datepicker":
            return {"type": kind, "selected_date": value}
        case "timepicker":
            return {"type": kind, "selected_time": value}
        case "datetimepicker":
            return {"type": kind, "selected_date_time": value}
        case "users_select" | "conversations_select" | "channels_select":
            return {"type": kind, f"selected_{kind.removesuffix('s_select')}": value}
        case "multi_users_select" | "multi_conversations_select" | "multi_channels_select":
            return {"type": kind, f"selected_{kind.removeprefix('multi_').removesuffix('_select')}": list(value or ())}
        case "rich_text_input":
            return {"type": kind, "rich_text_value": value}
        case "file_input":
            return {"type": kind, "files": list(value or ())}
        case _:
            return {"type": kind, "value": value if value not in ("", None) else None}


def _option(element: Json, value: str) -> Json:
    groups = element.get("option_groups", ())
    options = [*element.get("options", ()), *(each for group in groups for each in group["options"])]
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": value, "emoji": True}, "value": value}
    for option in options:
        if value in (option["value"], option["text"]["text"]):
            return {key: option[key] for key in ("text", "value", "description") if key in option}
    raise NotThere(f"{element['action_id']!r} has no option {value!r}")


INITIAL = (
    "initial_value", "initial_option", "initial_options", "initial_date", "initial_time", "initial_date_time",
    "initial_user", "initial_users", "initial_conversation", "initial_conversations", "initial_channel",
    "initial_channels",
)  # fmt: skip


def initial(element: Json) -> Any:
    """What the element holds before anybody touches it, as `filled` takes it."""
    for key in INITIAL:
        if key in element:
            held = element[key]
            if key == "initial_options":
                return [each["value"] for each in held]
            return held["value"] if key == "initial_option" else held
    return None


def standing(blocks: Sequence[Json], kept: Json) -> Json:
    """The `state.values` of blocks: what each element keeps, or what it began with."""
    values: Json = {}
    for block, element in elements(blocks):
        if element["type"] not in STATELESS:
            before = kept.get(block["block_id"], {}).get(element["action_id"])
            held = before or filled(element, initial(element))
            values.setdefault(block["block_id"], {})[element["action_id"]] = held
    return values


def form_values(view: Json, given: Mapping[str, Any]) -> tuple[Json, dict[str, str]]:
    """A view's `state.values` once a person has filled it in, and what Slack itself finds missing, by block_id.

    `given` maps an action_id or a block_id to what was picked or typed; the rest keeps what it has.
    """
    values = standing(view["blocks"], view["state"]["values"])
    missing: dict[str, str] = {}
    unknown = set(given)
    for block, element in elements(view["blocks"]):
        if element["type"] in STATELESS:
            continue
        keys = {element["action_id"], block["block_id"]}
        unknown -= keys
        for key in keys & set(given):
            values[block["block_id"]][element["action_id"]] = filled(element, given[key])
        state = values[block["block_id"]][element["action_id"]]
        if block["type"] == "input" and (fault := _unfit(block, element, state)):
            missing[block["block_id"]] = fault
    if unknown:
        raise NotThere(f"the view has no field {sorted(unknown)[0]!r}")
    return values, missing


def _unfit(block: Json, element: Json, state: Json) -> str | None:
    held = next((value for key, value in state.items() if key != "type"), None)
    if not held:
        return None if block.get("optional") else "Please complete this required field."
    if element["type"] == "plain_text_input":
        if len(held) > element.get("max_length", 3000):
            return f"Please enter at most {element.get('max_length', 3000)} characters."
        if len(held) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
    return None
