"""Every block that Slack knows, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from bot.demo.workspace.controls import standing
from bot.demo.workspace.page.drawing.controls import GROUPS, Controls
from bot.demo.workspace.page.drawing.marks import Marks
from bot.demo.workspace.state import Json
from bot.demo.workspace.terminal.mrkdwn import unescaped

STATES = {"pending": "○", "in_progress": "◐", "complete": "✓", "error": "✕"}


class Blocks:
    """Draws the blocks of one message or view. `pictures` is the address under which its reader fetches files."""

    def __init__(self, marks: Marks, pictures: str, blocks: Sequence[Json], kept: Json, prefix: str) -> None:
        self.marks = marks
        self.pictures = pictures
        self.blocks = blocks
        self.controls = Controls(marks, standing(blocks, kept), prefix)
        self.prefix = prefix

    def draw(self) -> Markup:
        """All of them, in order."""
        return self._all(self.blocks)

    def _all(self, blocks: Sequence[Json]) -> Markup:
        return Markup("\n").join(
            Markup('<div class="block {}">{}</div>').format(each["type"].replace("_", "-"), self._block(each))
            for each in blocks
        )

    def _block(self, block: Json) -> Markup:
        match block["type"]:
            case "section":
                return self._section(block)
            case "header":
                return Markup("<h3>{}</h3>").format(unescaped(block["text"]["text"]))
            case "divider":
                return Markup("<hr>")
            case "markdown":
                return self.marks.markdown(block["text"])
            case "context":
                return Markup(" ").join(self._small(each) for each in block["elements"])
            case "actions" | "context_actions":
                return Markup(" ").join(self.controls.element(block, each) for each in block["elements"])
            case "table" | "data_table":
                return self._table(block)
            case "image":
                return self._figure(block)
            case "input":
                return self._input(block)
            case "rich_text":
                return self.marks.rich(block["elements"])
            case "alert":
                return Markup('<p class="{}">{}</p>').format(
                    block.get("level", "default"), self.marks.text(block["text"])
                )
            case "task_card":
                return self._task(block)
            case "plan":
                return Markup("<p><strong>{}</strong></p>{}").format(block["title"], self._all(block.get("tasks", ())))
            case "card":
                return self._card(block)
            case "carousel":
                return self._all(block["elements"])
            case "container":
                title = self.marks.text(block.get("title"))
                return Markup("<p><strong>{}</strong></p>{}").format(title, self._all(block["child_blocks"]))
            case "data_visualization":
                return self._chart(block)
            case "video":
                return Markup('<p class="quiet">Video: {}</p>').format(unescaped(block["title"]["text"]))
            case other:
                return Markup('<p class="quiet">{}</p>').format(f"[{other}]")

    def _section(self, block: Json) -> Markup:
        words = self.marks.text(block.get("text"))
        fields = Markup("").join(Markup("<div>{}</div>").format(self.marks.text(each)) for each in
                                 block.get("fields", ()))  # fmt: skip
        if fields:
            words += Markup('<div class="fields">{}</div>').format(fields)
        beside = block.get("accessory")
        if not beside:
            return words
        drawn = (
            self.picture(beside, "beside-picture")
            if beside["type"] == "image"
            else self.controls.element(block, beside)
        )
        return Markup('<div class="words">{}</div><div class="beside">{}</div>').format(words, drawn)

    def _small(self, element: Json) -> Markup:
        if element["type"] == "image":
            return self.picture(element, "icon")
        return Markup("<span>{}</span>").format(self.marks.text(element))

    def picture(self, image: Json, kind: str = "") -> Markup:
        """A picture that was uploaded here; one from elsewhere is named only, as nothing is fetched from a network."""
        held = image.get("slack_file", {})
        key = held.get("id") or file_of(held.get("url") or image.get("image_url", ""))
        file = self.marks.state.files.get(key)
        if file is None:
            return Markup('<span class="elsewhere">Picture: {}</span>').format(image["alt_text"])
        return Markup('<img class="{}" src="{}/{}" alt="{}">').format(kind, self.pictures, key, image["alt_text"])

    def _figure(self, block: Json) -> Markup:
        title = block.get("title")
        words = Markup("<figcaption>{}</figcaption>").format(unescaped(title["text"])) if title else Markup()
        return Markup("<figure>{}{}</figure>").format(words, self.picture(block))

    def _input(self, block: Json) -> Markup:
        element = block["element"]
        ident = self.controls.ident(block, element)
        optional = Markup(' <span class="quiet">(optional)</span>') if block.get("optional") else Markup()
        hint, label = block.get("hint", {}).get("text", ""), unescaped(block["label"]["text"])
        control = self.controls.element(block, element, described=f"{ident}-hint", required=not block.get("optional"))
        below = Markup('<p class="hint" id="{}-hint">{}</p><p class="fault" role="alert" hidden></p>').format(
            ident, unescaped(hint)
        )
        sends = Markup(" data-dispatch") if block.get("dispatch_action") else Markup()
        if element["type"] in GROUPS:
            return Markup(
                '<fieldset class="field" data-field="{}"{}><legend>{}{}</legend>{}{}</fieldset>'
            ).format(block["block_id"], sends, label, optional, control, below)  # fmt: skip
        return Markup('<div class="field" data-field="{}"{}><label for="{}">{}{}</label>{}{}</div>').format(
            block["block_id"], sends, ident, label, optional, control, below
        )

    def _table(self, block: Json) -> Markup:
        head, *rest = block["rows"]
        columns = [each or {} for each in block.get("column_settings", ())]
        columns += [{}] * (len(head) - len(columns))

        def row(cells: Sequence[Json], tag: str) -> Markup:
            scope = Markup(' scope="col"') if tag == "th" else Markup()
            drawn = [
                Markup('<{}{} class="{}">{}</{}>').format(
                    tag, scope, f"to-{column.get('align', 'left')}", self._cell(cell), tag
                )
                for cell, column in zip(cells, columns, strict=True)
            ]
            return Markup("<tr>{}</tr>").format(Markup("").join(drawn))

        caption = block.get("caption")
        return Markup(
            '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table>{}<thead>{}</thead>'
            "<tbody>{}</tbody></table></div>"
        ).format(
            caption or "Table", Markup("<caption>{}</caption>").format(caption) if caption else "", row(head, "th"),
            Markup("").join(row(each, "td") for each in rest),
        )  # fmt: skip

    def _cell(self, cell: Json) -> Markup:
        if cell["type"] == "rich_text":
            return self.marks.rich(cell["elements"])
        return escape(str(cell.get("text", cell.get("value", ""))))

    def _task(self, block: Json) -> Markup:
        more = Markup("").join(self.marks.rich(block[key]["elements"]) for key in ("details", "output") if key in block)
        return Markup('<p><span aria-hidden="true">{}</span> {} <span class="quiet">({})</span></p>{}').format(
            STATES.get(block["status"], "·"), block["title"], block["status"].replace("_", " "), more
        )

    def _card(self, block: Json) -> Markup:
        parts = [self.picture(block["hero_image"])] if "hero_image" in block else []
        for key, tag in (("title", "strong"), ("subtitle", "span"), ("body", "span")):
            if key in block:
                parts.append(Markup("<p><{}>{}</{}></p>").format(tag, self.marks.text(block[key]), tag))
        parts += [self.controls.element(block, each) for each in block.get("actions", ())]
        return Markup("").join(parts)

    def _chart(self, block: Json) -> Markup:
        """A chart as the table that it is drawn from, which every reader can read."""
        chart = block["chart"]
        series = chart.get("series") or [{"name": "", "data": chart.get("segments", ())}]
        rows = Markup("").join(
            Markup("<tr><th>{}</th><td>{}</td><td>{}</td></tr>").format(each["name"], point["label"], point["value"])
            for each in series
            for point in each["data"]
        )
        return Markup("<figure><figcaption>{}</figcaption><table>{}</table></figure>").format(block["title"], rows)


def file_of(url: str) -> str:
    """The id of the file that an address of the workspace's own files names."""
    return url.partition("/files-pri/")[2].partition("/")[0].partition("-")[2]
