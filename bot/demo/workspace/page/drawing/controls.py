"""What can be pressed, picked and filled in, as HTML's own controls, each with what it holds now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot.demo.workspace.page.drawing.icons import icon
from bot.demo.workspace.page.drawing.marks import Marks, is_web
from bot.demo.workspace.state import Json
from bot.demo.workspace.terminal.mrkdwn import unescaped

INPUT_TYPES = {
    "plain_text_input": "text", "email_text_input": "email", "url_text_input": "url", "number_input": "number",
    "datepicker": "date", "timepicker": "time", "datetimepicker": "datetime-local",
}  # fmt: skip
GROUPS = ("radio_buttons", "checkboxes", "multi_static_select", "multi_users_select", "multi_channels_select",
          "multi_conversations_select")  # fmt: skip
"""Elements that are several controls under one label."""
MANY = 8
Choice = tuple[str, Markup, Markup]


class Controls:
    """Draws elements. `kept` is the `state.values` of their message or view, `prefix` makes ids unique on the page."""

    def __init__(self, marks: Marks, kept: Mapping[str, Any], prefix: str) -> None:
        self.marks = marks
        self.state = marks.state
        self.kept = kept
        self.prefix = prefix

    def ident(self, block: Json, element: Json) -> str:
        """The id of an element's control on the page."""
        return f"{self.prefix}-{block['block_id']}-{element['action_id']}"

    def element(self, block: Json, element: Json, *, described: str = "", required: bool = False) -> Markup:
        """One element; `described` is the id of what explains it, and it is labelled elsewhere if that is given."""
        match element["type"]:
            case "button" | "icon_button" | "workflow_button":
                return self._button(block, element)
            case "feedback_buttons":
                sides = [element[side] for side in ("positive_button", "negative_button")]
                return Markup('<span class="feedback">{}</span>').format(
                    Markup("").join(
                        self._thumb(block, element, side, icon(("up", "down")[at])) for at, side in enumerate(sides)
                    )
                )
            case "overflow":
                return self._overflow(block, element)
            case kind if kind in GROUPS:
                return self._group(block, element, described)
            case kind if kind.endswith("_select") and kind not in ("external_select", "multi_external_select"):
                return self._select(block, element, described, required)
            case "file_input":
                return Markup('<input type="file" {}>').format(self._common(block, element, described, required))
            case kind:
                return self._typed(block, element, INPUT_TYPES.get(kind, "text"), described, required)

    def _press(self, block: Json, element: Json, value: str | None) -> Markup:
        parts = [
            Markup('data-press data-block="{}" data-action="{}"').format(block["block_id"], element["action_id"]),
            Markup(' data-value="{}"').format(value) if value is not None else Markup(),
        ]
        if confirm := element.get("confirm"):
            parts.append(
                Markup(' data-ask="{}" data-words="{}" data-yes="{}" data-no="{}"').format(
                    *(unescaped(confirm[key]["text"]) for key in ("title", "text", "confirm", "deny"))
                )
            )
        return Markup("").join(parts)

    def _button(self, block: Json, element: Json) -> Markup:
        words = unescaped(element["text"]["text"])
        spoken = element.get("accessibility_label")
        label = Markup(' aria-label="{}"').format(spoken) if spoken else Markup()
        style = f"btn {element.get('style', '')}".strip()
        press = self._press(block, element, element.get("value"))
        if is_web(element.get("url", "")):
            return Markup('<a class="{}" href="{}" target="_blank" rel="noopener noreferrer" {}{}>{}</a>').format(
                style, element["url"], press, label, words
            )
        ident = f"{self.ident(block, element)}-{element.get('value', '')}"
        return Markup('<button type="button" class="{}" id="{}" {}{}>{}</button>').format(
            style, ident, press, label, words
        )

    def _thumb(self, block: Json, element: Json, side: Json, sign: Markup) -> Markup:
        words = unescaped(side["text"]["text"])
        press = self._press(block, element, side["value"])
        spoken = side.get("accessibility_label", words)
        return Markup('<button type="button" class="thumb" title="{}" aria-label="{}" {}>{}</button>').format(
            words, spoken, press, sign
        )

    def _overflow(self, block: Json, element: Json) -> Markup:
        items = Markup("").join(
            Markup('<button type="button" {}>{}</button>').format(
                self._press(block, element, each["value"]), self.marks.text(each["text"])
            )
            for each in element["options"]
        )
        return Markup(
            '<details class="menu"><summary class="btn" aria-label="More choices">⋯</summary><div>{}</div></details>'
        ).format(items)

    def _common(self, block: Json, element: Json, described: str, required: bool) -> Markup:
        label = unescaped(element.get("placeholder", {}).get("text", "")) or "Choose"
        # With a label of its own beside it the placeholder is not its name.
        named = (
            Markup('aria-describedby="{}"').format(described) if described else Markup('aria-label="{}"').format(label)
        )
        needed = Markup(' aria-required="true"') if required else Markup()
        return Markup('id="{}" data-set="{}" data-block="{}" data-action="{}" {}{}').format(
            self.ident(block, element), element["type"], block["block_id"], element["action_id"], named, needed
        )

    def _typed(self, block: Json, element: Json, kind: str, described: str, required: bool) -> Markup:
        value = self.holds(block, element)
        words = element.get("placeholder", {}).get("text", "")
        hint = Markup(' placeholder="{}"').format(unescaped(words)) if words else Markup()
        common = self._common(block, element, described, required)
        longest = element.get("max_length", 3000) if kind == "text" else None
        limit = Markup(' maxlength="{}"').format(longest) if longest else Markup()
        focus = Markup(" data-focus") if element.get("focus_on_load") else Markup()
        if element.get("multiline") or element["type"] == "rich_text_input":
            return Markup('<textarea rows="4" {}{}{}{}>\n{}</textarea>').format(common, hint, limit, focus, value or "")
        if kind == "datetime-local" and value:
            value = datetime.fromtimestamp(int(value), ZoneInfo(self.marks.zone)).strftime("%Y-%m-%dT%H:%M")
        step = Markup(' step="any"') if element.get("is_decimal_allowed") else Markup()
        return Markup('<input type="{}" value="{}" {}{}{}{}{}>').format(
            kind, "" if value is None else value, common, hint, limit, step, focus
        )

    def _select(self, block: Json, element: Json, described: str, required: bool) -> Markup:
        chosen = self.holds(block, element)
        words = unescaped(element.get("placeholder", {}).get("text", "")) or "Choose …"
        return Markup('<select {}><option value="">{}</option>{}</select>').format(
            self._common(block, element, described, required),
            words,
            Markup("").join(self._options(name, options, chosen) for name, options in self._choices(element)),
        )

    def _options(self, name: str, options: Sequence[Choice], chosen: Any) -> Markup:
        listed = Markup("").join(
            Markup('<option value="{}"{}>{}</option>').format(
                value, Markup(" selected") if value == chosen else "", words.striptags()
            )
            for value, words, _ in options
        )
        return Markup('<optgroup label="{}">{}</optgroup>').format(name, listed) if name else listed

    def _choices(self, element: Json) -> Iterator[tuple[str, list[Choice]]]:
        """The options of a select, radio buttons or checkboxes, in their groups; "" names what is in none."""
        kind = element["type"].removeprefix("multi_")
        if kind == "users_select":
            people = [each for each in self.state.users.values() if not each.is_bot and not each.deleted and each.email]
            yield "", [(each.id, escape(each.real_name), Markup()) for each in people]
        elif kind in ("channels_select", "conversations_select"):
            found = [each for each in self.state.channels.values() if each.kind in ("channel", "group")]
            open_ones = [each for each in found if each.kind == "channel" or kind == "conversations_select"]
            yield "", [(each.id, escape(f"#{each.name}"), Markup()) for each in open_ones]
        else:
            yield "", [self._choice(each) for each in element.get("options", ())]
            for group in element.get("option_groups", ()):
                yield unescaped(group["label"]["text"]), [self._choice(each) for each in group["options"]]

    def _choice(self, option: Json) -> Choice:
        return option["value"], self.marks.text(option["text"]), self.marks.text(option.get("description"))

    def _group(self, block: Json, element: Json, described: str) -> Markup:
        kind = "radio" if element["type"] == "radio_buttons" else "checkbox"
        held = self.holds(block, element)
        chosen = [held] if kind == "radio" else held or []
        ident = self.ident(block, element)
        parts = []
        count = 0
        for name, options in self._choices(element):
            if name:
                parts.append(Markup('<p class="group">{}</p>').format(name))
            for value, words, more in options:
                count += 1
                parts.append(
                    Markup(
                        '<label class="option"><input type="{}" name="{}" value="{}"{}><span>{}{}</span></label>'
                    ).format(
                        kind,
                        ident,
                        value,
                        Markup(" checked") if value in chosen else "",
                        words,
                        Markup('<small class="quiet">{}</small>').format(more) if more else "",
                    )
                )
        find = Markup('<input type="search" data-find aria-label="Find in the list" placeholder="Find …">')
        return Markup('<div class="options{}" role="group" {}>{}{}</div>').format(
            " long" if count > MANY else "",
            self._common(block, element, described, False),
            find if count > MANY else "",
            Markup("").join(parts),
        )

    def holds(self, block: Json, element: Json) -> Any:
        """What was picked or typed in an element, as `Person.submit` takes it."""
        held = self.kept.get(block["block_id"], {}).get(element["action_id"]) or {}
        value = next((each for key, each in held.items() if key != "type"), None)
        if isinstance(value, dict) and "value" in value:
            return value["value"]
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return [each.get("value") for each in value]
        return value
