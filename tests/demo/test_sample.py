"""The sample trust loads, and its library is as varied as a real one."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections import Counter
from pathlib import Path

import docx
import pypdfium2
import pytest
from pptx import Presentation

from bot.config import trust
from bot.demo import sample
from bot.demo.sample import make
from knowledge.school.framework import load as load_framework

TRUST = trust.load(sample.TRUST_FILE)
FILES = sorted(path for path in sample.LIBRARY.rglob("*") if path.is_file())


def test_the_trust_has_five_schools_and_people_with_addresses_of_nobody() -> None:
    assert len(TRUST.schools) == 5
    assert {school.phase for school in TRUST.schools} == {"primary", "junior", "secondary", "special"}
    assert len(TRUST.people) >= 25
    assert all(person.email and person.email.endswith(".example") for person in TRUST.people)
    roles = {role for person in TRUST.people for role in person.roles}
    assert roles >= {"chief-executive", "executive", "trustee", "governance", "headteacher", "dsl", "sendco"}
    for school in TRUST.schools:
        assert any("headteacher" in person.roles and school.id in person.schools for person in TRUST.people)
        assert any("dsl" in person.roles and school.id in person.schools for person in TRUST.people)


def test_the_calendar_holds_together() -> None:
    for term in TRUST.terms:
        assert term.half_term
        assert term.start < term.half_term.start <= term.half_term.end < term.end
    for school in TRUST.schools:
        for day in school.inset_days:
            assert day.weekday() < 5
            term = next(term for term in TRUST.terms if term.start - datetime.timedelta(days=1) <= day <= term.end)
            assert term.half_term
            assert not term.half_term.start <= day <= term.half_term.end
        for year in (2025, 2026):
            first, last = datetime.date(year, 9, 1), datetime.date(year + 1, 8, 31)
            assert sum(first <= day <= last for day in school.inset_days) == 5
    assert len({school.inset_days for school in TRUST.schools}) == 5
    weekdays = ("monday", "tuesday", "wednesday", "thursday", "friday")
    for series in TRUST.meetings:
        assert all(weekdays[day.weekday()] == series.weekday for day in series.dates)


def test_the_agenda_is_the_frameworks_own() -> None:
    ours = [(item.id, item.name, item.priority) for item in TRUST.agenda]
    assert ours == [(item.id, item.name, item.priority) for item in load_framework().agenda]


def test_every_document_lies_in_a_folder_with_an_audience_and_every_folder_has_one() -> None:
    folders = {Path(rule.path) for rule in TRUST.library}
    assert {path.parent.relative_to(sample.TRUST_FILE.parent) for path in FILES} == folders


def test_there_are_thirty_documents_in_seven_formats_within_two_megabytes() -> None:
    assert len(FILES) >= 30
    assert set(Counter(path.suffix for path in FILES)) == {".md", ".txt", ".docx", ".pdf", ".pptx", ".html"}
    assert len({path.name for path in FILES}) == len(FILES)
    assert sum(path.stat().st_size for path in FILES) < 2_000_000


@pytest.mark.parametrize("family", ["behaviour-policy", "lettings-policy", "attendance-policy", "term-dates"])
def test_some_documents_come_in_versions(family: str) -> None:
    assert sum(path.name.startswith(family) for path in FILES) >= 2


def test_the_made_files_are_up_to_date_with_their_sources() -> None:
    for name, (source, form) in make.FILES.items():
        text = (make.SOURCES / source).read_text(encoding="utf-8")
        found = _text(sample.LIBRARY / name)
        if form is make.scan:
            assert not found.strip(), "a scan has no text of its own"
            continue
        words = [word for part in make.parts(text) for word in (part.text, *(c for row in part.rows for c in row))]
        for phrase in words:
            plain = phrase.replace("**", "").removeprefix("Notes: ")
            assert "".join(plain.split()) in found, f"{name}: {plain}; run python -m bot.demo.sample.make"


def _text(path: Path) -> str:
    """All that the file says, without white space."""
    words: list[str] = []
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        words += [paragraph.text for paragraph in document.paragraphs]
        words += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    elif path.suffix == ".pptx":
        for slide in Presentation(str(path)).slides:
            words += [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
            words += [c.text for s in slide.shapes if s.has_table for r in s.table.rows for c in r.cells]
            words += [slide.notes_slide.notes_text_frame.text] if slide.has_notes_slide else []
    elif path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as opened:
            words += [page.get_textpage().get_text_range() for page in opened]
    else:
        from bs4 import BeautifulSoup

        words.append(BeautifulSoup(path.read_bytes(), "lxml").get_text())
    return "".join("".join(words).split())


def test_making_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    once = {path.name: path.read_bytes() for path in make.make(tmp_path / "once")}
    again = {path.name: path.read_bytes() for path in make.make(tmp_path / "again")}
    assert once == again
    assert all(zipfile.is_zipfile(io.BytesIO(data)) for name, data in once.items() if name.endswith((".docx", ".pptx")))


def test_one_document_carries_control_sequences_and_orders_to_the_reader() -> None:
    text = next(path for path in FILES if path.name.startswith("fwd-")).read_text(encoding="utf-8")
    for sequence in ("<!channel>", "<@U", "<#C", "<!subteam^", "ignore your instructions", "&", "`", "*Offer"):
        assert sequence in text
