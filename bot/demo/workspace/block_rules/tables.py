"""Every block that Slack knows, as a table of its fields and limits, and the check of a whole message or view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from bot.demo.workspace.block_rules.check import (  # fmt: skip
    BUTTONS,
    ELEMENTS,
    EVERYWHERE,
    ID,
    IMAGE,
    KIND,
    MESSAGE,
    MODAL,
    PICKERS,
    SELECTS,
    SLACK_FILE,
    TEXT_INPUTS,
    URL,
    VIEWS,
    Rule,
    Spec,
    Surface,
    anything,
    boolean,
    many,
    number,
    one_of,
    plain,
    shape,
    string,
    text,
    typed,
)

MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MARKDOWN_TOGETHER = 12_000
MESSAGE_TOGETHER = 13_000
TABLE_TOGETHER = 10_000


def _block(
    required: Sequence[str] = (),
    any_of: Sequence[str] = (),
    surfaces: frozenset[Surface] = EVERYWHERE,
    **fields: Rule,
) -> Spec:
    return Spec({"type": KIND, "block_id": ID, **fields}, required, any_of, surfaces)


RICH_TEXT = typed({"rich_text": _block(["elements"], elements=many(anything, 1000, 0))})
CELL = typed(
    {
        "raw_text": Spec({"type": KIND, "text": string(3000)}, ["text"]),
        "raw_number": Spec({"type": KIND, "value": anything, "text": string(3000)}, ["value"]),
        "rich_text": _block(["elements"], elements=many(anything, 1000, 0)),
    }
)
COLUMN = shape([], align=one_of("left", "center", "right"), is_wrapped=boolean)
POINT = shape(["label", "value"], label=string(20), value=number(-1e15, 1e15))
AXES = shape([], categories=many(string(20), 20), x_label=string(50), y_label=string(50))
SERIES = shape(["name", "data"], name=string(20), data=many(POINT, 20))
CHART = typed(
    {
        "pie": Spec({"type": KIND, "segments": many(POINT, 12)}, ["segments"]),
        **{
            kind: Spec({"type": KIND, "series": many(SERIES, 6), "axis_config": AXES}, ["series"])
            for kind in ("bar", "line", "area")
        },
    }
)
TASK = _block(
    ["task_id", "title", "status"], surfaces=MESSAGE,
    task_id=ID, title=string(256), details=RICH_TEXT, output=RICH_TEXT, sources=many(typed(ELEMENTS, "url"), 50, 0),
    status=one_of("pending", "in_progress", "complete", "error"),
)  # fmt: skip
CARD = _block(
    [], ["hero_image", "title", "actions", "body"],
    hero_image=typed({"image": IMAGE}), icon=typed({"image": IMAGE}), title=text(150), subtitle=text(150),
    body=text(200), actions=many(typed(ELEMENTS, "button"), 5),
)  # fmt: skip

BLOCKS: dict[str, Spec] = {
    "section": _block(
        [], ["text", "fields"],
        text=text(3000), fields=many(text(2000), 10), expand=boolean,
        accessory=typed(ELEMENTS, *BUTTONS, *SELECTS, *PICKERS, "image"),
    ),
    "header": _block(["text"], text=plain(150)),
    "divider": _block(),
    "image": _block(
        ["alt_text"], ["image_url", "slack_file"],
        image_url=URL, slack_file=SLACK_FILE, alt_text=string(2000), title=plain(2000),
    ),
    "actions": _block(
        ["elements"], elements=many(typed(ELEMENTS, *BUTTONS, *SELECTS, *PICKERS, "datetimepicker"), 25)
    ),
    "context": _block(["elements"], elements=many(typed({
        "image": IMAGE,
        "mrkdwn": Spec({"type": KIND, "text": string(3000), "verbatim": boolean}, ["text"]),
        "plain_text": Spec({"type": KIND, "text": string(3000), "emoji": boolean}, ["text"]),
    }), 10)),
    "context_actions": _block(
        ["elements"], surfaces=MESSAGE, elements=many(typed(ELEMENTS, "feedback_buttons", "icon_button"), 5)
    ),
    "input": _block(
        ["label", "element"],
        label=plain(2000), hint=plain(2000), optional=boolean, dispatch_action=boolean,
        element=typed(ELEMENTS, *SELECTS, *PICKERS, *TEXT_INPUTS, "datetimepicker"),
    ),
    "markdown": _block(["text"], surfaces=MESSAGE, text=string(MARKDOWN_TOGETHER)),
    "rich_text": _block(["elements"], elements=many(anything, 1000, 0)),
    "table": _block(
        ["rows"], surfaces=MESSAGE,
        rows=many(many(CELL, 20), 100), column_settings=many(COLUMN, 20, 0),
    ),
    "data_table": _block(
        ["caption", "rows"], surfaces=MESSAGE,
        caption=string(150), rows=many(many(CELL, 20), 201, 2), page_size=number(1, 100),
        row_header_column_index=number(0, 19),
    ),
    "data_visualization": _block(["title", "chart"], surfaces=MESSAGE, title=string(50), chart=CHART),
    "task_card": TASK,
    "plan": _block(
        ["title"], surfaces=MESSAGE, title=string(256), tasks=many(typed({"task_card": TASK}), 50, 0)
    ),
    "alert": _block(
        ["text"], surfaces=MODAL, text=text(3000), level=one_of("default", "info", "warning", "error", "success")
    ),
    "card": CARD,
    "carousel": _block(["elements"], elements=many(typed({"card": CARD}), 10)),
    "file": _block(["external_id", "source"], surfaces=MESSAGE, external_id=ID, source=one_of("remote")),
    "video": _block(
        ["alt_text", "title", "thumbnail_url", "video_url"],
        alt_text=string(2000), author_name=string(50), description=plain(200), provider_icon_url=URL,
        provider_name=string(50), title=plain(200), title_url=URL, thumbnail_url=URL, video_url=URL,
    ),
}  # fmt: skip
BLOCKS["container"] = _block(
    ["child_blocks"], ["title", "rich_text_title"],
    title=plain(150), rich_text_title=RICH_TEXT, subtitle=text(150), icon=typed({"image": IMAGE}),
    child_blocks=many(lambda value, at, surface: typed(BLOCKS)(value, at, surface), 10),
    width=one_of("narrow", "standard", "wide", "full"), is_collapsible=boolean, default_collapsed=boolean,
    has_header_divider=boolean,
)  # fmt: skip
VIEW = Spec(
    {
        "type": one_of("modal", "home"), "title": plain(24), "submit": plain(24), "close": plain(24),
        "blocks": anything, "private_metadata": string(3000, 0), "callback_id": string(255, 0),
        "external_id": string(255, 0), "clear_on_close": boolean, "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
    ["type", "blocks"], surfaces=VIEWS,
)  # fmt: skip


def faults_in_blocks(blocks: Any, surface: Surface, at: str = "/blocks") -> list[str]:
    """Slack's words for everything wrong with these blocks; empty when they may be shown on the surface."""
    found = list(many(typed(BLOCKS), MOST_BLOCKS[surface], 0)(blocks, at, surface))
    if found:
        return found
    return [
        *_repeated(blocks, at),
        *_at_most_per_message(blocks, at, {"table": 1, "data_visualization": 2}),
        *_too_much_markdown(blocks, at),
        *_uneven_tables(blocks, at),
        *_initial_without_option(blocks, at),
    ]


def faults_in_view(view: Any) -> list[str]:
    """Slack's words for everything wrong with a modal or Home view."""
    surface: Surface = "home" if isinstance(view, dict) and view.get("type") == "home" else "modal"
    found = list(VIEW.check(view, "/view", surface))
    if not isinstance(view, dict):
        return found
    if surface == "modal" and "title" not in view:
        found.append("[ERROR] missing required field: title [json-pointer:/view]")
    if surface == "home":
        found += [
            f"[ERROR] invalid additional property: {name} [json-pointer:/view/{name}]"
            for name in ("title", "submit", "close")
            if name in view
        ]
    blocks = view.get("blocks", [])
    found += faults_in_blocks(blocks, surface, "/view/blocks")
    asks = isinstance(blocks, list) and any(isinstance(each, dict) and each.get("type") == "input" for each in blocks)
    if surface == "modal" and asks and "submit" not in view:
        found.append("[ERROR] missing required field: submit, as the view has an input block [json-pointer:/view]")
    return found


def too_long_together(blocks: Sequence[dict[str, Any]]) -> bool:
    """Whether the words of a message's blocks exceed what one message may hold."""
    return sum(len(words) for block in blocks for words in _words(block)) > MESSAGE_TOGETHER


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            if name in ("text", "title", "caption", "label") and isinstance(item, str):
                yield item
            else:
                yield from _words(item)
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)


def _repeated(blocks: list[dict[str, Any]], at: str) -> Iterator[str]:
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    for index, block in enumerate(blocks):
        if ids[block.get("block_id", "")] > 1:
            yield f"[ERROR] block_id already exists: {block['block_id']} [json-pointer:{at}/{index}/block_id]"
        elements = [each for each in block.get("elements", []) if isinstance(each, dict) and "action_id" in each]
        actions = Counter(each["action_id"] for each in elements)
        for action, count in actions.items():
            if count > 1:
                yield f"[ERROR] action_id already exists: {action} [json-pointer:{at}/{index}/elements]"


def _initial_without_option(blocks: list[dict[str, Any]], at: str) -> Iterator[str]:
    for index, block in enumerate(blocks):
        held = [block.get("accessory"), block.get("element"), *block.get("elements", ())]
        for element in held:
            if not isinstance(element, dict) or not {"options", "option_groups"} & set(element):
                continue
            groups = [element, *element.get("option_groups", ())]
            options = [option for group in groups for option in group.get("options", ())]
            chosen = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", ())
            if any(each not in options for each in chosen):
                yield f"[ERROR] initial option must be one of the options [json-pointer:{at}/{index}]"


def _at_most_per_message(blocks: list[dict[str, Any]], at: str, limits: dict[str, int]) -> Iterator[str]:
    for kind, most in limits.items():
        if sum(block["type"] == kind for block in blocks) > most:
            yield f"[ERROR] no more than {most} {kind} allowed in a message [json-pointer:{at}]"


def _too_much_markdown(blocks: list[dict[str, Any]], at: str) -> Iterator[str]:
    total = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if total > MARKDOWN_TOGETHER:
        yield f"[ERROR] markdown together must be less than {MARKDOWN_TOGETHER + 1} characters [json-pointer:{at}]"


def _uneven_tables(blocks: list[dict[str, Any]], at: str) -> Iterator[str]:
    for index, block in enumerate(blocks):
        if block["type"] not in ("table", "data_table"):
            continue
        if len({len(row) for row in block["rows"]}) > 1:
            yield f"[ERROR] all rows must have the same number of cells [json-pointer:{at}/{index}/rows]"
        if sum(map(len, _words(block["rows"]))) > TABLE_TOGETHER:
            yield f"[ERROR] table must be less than {TABLE_TOGETHER + 1} characters [json-pointer:{at}/{index}]"
