"""Files for benchmarks: PDFs with headings, running heads and page numbers, and small Markdown notes."""

from __future__ import annotations

import random
from pathlib import Path

from tests.benchmarks.words import paragraphs

_KINDS = ("Attendance policy", "Lettings policy", "Staff handbook", "Visits guidance", "Accessibility plan")
_HEADINGS = ("Purpose", "Who this is for", "What we do", "Responsibilities", "Records", "Appeals", "Review")


def pdfs(folder: Path, count: int, sections: int = 9, seed: int = 3) -> list[Path]:
    """`count` PDFs of some six pages each, made of the sample trust's paragraphs in another order in each."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate

    styles = getSampleStyleSheet()
    chance = random.Random(seed)
    made = []
    for number in range(count):
        title = f"{chance.choice(_KINDS)} {2000 + number}"

        def running(canvas: Canvas, document: SimpleDocTemplate, title: str = title) -> None:
            canvas.drawString(60, 815, f"Five Rivers Trust · {title}")
            canvas.drawString(500, 25, f"Page {document.page}")

        story: list[Flowable] = [Paragraph(title, styles["Title"])]
        for section in range(1, sections + 1):
            story.append(Paragraph(f"{section}. {chance.choice(_HEADINGS)}", styles["Heading2"]))
            story.extend(Paragraph(_escaped(each), styles["BodyText"]) for each in chance.sample(paragraphs(), 9))
        path = folder / f"{title.lower().replace(' ', '-')}.pdf"
        SimpleDocTemplate(str(path), pagesize=A4, title=title).build(story, running, running)
        made.append(path)
    return made


def notes(folder: Path, count: int, seed: int = 5) -> None:
    """`count` short Markdown files in folders of fifty."""
    chance = random.Random(seed)
    for number in range(count):
        path = folder / f"notes-{number // 50:02}" / f"note-{number:04}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# Note {number}\n\n{chance.choice(paragraphs())}\n", "utf-8")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
