"""Block Kit pieces that cannot exceed Slack's limits, and the escaping of every word that is not ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

Block = dict[str, Any]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
SECTION, HEADER, BUTTON, PLACEHOLDER, TITLE, OPTION, LABEL = 3000, 150, 75, 150, 24, 75, 2000
VALUE, METADATA, FALLBACK, URL = 2000, 3000, 3000, 3000
OPTION_VALUE, OPTIONS = 150, 100
CONTEXT_ELEMENTS, ACTION_ELEMENTS = 10, 25
TABLE_ROWS = 100
ELLIPSIS = "…"

_TOKEN = re.compile(r"&(?:amp|lt|gt);|<[^<>\n]*>|.", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def escape(text: str) -> str:
    """Words of a document or a person as mrkdwn: `& < >` as entities, so that `<!channel>`, `<@U…>`, `<#C…>` and
    links are only text; control characters go."""
    return _CONTROL.sub("", text).translate(_ENTITIES)


def shorten(text: str, limit: int) -> str:
    """Plain text of at most `limit` characters, cut at a word's end with an ellipsis."""
    return text if len(text) <= limit else _cut(list(text), limit)


def shorten_mrkdwn(text: str, limit: int) -> str:
    """The same for mrkdwn: an entity or a `<…>` is never cut in two."""
    return text if len(text) <= limit else _cut(_TOKEN.findall(text), limit)


def _cut(tokens: Sequence[str], limit: int) -> str:
    length = count = 0
    for token in tokens:
        if length + len(token) > limit - len(ELLIPSIS):
            break
        length += len(token)
        count += 1
    word_end = max((place for place in range(count // 2, count + 1) if tokens[place].isspace()), default=count)
    return "".join(tokens[:word_end]).rstrip() + ELLIPSIS


def pieces(text: str, limit: int) -> list[str]:
    """The whole text in pieces of at most `limit` characters, parted at line, sentence or word ends where there are
    any; only blanks are lost at the seams."""
    parts = []
    rest = text.strip()
    while len(rest) > limit:
        window = rest[: limit + 1]
        end = max(window.rfind("\n"), window.rfind(". ") + 1)
        if end < limit // 2:
            end = max(window.rfind(" "), window.rfind("\n"))
        if end <= 0:
            end = limit
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


def plain(text: str, limit: int) -> Block:
    """A plain text object, which Slack shows as it stands."""
    return {"type": "plain_text", "text": shorten(_CONTROL.sub("", text), limit) or " ", "emoji": False}


def mrkdwn(text: str, limit: int = SECTION) -> Block:
    """A text object of our own mrkdwn; words of others go through `escape` first. Bare addresses stay text."""
    return {"type": "mrkdwn", "text": shorten_mrkdwn(text, limit) or " ", "verbatim": True}


def fallback(text: str) -> str:
    """The top-level text of a message, from words that are not ours: what notifications and screen readers say."""
    return shorten_mrkdwn(escape(text), FALLBACK) or " "


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(text, HEADER)}


def section(text: str, accessory: Block | None = None) -> Block:
    """A paragraph of mrkdwn, with something to press beside it."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return {**block, "accessory": accessory} if accessory else block


def prose(text: str) -> list[Block]:
    """Words that are not ours as paragraphs, shown as they stand."""
    return [{"type": "section", "text": plain(piece, SECTION)} for piece in pieces(_CONTROL.sub("", text), SECTION)]


def quote(text: str) -> list[Block]:
    """Words of a document, set as a quotation. Rich text shows every character as it stands: no marks, no links."""
    return [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": piece}]}],
        }
        for piece in pieces(_CONTROL.sub("", text), SECTION)
    ]


def context(*texts: str) -> Block:
    """Small print, in mrkdwn."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:CONTEXT_ELEMENTS]]}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def button(text: str, action: str, value: str = "", style: str | None = None) -> Block:
    """Something to press; `value` comes back whole or the button is not built."""
    if len(value) > VALUE:
        raise ValueError("a button's value is cut by Slack")
    block: Block = {"type": "button", "text": plain(text, BUTTON), "action_id": action}
    if value:
        block["value"] = value
    return {**block, "style": style} if style else block


def link(text: str, action: str, url: str) -> Block | None:
    """A button that opens a web address; none where the address is not one for a browser."""
    if len(url) > URL or urlsplit(url).scheme not in ("http", "https"):
        return None
    return {"type": "button", "text": plain(text, BUTTON), "action_id": action, "url": url}


def actions(*elements: Block) -> Block:
    """A row of things to press."""
    return {"type": "actions", "elements": list(elements[:ACTION_ELEMENTS])}


def feedback(action: str, up: str, down: str) -> Block:
    """Thumbs up and down; for messages only."""
    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": action,
                "positive_button": {"text": plain("Helpful", BUTTON), "value": up},
                "negative_button": {"text": plain("Not helpful", BUTTON), "value": down},
            }
        ],
    }


def text_input(block: str, label: str, initial: str = "", placeholder: str = "", optional: bool = False) -> Block:
    """A field for some lines of text; its action is called as its block."""
    element: Block = {"type": "plain_text_input", "action_id": block, "multiline": True, "max_length": SECTION}
    if initial:
        element["initial_value"] = shorten(initial, SECTION)
    if placeholder:
        element["placeholder"] = plain(placeholder, PLACEHOLDER)
    return {"type": "input", "block_id": block, "label": plain(label, LABEL), "element": element, "optional": optional}


def option(text: str, value: str) -> Block:
    """One choice; `value` comes back whole or the option is not built."""
    if len(value) > OPTION_VALUE:
        raise ValueError("an option's value is refused by Slack")
    return {"text": plain(text, OPTION), "value": value}


def select(action: str, options: Sequence[Block], placeholder: str, initial: str = "") -> Block:
    """A menu of one choice; `initial` is the value of the one that is chosen already."""
    listed = list(options[:OPTIONS])
    element: Block = {"type": "static_select", "action_id": action, "options": listed}
    element["placeholder"] = plain(placeholder, PLACEHOLDER)
    chosen = next((each for each in listed if initial and each["value"] == initial), None)
    return {**element, "initial_option": chosen} if chosen else element


def select_in_groups(
    action: str,
    groups: Sequence[tuple[str, Sequence[Block]]],
    placeholder: str,
    initial: Sequence[str] = (),
    *,
    several: bool = True,
) -> Block:
    """A menu of several choices, or of one, in named groups; `initial` are the values that are chosen already."""
    shown = [(name, list(options[:OPTIONS])) for name, options in groups if options][:OPTIONS]
    element: Block = {
        "type": "multi_static_select" if several else "static_select",
        "action_id": action,
        "placeholder": plain(placeholder, PLACEHOLDER),
        "option_groups": [{"label": plain(name, OPTION), "options": options} for name, options in shown],
    }
    known = {each["value"]: each for _, options in shown for each in options}
    chosen = [known[value] for value in dict.fromkeys(initial) if value in known]
    if not chosen:
        return element
    return {**element, "initial_options": chosen} if several else {**element, "initial_option": chosen[0]}


def date_picker(action: str, initial: date | None = None, placeholder: str = "Choose a day") -> Block:
    """A calendar."""
    element: Block = {"type": "datepicker", "action_id": action, "placeholder": plain(placeholder, PLACEHOLDER)}
    return {**element, "initial_date": initial.isoformat()} if initial else element


def checkboxes(action: str, options: Sequence[Block], initial: Sequence[str] = ()) -> Block:
    """Boxes to tick."""
    element: Block = {"type": "checkboxes", "action_id": action, "options": list(options)}
    chosen = [each for each in options if each["value"] in initial]
    return {**element, "initial_options": chosen} if chosen else element


def radio_buttons(action: str, options: Sequence[Block], initial: str = "") -> Block:
    """A choice of one, all of which are seen; `initial` is the value of the one that is chosen already."""
    element: Block = {"type": "radio_buttons", "action_id": action, "options": list(options)}
    chosen = next((each for each in options if initial and each["value"] == initial), None)
    return {**element, "initial_option": chosen} if chosen else element


def conversations(action: str, placeholder: str, *, several: bool = False, initial: Sequence[str] = ()) -> Block:
    """A menu of the channels, public and private, that its reader is in."""
    kind = "multi_conversations_select" if several else "conversations_select"
    element: Block = {"type": kind, "action_id": action, "placeholder": plain(placeholder, PLACEHOLDER)}
    element["filter"] = {"include": ["public", "private"], "exclude_bot_users": True}
    if initial:
        element |= {"initial_conversations": list(initial)} if several else {"initial_conversation": initial[0]}
    return element


def table(rows: Sequence[Sequence[str]]) -> Block:
    """A table for a message, its first row the head; the first column as wide as its words need."""
    cells = [[{"type": "raw_text", "text": shorten(_CONTROL.sub("", cell), SECTION) or " "} for cell in row]
             for row in rows[:TABLE_ROWS]]  # fmt: skip
    settings = [{"is_wrapped": True}, *({"align": "right"} for _ in rows[0][1:])]
    return {"type": "table", "rows": cells, "column_settings": settings}


def field(label: str, element: Block, *, hint: str = "", optional: bool = True) -> Block:
    """A form's field; it is called as what is in it."""
    block: Block = {
        "type": "input",
        "block_id": element["action_id"],
        "label": plain(label, LABEL),
        "element": element,
        "optional": optional,
    }
    return {**block, "hint": plain(hint, LABEL)} if hint else block


def line_input(action: str, initial: str = "", placeholder: str = "", *, lines: bool = False) -> Block:
    """A line of text, or several."""
    element: Block = {"type": "plain_text_input", "action_id": action, "multiline": lines, "max_length": SECTION}
    if initial:
        element["initial_value"] = shorten(initial, SECTION)
    if placeholder:
        element["placeholder"] = plain(placeholder, PLACEHOLDER)
    return element


def fit(
    blocks: Iterable[Block], limit: int = MESSAGE_BLOCKS, more: str = "There is more than fits here."
) -> list[Block]:
    """These blocks, or as many as Slack takes with a line that says so."""
    listed = list(blocks)
    return listed if len(listed) <= limit else [*listed[: limit - 1], context(more)]


def modal(
    title: str,
    blocks: Iterable[Block],
    *,
    callback: str = "",
    submit: str | None = None,
    close: str = "Close",
    metadata: str = "",
) -> Block:
    """A modal view."""
    if len(metadata) > METADATA:
        raise ValueError("a view's metadata is refused by Slack")
    view: Block = {
        "type": "modal",
        "title": plain(title, TITLE),
        "close": plain(close, TITLE),
        "blocks": fit(blocks, VIEW_BLOCKS),
    }
    if submit:
        view["submit"] = plain(submit, TITLE)
    if callback:
        view["callback_id"] = callback
    if metadata:
        view["private_metadata"] = metadata
    return view


def home(blocks: Iterable[Block]) -> Block:
    """An App Home view."""
    return {"type": "home", "blocks": fit(blocks, VIEW_BLOCKS)}
