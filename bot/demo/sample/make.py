"""Make the sample library's Word, PDF, slides, web and scanned files: `python -m bot.demo.sample.make`."""

from __future__ import annotations

import datetime
import html
import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.demo.sample import LIBRARY

SOURCES = Path(__file__).parent / "sources"
TRUST = "Larkmere Learning Trust"
DAY_OF_MAKING = datetime.datetime(2026, 11, 2, 9, 0)  # noqa: DTZ001


@dataclass(frozen=True, slots=True)
class Part:
    """One block of a source: `rows` for a table, else `text`; `level` is a heading's depth."""

    kind: Literal["heading", "paragraph", "item", "table"]
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


def parts(source: str) -> Iterator[Part]:
    """Read the few Markdown forms that the sources use: headings, paragraphs, items and tables."""
    for block in re.split(r"\n\s*\n", source.strip()):
        lines = block.splitlines()
        if lines[0].startswith("|"):
            rows = [tuple(cell.strip() for cell in line.strip()[1:-1].split("|")) for line in lines]
            yield Part("table", rows=(rows[0], *rows[2:]))
        elif heading := re.match(r"(#+) (.*)", lines[0]):
            yield Part("heading", heading[2], level=len(heading[1]))
        elif lines[0].startswith("- "):
            yield from (Part("item", line.removeprefix("- ")) for line in lines)
        else:
            yield Part("paragraph", " ".join(lines))


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    for number, piece in enumerate(text.split("**")):
        if piece:
            yield piece, number % 2 == 1


def _title(found: list[Part]) -> str:
    return next(part.text for part in found if part.kind == "heading")


def word(source: str) -> bytes:
    """A Word document with heading styles, real tables and a running header."""
    import docx

    found = list(parts(source))
    document = docx.Document()
    document.core_properties.title = _title(found)
    document.core_properties.author = TRUST
    document.core_properties.created = document.core_properties.modified = DAY_OF_MAKING
    document.sections[0].header.paragraphs[0].text = TRUST
    for part in found:
        if part.kind == "heading":
            document.add_heading(part.text, 0 if part.level == 1 else part.level - 1)
        elif part.kind == "table":
            table = document.add_table(0, len(part.rows[0]), style="Table Grid")
            for row in part.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
        else:
            paragraph = document.add_paragraph(style="List Bullet" if part.kind == "item" else None)
            for text, bold in _runs(part.text):
                paragraph.add_run(text).bold = bold
    buffer = io.BytesIO()
    document.save(buffer)
    return _same_each_time(buffer.getvalue())


def slides(source: str) -> bytes:
    """A slide deck: a slide for each first-level heading, speaker's notes included."""
    import pptx
    from pptx.util import Cm, Pt

    found = list(parts(source))
    deck = pptx.Presentation()
    deck.core_properties.title = _title(found)
    deck.core_properties.author = TRUST
    deck.core_properties.created = deck.core_properties.modified = DAY_OF_MAKING
    slide: Any = None
    for part in found:
        if part.kind == "heading":
            slide = deck.slides.add_slide(deck.slide_layouts[0 if slide is None else 1])
            slide.shapes.title.text = part.text
        elif part.kind == "table":
            body = slide.placeholders[1]
            body.element.getparent().remove(body.element)
            shape = slide.shapes.add_table(len(part.rows), len(part.rows[0]), Cm(2), Cm(5), Cm(21), Cm(1))
            for y, row in enumerate(part.rows):
                for x, text in enumerate(row):
                    shape.table.cell(y, x).text = text
        elif part.text.startswith("Notes: "):
            slide.notes_slide.notes_text_frame.text = part.text.removeprefix("Notes: ")
        else:
            frame = slide.placeholders[1].text_frame
            paragraph = frame.paragraphs[0] if not frame.text else frame.add_paragraph()
            paragraph.text = part.text
            paragraph.font.size = Pt(22)
    buffer = io.BytesIO()
    deck.save(buffer)
    return _same_each_time(buffer.getvalue())


def _same_each_time(package: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, DAY_OF_MAKING.timetuple()[:6]), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def pdf(source: str) -> bytes:
    """A PDF with a header and a page number on each page, headings in bold and ruled tables."""
    from reportlab.lib import colors  # type: ignore[import-untyped, unused-ignore]
    from reportlab.lib.styles import getSampleStyleSheet  # type: ignore[import-untyped, unused-ignore]
    from reportlab.lib.units import cm  # type: ignore[import-untyped, unused-ignore]
    from reportlab.platypus import (  # type: ignore[import-untyped, unused-ignore]
        Paragraph,
        SimpleDocTemplate,
        Spacer,
        Table,
    )

    found = list(parts(source))
    style = getSampleStyleSheet()
    story: list[Any] = []
    for part in found:
        if part.kind == "heading":
            story.append(Paragraph(html.escape(part.text), style["Title" if part.level == 1 else "Heading2"]))
        elif part.kind == "table":
            cells = [[Paragraph(html.escape(cell), style["BodyText"]) for cell in row] for row in part.rows]
            shares = _shares(part.rows)
            widths = [17 * cm * share / sum(shares) for share in shares]
            story.append(
                Table(
                    cells,
                    widths,
                    style=[("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")],
                    repeatRows=1,
                )
            )
            story.append(Spacer(1, 8))
        else:
            marked = "".join(f"<b>{html.escape(t)}</b>" if bold else html.escape(t) for t, bold in _runs(part.text))
            story.append(Paragraph(marked, style["BodyText"]))

    def frame(canvas: Any, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(2 * cm, 28.3 * cm, f"{TRUST} - {_title(found)}")
        canvas.drawRightString(19 * cm, 1.3 * cm, f"Page {document.page}")

    buffer = io.BytesIO()
    template = SimpleDocTemplate(buffer, pagesize=(21 * cm, 29.7 * cm), title=_title(found), author=TRUST, invariant=1)
    template.build(story, onFirstPage=frame, onLaterPages=frame)
    return buffer.getvalue()


def _shares(rows: tuple[tuple[str, ...], ...]) -> list[int]:
    """How wide each column of a table should be, in parts."""
    return [min(max(max(map(len, column)), 9), 60) for column in zip(*rows, strict=True)]


def page(source: str) -> bytes:
    """A page as a school's website serves it, with its menu, banner and footer around the text."""
    found = list(parts(source))
    body: list[str] = []
    for part in found:
        if part.kind == "table":
            head, *rows = part.rows
            body.append("<table><thead>" + _html_row(head, "th") + "</thead><tbody>")
            body.extend(_html_row(row, "td") for row in rows)
            body.append("</tbody></table>")
        else:
            tag = {"heading": f"h{part.level}", "item": "li", "paragraph": "p"}[part.kind]
            marked = "".join(
                f"<strong>{html.escape(t)}</strong>" if bold else html.escape(t) for t, bold in _runs(part.text)
            )
            body.append(f"<{tag}>{marked}</{tag}>")
    text = "\n".join(body)
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>{html.escape(_title(found))}</title>
<style>.hidden {{ display: none }}</style><script>window.dataLayer = [];</script></head>
<body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/about">About us</a></li>
<li><a href="/parents">Parents</a></li><li><a href="/contact">Contact</a></li></ul></nav></header>
<div class="cookies" role="dialog" aria-label="Cookies">This site uses cookies. <button>Accept</button></div>
<main>
{text}
</main>
<footer>{TRUST}. Registered in England and Wales. <a href="/privacy">Privacy</a></footer>
</body>
</html>
""".encode()


def _html_row(cells: tuple[str, ...], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def scan(source: str) -> bytes:
    """A PDF that holds only a picture of a signed page, a little askew and speckled, as a copier makes it."""
    import reportlab  # type: ignore[import-untyped, unused-ignore]
    from PIL import Image, ImageDraw, ImageFilter, ImageFont

    dice = random.Random(7)  # noqa: S311
    sheet = Image.new("L", (1240, 1754), 250)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.truetype(str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"), 27)
    y = 110
    for line in source.strip().splitlines():
        pen.text((130, y), line.replace(" ", "  "), fill=25, font=font)
        y += 42 if line else 24
    hand = [(560 + 8 * step, y - 26 + dice.randint(-26, 26)) for step in range(30)]
    pen.line(hand, fill=60, width=4, joint="curve")
    pen.text((850, y - 42), "7  October  2026", fill=40, font=font)
    for _ in range(900):
        x, spot = dice.randrange(1240), dice.randrange(1754)
        pen.point((x, spot), fill=dice.randrange(120, 220))
    sheet = sheet.rotate(0.5, fillcolor=250, resample=Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(0.5))
    buffer = io.BytesIO()
    sheet.save(
        buffer,
        "PDF",
        resolution=150.0,
        quality=55,
        creationDate=DAY_OF_MAKING.timetuple(),
        modDate=DAY_OF_MAKING.timetuple(),
    )
    return buffer.getvalue()


FILES: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "policies/lettings-policy-2023.pdf": ("lettings-policy-2023.md", pdf),
    "policies/health-and-safety-policy-2025.pdf": ("health-and-safety-policy-2025.md", pdf),
    "policies/flexible-working-policy-2024.docx": ("flexible-working-policy-2024.md", word),
    "policies/data-protection-policy-2025.docx": ("data-protection-policy-2025.md", word),
    "policies/finance-regulations-2026.docx": ("finance-regulations-2026.md", word),
    "policies/complaints-procedure-2025.html": ("complaints-procedure-2025.md", page),
    "trust/scheme-of-delegation-2025.docx": ("scheme-of-delegation-2025.md", word),
    "trust/reading-strategy-2026.pptx": ("reading-strategy-2026.md", slides),
    "riverside/send-information-report-2026.html": ("send-information-report-2026.md", page),
    "oakfield-slt/oakfield-slt-minutes-2026-11-09.docx": ("oakfield-slt-minutes-2026-11-09.md", word),
    "westbrook-governors/westbrook-lgb-minutes-2026-10-21.pdf": ("westbrook-lgb-minutes-2026-10-21.md", pdf),
    "hazel-lane-governors/hazel-lane-lgb-minutes-2026-07-08-signed.pdf": ("hazel-lane-lgb-minutes-2026-07-08.md", scan),
}


def make(library: Path) -> tuple[Path, ...]:
    """Write every made file under `library`; the paths written, in order."""
    written = []
    for name, (source, form) in FILES.items():
        path = library / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(form((SOURCES / source).read_text(encoding="utf-8")))
        written.append(path)
    return tuple(written)


if __name__ == "__main__":
    make(LIBRARY)
