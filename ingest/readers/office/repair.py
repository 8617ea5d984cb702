"""Put an Office file in the form that its readers know: Strict names in the usual ones, links to parts that are not
there left out."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Collection

from lxml import etree

_STRICT = b"http://purl.oclc.org/ooxml/"
_USUAL = re.compile(
    rb"http://purl\.oclc\.org/ooxml/(officeDocument|wordprocessingml|presentationml|drawingml|spreadsheetml|schemaLibrary)/"
)
# Where ISO Strict changed a name besides the year in it.
_RENAMED = ((b"extendedProperties", b"extended-properties"), (b"customProperties", b"custom-properties"))
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def sound(data: bytes, names: Collection[str]) -> bytes:
    """The package as its readers know it: the very same bytes where nothing is to be changed. Raises what zipfile and
    lxml raise for one that is damaged."""
    changed: dict[str, bytes] = {}
    known = {name.lower() for name in names}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        relations = {name: package.read(name) for name in names if name.endswith(".rels")}
        strict = any(_STRICT in text for text in relations.values())
        for name, text in relations.items():
            usual = _usual(text) if strict else text
            if (alive := _alive(name, usual, known)) != text:
                changed[name] = alive
        if strict:
            for name in names:
                if name.endswith(".xml") and _STRICT in (text := package.read(name)):
                    changed[name] = _usual(text)
        if not changed:
            return data
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as fresh:
            for name in dict.fromkeys(part.filename for part in package.infolist()):
                fresh.writestr(name, changed[name] if name in changed else package.read(name))
    return written.getvalue()


def _usual(text: bytes) -> bytes:
    """Strict names in the form of 2006, which says the same."""
    text = _USUAL.sub(rb"http://schemas.openxmlformats.org/\1/2006/", text)
    for strict, usual in _RENAMED:
        text = text.replace(b"/2006/" + strict, b"/2006/" + usual)
        text = text.replace(b"/relationships/" + strict, b"/relationships/" + usual)
    return text


def _alive(name: str, text: bytes, known: Collection[str]) -> bytes:
    """A list of relationships without those whose part is not in the package, or that lead out of it."""
    root = etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True))
    base = posixpath.dirname(posixpath.dirname(name))
    dead = [
        relation
        for relation in root.iter(_RELATION)
        if relation.get("TargetMode") != "External" and _part(base, relation.get("Target", "")) not in known
    ]
    for relation in dead:
        relation.getparent().remove(relation)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True) if dead else text


def _part(base: str, target: str) -> str:
    path = target if target.startswith("/") else posixpath.join("/", base, target)
    return posixpath.normpath(path).lstrip("/").lower()
