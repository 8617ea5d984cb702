"""Block Kit pieces that cannot exceed Slack's limits, and the escaping of every word that is not ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

Block = dict[str, Any]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
# Slack refuses a message of some 13,200 characters in all its blocks together, and a view of 250 kB.
MESSAGE_TEXT, VIEW_TEXT = 12_800, 60_000
MARKDOWN_TEXT = 12_000
# A command may be answered five times.
MESSAGES = 5
UNIT_BLOCKS = 10
MORE = "There is more than fits here."
SECTION, HEADER, BUTTON, PLACEHOLDER, TITLE, OPTION, LABEL = 3000, 150, 75, 150, 24, 75, 2000
VALUE, METADATA, FALLBACK, URL = 2000, 3000, 3000, 3000
OPTION_VALUE, OPTIONS = 150, 100
CONTEXT_ELEMENTS, ACTION_ELEMENTS = 10, 25
TABLE_ROWS = 100
ELLIPSIS = "…"
READ = frozenset({"text", "title", "caption", "label", "alt_text", "placeholder", "hint"})

_TOKEN = re.compile(r"&(?:amp|lt|gt);|<[^<>\n]*>|.", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
# mrkdwn has no escape for its marks: what looks like one gives way to a sign that looks the same.
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "*": "\u2217", "~": "\u223c"})
_UNDERLINE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_EMOJI = re.compile(r":(?=[^\s:]*[^\W\d][^\s:]*:)")
LOW_LINE, NOTHING = "\u02cd", "\u200b"


def escape(text: str) -> str:
    """Words of a document or a person as mrkdwn: `& < >` as entities, so that `<!channel>`, `<@U…>`, `<#C…>` and
    links are only text; `* _ ~` set nothing off and `:fire:` is no picture; control characters go."""
    text = _UNDERLINE.sub(LOW_LINE, _CONTROL.sub("", text))
    return _EMOJI.sub(f":{NOTHING}", text).translate(_ENTITIES)


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


def chunks(text: str, limit: int) -> list[str]:
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


def counted(number: int, noun: str) -> str:
    """ "1 answer", "2 answers"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(text, HEADER)}


def section(text: str, accessory: Block | None = None) -> Block:
    """A paragraph of mrkdwn, with something to press beside it."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return {**block, "accessory": accessory} if accessory else block


def prose(text: str) -> list[Block]:
    """Words that are not ours as paragraphs, shown as they stand."""
    return [{"type": "section", "text": plain(piece, SECTION)} for piece in chunks(_CONTROL.sub("", text), SECTION)]


def quote(text: str) -> list[Block]:
    """Words of a document, set as a quotation. Rich text shows every character as it stands: no marks, no links."""
    return [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": piece}]}],
        }
        for piece in chunks(_CONTROL.sub("", text), SECTION)
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
    blocks: Iterable[Block], limit: int = MESSAGE_BLOCKS, more: str = MORE, characters: int = MESSAGE_TEXT
) -> list[Block]:
    """These blocks, or as many as Slack takes, by number and by characters, with a line that says so."""
    listed = list(blocks)
    if _fits(listed, limit, characters):
        return listed
    end = context(more)
    shown: list[Block] = []
    for block in listed:
        if not _fits([*shown, block, end], limit, characters):
            break
        shown.append(block)
    return [*shown, end]


def split(
    blocks: Iterable[Block], ending: Sequence[Block] = (), messages: int = MESSAGES, more: str = MORE
) -> list[list[Block]]:
    """These blocks as one message or as several, at most so many, with the `ending` under the last; what does not fit
    is left out with a line that says so."""
    parts: list[list[Block]] = [[]]
    units = _together(blocks)
    while units and _fits([*parts[-1], *units[0], context(more), *ending], MESSAGE_BLOCKS, MESSAGE_TEXT):
        parts[-1] += units.pop(0)
        if (
            units
            and len(parts) < messages
            and not _fits([*parts[-1], *units[0], context(more), *ending], MESSAGE_BLOCKS, MESSAGE_TEXT)
        ):
            parts.append([])
    if units:
        parts[-1].append(context(more))
    return [*parts[:-1], [*parts[-1], *ending]]


def _together(blocks: Iterable[Block]) -> list[list[Block]]:
    """The blocks in runs that stay in one message: a heading, the quotes below it, and where they stand."""
    units: list[list[Block]] = []
    for block in blocks:
        above = units[-1][-1] if units else {}
        heading = above.get("type") == "section" and "accessory" not in above and block["type"] == "rich_text"
        belongs = heading or above.get("type") == "rich_text"
        if belongs and len(units[-1]) < UNIT_BLOCKS and weight([*units[-1], block]) < MESSAGE_TEXT // 3:
            units[-1].append(block)
        else:
            units.append([block])
    return units


def _fits(blocks: Sequence[Block], limit: int, characters: int) -> bool:
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    return len(blocks) <= limit and weight(blocks) <= characters and markdown <= MARKDOWN_TEXT


def weight(blocks: Any) -> int:
    """How many characters Slack counts in these blocks: all that is read, and nothing of what buttons carry along."""
    if isinstance(blocks, Mapping):
        return sum(
            len(value) if isinstance(value, str) else weight(value)
            for name, value in blocks.items()
            if name in READ or not isinstance(value, str)
        )
    return sum(map(weight, blocks)) if isinstance(blocks, list | tuple) else 0


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
        "blocks": fit(blocks, VIEW_BLOCKS, characters=VIEW_TEXT),
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
    return {"type": "home", "blocks": fit(blocks, VIEW_BLOCKS, characters=VIEW_TEXT)}
