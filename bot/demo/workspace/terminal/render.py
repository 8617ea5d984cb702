"""Messages and views as a terminal shows them, with a number for everything that can be pressed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.demo.workspace.state import Json, Message, State
from bot.demo.workspace.terminal.mrkdwn import to_text, unescaped

ROOM_BEFORE = ("section", "header", "markdown", "rich_text", "actions", "context_actions", "input", "table", "card")
TOGETHER = (("rich_text", "section"), ("actions", "context_actions"))


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words with a bar along every line of them, however they wrap."""

    words: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        for line in self.words.wrap(console, options.max_width - 2):
            yield Text.assemble(("▎ ", "dim"), line)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something on the screen that can be pressed: where it is, its action_id, and the value that it stands for."""

    target: Message | Json
    action_id: str
    value: str | None
    label: str


@dataclass(slots=True)
class Rendering:
    """Turns blocks into renderables and collects the choices, numbered from 1, as it goes."""

    state: State
    zone: str = "Europe/London"
    choices: list[Choice] = field(default_factory=list)

    def message(self, message: Message) -> list[RenderableType]:
        """What a message shows: its blocks, or its text where it has none; Markdown comes before blocks."""
        shown: list[RenderableType] = []
        if message.text and (message.markdown or not message.blocks):
            shown.append(Markdown(unescaped(message.text)) if message.markdown else self.mrkdwn(message.text))
        shown += self.blocks(message.blocks, message)
        for attachment in message.attachments:
            shown += self.blocks(attachment.get("blocks", ()), message)
        shown += [Text(f"📎 {self.state.files[file].name}", "cyan") for file in message.files]
        return shown

    def view(self, view: Json) -> list[RenderableType]:
        """What a modal or Home view shows."""
        return self.blocks(view["blocks"], view)

    def mrkdwn(self, source: str) -> Text:
        """Slack's own mark-up as a person reads it."""
        return to_text(source, self.state, self.zone)

    def text(self, held: Json | None) -> Text:
        """A text object of either kind."""
        if not held:
            return Text()
        return Text(unescaped(held["text"])) if held["type"] == "plain_text" else self.mrkdwn(held["text"])

    def blocks(self, blocks: Sequence[Json], target: Message | Json) -> list[RenderableType]:
        """Blocks in order, with room where a new thought begins."""
        shown: list[RenderableType] = []
        for before, block in pairwise([{"type": "nothing"}, *blocks]):
            if shown and block["type"] in ROOM_BEFORE and (before["type"], block["type"]) not in TOGETHER:
                shown.append(Text())
            shown += self._block(block, target)
        return shown

    def _block(self, block: Json, target: Message | Json) -> Iterator[RenderableType]:
        match block["type"]:
            case "section":
                yield from self._section(block, target)
            case "header":
                yield Text(unescaped(block["text"]["text"]), "bold underline")
            case "divider":
                yield Rule(style="dim")
            case "markdown":
                yield Markdown(block["text"])
            case "context":
                pieces = [Text(each["alt_text"]) if each["type"] == "image" else self.text(each)
                          for each in block["elements"]]  # fmt: skip
                yield _dimmed(Text("  ").join(pieces))
            case "actions" | "context_actions":
                yield Text("  ").join([self._pressable(each, target) for each in block["elements"]])
            case "table" | "data_table":
                yield self._table(block)
            case "image" | "video":
                yield Text(f"[image: {block['alt_text']}]", "italic dim")
            case "input":
                yield self._input(block, target)
            case "rich_text":
                for each in block["elements"]:
                    yield from _rich(each)
            case "alert":
                yield Text.assemble(("! ", "bold yellow"), self.text(block["text"]))
            case "task_card":
                yield Text(f"· {block['title']} ({block['status'].replace('_', ' ')})", "dim")
            case "plan":
                yield Text(block["title"], "bold")
                yield from self.blocks(block.get("tasks", ()), target)
            case "card":
                yield from self._card(block, target)
            case "carousel":
                yield from self.blocks(block["elements"], target)
            case "container":
                yield self.text(block.get("title")) if "title" in block else Text()
                yield from self.blocks(block["child_blocks"], target)
            case "data_visualization":
                yield Text(f"[chart: {block['title']}]", "italic dim")
            case other:
                yield Text(f"[{other}]", "dim")

    def _section(self, block: Json, target: Message | Json) -> Iterator[RenderableType]:
        shown = self.text(block.get("text"))
        if "accessory" in block and block["accessory"]["type"] != "image":
            shown = Text.assemble(shown, "  ", self._pressable(block["accessory"], target))
        if shown:
            yield shown
        for each in block.get("fields", ()):
            yield Text.assemble("  ", self.text(each))

    def _card(self, block: Json, target: Message | Json) -> Iterator[RenderableType]:
        for key in ("title", "subtitle", "body"):
            if key in block:
                yield self.text(block[key])
        if "actions" in block:
            yield Text("  ").join([self._pressable(each, target) for each in block["actions"]])

    def _pressable(self, element: Json, target: Message | Json) -> Text:
        match element["type"]:
            case "button" | "icon_button" | "workflow_button":
                label = unescaped(element["text"]["text"])
                link = f" ({element['url']})" if "url" in element else ""
                return self._numbered(Choice(target, element["action_id"], element.get("value"), label), link)
            case "feedback_buttons":
                sides = [element[side] for side in ("positive_button", "negative_button")]
                choices = [
                    Choice(target, element["action_id"], side["value"], unescaped(side["text"]["text"]))
                    for side in sides
                ]
                return Text(" ").join([self._numbered(each) for each in choices])
            case "image":
                return Text(f"[image: {element['alt_text']}]", "italic dim")
            case _ if "options" in element:
                choices = [
                    Choice(target, element["action_id"], each["value"], unescaped(each["text"]["text"]))
                    for each in element["options"]
                ]
                return Text(" ").join([self._numbered(each) for each in choices])
            case other:
                return Text(f"[{other.replace('_', ' ')}]", "dim")

    def _numbered(self, choice: Choice, more: str = "") -> Text:
        self.choices.append(choice)
        return Text.assemble((f"[{len(self.choices)}] ", "bold green"), (choice.label, "green"), (more, "dim"))

    def _input(self, block: Json, target: Message | Json) -> Text:
        hint = block.get("hint", {}).get("text", "")
        label = Text.assemble(("▢ ", "green"), (block["label"]["text"], "bold"), (f"  {hint}" if hint else "", "dim"))
        options = [each["text"]["text"] for each in block["element"].get("options", ())]
        return Text.assemble(label, (f"\n   {' / '.join(options)}" if options else "", "dim"))

    def _table(self, block: Json) -> Table:
        head, *rest = block["rows"]
        table = Table(*[_cell(each) for each in head], title=block.get("caption"), title_justify="left")
        for row in rest:
            table.add_row(*[_cell(each) for each in row])
        return table


def _cell(cell: Json) -> str:
    if cell["type"] == "rich_text":
        return "".join(_rich_words(cell))
    return str(cell.get("text", cell.get("value", "")))


def _rich(element: Json) -> Iterator[RenderableType]:
    match element["type"]:
        case "rich_text_quote":
            yield Quoted(_rich_text(element))
        case "rich_text_list":
            for number, item in enumerate(element["elements"], 1):
                mark = f"{number}." if element.get("style") == "ordered" else "•"
                yield Padding(Text.assemble(f"{mark} ", _rich_text(item)), (0, 0, 0, 1 + 2 * element.get("indent", 0)))
        case "rich_text_preformatted":
            yield Text("".join(_rich_words(element)), "cyan")
        case _:
            yield _rich_text(element)


def _rich_text(element: Json) -> Text:
    pieces = [
        (word, " ".join(name for name in ("bold", "italic", "strike") if piece.get("style", {}).get(name)))
        for piece in element["elements"]
        for word in _rich_words({"elements": [piece]})
    ]
    return Text.assemble(*pieces)


def _rich_words(value: Any) -> Iterator[str]:
    for element in value.get("elements", ()):
        match element["type"]:
            case "text":
                yield element["text"]
            case "link":
                yield element.get("text", element["url"])
            case "user":
                yield f"@{element['user_id']}"
            case "channel":
                yield f"#{element['channel_id']}"
            case "emoji":
                yield unescaped(f":{element['name']}:")
            case _:
                yield from _rich_words(element)


def _dimmed(text: Text) -> Text:
    text.stylize("dim")
    return text
