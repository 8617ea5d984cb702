"""Read PDF files."""

from __future__ import annotations

from ingest.clean import ITEM, item, join_lines, vocabulary
from ingest.reading import Block, Reading, Unreadable


def read_pdf(data: bytes) -> Reading:
    """Words page by page."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("The PDF is locked with a password or damaged. Save it again without a password.") from error
    blocks: list[Block] = []
    for number, page in enumerate(document, 1):
        lines = page.get_textpage().get_text_range().splitlines()
        words = vocabulary(lines)
        part: list[str] = []
        for line in [*lines, ""]:
            if part and (not line.strip() or ITEM.match(line) or part[-1].rstrip().endswith((".", ":"))):
                text = join_lines(part, words)
                if text:
                    blocks.append(Block(item(text), "item", page=number) if ITEM.match(text) else Block(text, page=number))
                part = []
            part.append(line)
    return Reading(tuple(blocks), unit="page", pages=len(document))
