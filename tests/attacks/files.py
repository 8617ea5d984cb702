"""Small files that harm who reads them, made as they are needed; each stands for its kind."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

import docx

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
GOOD = "Action: HB to ring the families of the absent pupils by 13 November 2026."


def pdf(*objects: str | bytes) -> bytes:
    """A PDF of these objects, the first its catalogue, with a true table of where they stand."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body.encode() if isinstance(body, str) else body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start))
    return out.getvalue()


def stream(content: bytes, entries: str = "", filters: str = "/FlateDecode", *, packed: bool = True) -> bytes:
    """A stream object."""
    data = zlib.compress(content, 9) if packed else content
    return b"<</Length %d/Filter %b%b>>\nstream\n%b\nendstream" % (len(data), filters.encode(), entries.encode(), data)


def _page(resources: str = "", box: str = "0 0 595 842") -> tuple[str, str, str]:
    return (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Resources<<{resources}>>/Contents 4 0 R>>",
    )


def nested_forms(times: int = 100, depth: int = 4) -> bytes:
    """A page that draws a form so many times, which draws the next one as often: times to the power of depth."""
    draw = b"/F Do " * times
    forms = [
        stream(draw, f"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</F {number + 1} 0 R>>>>")
        for number in range(5, 5 + depth)
    ]
    last = stream(b"0 0 1 1 re f ", "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<>>")
    return pdf(*_page("/XObject<</F 5 0 R>>"), stream(draw), *forms, last)


def flate_bomb(megabytes: int = 1500) -> bytes:
    """A page whose content is packed twice and unpacks to so many megabytes."""
    packer = zlib.compressobj(9)
    head = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    # From here on each megabyte packs to the same bytes, so that the bomb need not be packed whole.
    one = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    once = head + one * (megabytes - 1) + packer.flush()
    return pdf(*_page(), stream(once, filters="[/FlateDecode/FlateDecode]"))


def huge_scan(points: int = 14_400) -> bytes:
    """A page of so many points each way that is one picture of four dots."""
    picture = stream(
        b"\x00\xff\xff\x00", "/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8"
    )
    place = f"{points} 0 0 {points} 0 0 cm /I Do".encode()
    return pdf(*_page("/XObject<</I 5 0 R>>", f"0 0 {points} {points}"), stream(place), picture)


def page_tree_loop() -> bytes:
    """A tree of pages that is its own branch."""
    return pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000>>")


def word(*lines: str) -> bytes:
    """A good Word file of these lines."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _repacked(data: bytes, change: Callable[[str, bytes], bytes], **more: str) -> bytes:
    """A package with its parts changed and others added (`__` in a name stands for a slash)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, text in more.items():
            new.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def footnote_loop() -> bytes:
    """A Word file whose footnote cites itself twice."""
    cite = '<w:r><w:footnoteReference w:id="5"/></w:r>'
    notes = (
        f'<w:footnotes xmlns:w="{NAMESPACE}"><w:footnote w:id="5"><w:p><w:r><w:t>note</w:t></w:r>{cite}{cite}</w:p>'
        "</w:footnote></w:footnotes>"
    )

    def change(name: str, part: bytes) -> bytes:
        if name == "word/document.xml":
            return part.replace(b"</w:p>", f"{cite}</w:p>".encode(), 1)
        if name == "word/_rels/document.xml.rels":
            relation = f'<Relationship Id="rId77" Type="{OFFICE}/footnotes" Target="footnotes.xml"/></Relationships>'
            return part.replace(b"</Relationships>", relation.encode())
        if name == "[Content_Types].xml":
            kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
            return part.replace(
                b"</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'.encode()
            )
        return part

    return _repacked(word(GOOD), change, **{"word__footnotes.xml": notes})


def external_entity(path: str) -> bytes:
    """A Word file that asks for the contents of a file of the machine, past where a quick look for that ends."""
    entity = f'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file://{path}">]>'.encode()

    def change(name: str, part: bytes) -> bytes:
        if name != "word/document.xml":
            return part
        head, _, rest = part.partition(b"<w:document")
        body = rest.replace(b"<w:t>", b"<w:t>&x;", 1)
        return head + b"<!--" + b" " * 5000 + b"-->" + entity + b"<w:document" + body

    return _repacked(word(GOOD), change)


def dots(size: int = 9_000) -> bytes:
    """A line of dots, as forms have them to be filled in."""
    return b"." * size


def long_text(lines: int = 700_000) -> bytes:
    """A text with which nothing is wrong but its length: some forty seconds of the processor."""
    return b"Hirer: pays at once\n" * lines


def many_cells(size: int = 9_000) -> bytes:
    """One line of very many cells."""
    return (b"a | " * size)[:size]


def yaml_bomb(depth: int = 6, width: int = 9) -> str:
    """YAML of a few hundred bytes that is millions of values once its aliases are followed."""
    lines = [f"title: &a0 [{', '.join('x' * width)}]"]
    lines += [f"k{at}: &a{at} [{', '.join([f'*a{at - 1}'] * width)}]" for at in range(1, depth + 1)]
    return "\n".join(lines) + "\n"


def deep_yaml(depth: int = 20_000) -> str:
    """YAML in so many brackets."""
    return "title: " + "[" * depth + "]" * depth + "\n"


HOLD_THEIR_READER: dict[str, Callable[[], bytes]] = {
    "nested forms.pdf": nested_forms,
    "flate bomb.pdf": flate_bomb,
    "long text.txt": long_text,
    "huge scan.pdf": huge_scan,
    "dots.txt": dots,
}
"""Files that take their reader's time or memory without end, or did so before it was bounded, by name."""
