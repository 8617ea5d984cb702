"""Where a confidential part of minutes begins, where it ends, and what opens it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.minutes.part_b import Parted, part
from ingest.readers.read import read_bytes
from ingest.readers.reading import Block, Reading

TOP = "# Oakfield LGB: minutes of 15 October 2026\n\nPresent: Gus Tranter (chair).\n\n"


def parted(text: str, **options: object) -> Parted:
    return part(read_bytes((TOP + text).encode(), ".md"), **options)  # type: ignore[arg-type]


def closed(text: str) -> str:
    return parted(text).closed.text


@pytest.mark.parametrize(
    "heading",
    [
        "Part 2",
        "PART 2 - CONFIDENTIAL",
        "STAFFING MATTERS (PART B)",
        "In camera",
        "7. HR matters – confidential",
        "Restricted items",
        "Governors only, staff having withdrawn",
        "Pink minutes",
        "Appendix 2 (not for publication)",
        "Staff grievance",
        "B1. Pay",
    ],
)
def test_a_heading_that_may_mean_it_closes(heading: str) -> None:
    found = parted(f"## 6. Policies\n\nApproved.\n\n## {heading}\n\nThe caretaker got £9,000.\n")
    assert "£9,000" not in found.open.text
    assert heading not in found.open.text
    assert "Approved." in found.open.text


@pytest.mark.parametrize("heading", ["Part A", "Confidentiality policy", "Staffing update", "CCTV cameras", "Close"])
def test_a_heading_that_does_not_mean_it_stays_open(heading: str) -> None:
    assert closed(f"## {heading}\n\nWords of it.\n") == ""


def test_an_item_ends_with_the_next_number_and_a_container_does_not() -> None:
    item = "## 7. HR matters – confidential\n\nSecret.\n\n## 8. Finance\n\nThe budget.\n"
    assert "The budget." not in closed(item)
    container = "## 7. Part B\n\nSecret.\n\n## 8. Finance\n\nThe budget.\n\n## 9. Date of next meeting\n\n3 December.\n"
    found = parted(container)
    assert "The budget." in found.closed.text, "it may be an item of Part B"
    assert "3 December." in found.open.text
    assert [each.heading for each in found.sections] == ["7. Part B", "8. Finance"]


def test_in_doubt_it_stays_closed_each_heading_apart_and_a_higher_one_ends_it() -> None:
    found = parted("## HR matters (confidential)\n\nSecret.\n\n## Lettings\n\nThe hall.\n")
    assert [each.heading for each in found.sections] == ["HR matters (confidential)", "Lettings"]
    assert {each.why for each in found.sections} == {"HR matters (confidential)"}
    below = "## 3. Staffing\n\nTwo posts.\n\n### Confidential\n\nSecret.\n\n## 4. Finance\n\nThe budget.\n"
    assert parted(below).closed.text == "Confidential\nSecret."


@pytest.mark.parametrize(
    "ending",
    ["## Part A, continued", "## Return to open session", "The public were re-admitted and the open meeting resumed."],
)
def test_a_return_to_the_open_part_ends_it(ending: str) -> None:
    found = parted(f"## Part B\n\nSecret.\n\n{ending}\n\nThe fete is in June.\n")
    assert "The fete is in June." in found.open.text
    assert "Secret." in found.closed.text


def test_nothing_to_say_closes_nothing() -> None:
    assert parted("## 12. Part B\n\nNone.\n\n## 13. Dates\n\n3 December.\n").sections == ()
    assert parted("| Item | Notes |\n|---|---|\n| 12 Part B | None. |\n| 13 Dates | 3 December |\n").sections == ()


def test_a_row_closes_with_the_rows_that_go_on_with_it() -> None:
    table = (
        "| No | Item | Notes |\n|---|---|---|\n| 6 | Policies | Approved |\n"
        "| 7 | Staffing (confidential) | A settlement |\n"
        "|  |  | of £9,000 |\n| 8 | Estates | The gate |\n"
    )
    found = parted(table)
    assert "settlement" not in found.open.text
    assert "£9,000" not in found.open.text
    assert "The gate" in found.open.text
    whole = parted("| Item | Notes |\n|---|---|\n| Policies | Approved |\n| PART B |  |\n| Pay | Secret |\n")
    assert "Secret" not in whole.open.text
    assert "Approved" in whole.open.text


def test_an_agenda_that_lists_a_part_b_closes_its_line_alone() -> None:
    found = part(
        read_bytes(
            b"LGB agenda\n\nMinutes\n\n8. Lettings\n9. Part B\n10. Date of next meeting\n\nThe hall is let.\n", ".txt"
        )
    )
    assert "The hall is let." in found.open.text
    assert "Part B" not in found.open.text


def test_a_line_that_says_so_of_itself_closes_to_the_next_heading() -> None:
    found = parted(
        "## 3. Staffing\n\nTwo posts.\n\nConfidential: the caretaker leaves.\n\nHe gets £9,000.\n\n"
        "## 4. Estates\n\nThe gate.\n"
    )
    assert found.closed.text == "Confidential: the caretaker leaves.\nHe gets £9,000."
    moved = parted("## 3. Staffing\n\nThe meeting moved into closed session.\n\nHe gets £9,000.\n")
    assert "£9,000" in moved.closed.text
    assert "closed session" not in moved.open.text


@pytest.mark.parametrize(
    ("name", "running", "top"),
    [
        ("lgb Part_B minutes 2026-10-15.docx", "", ""),
        ("minutes-confidential.pdf", "", ""),
        ("minutes.pdf", "CONFIDENTIAL | Oakfield", ""),
        ("minutes.pdf", "", "Not for publication"),
        ("minutes.pdf", "", "These minutes are confidential."),
    ],
)
def test_a_file_is_closed_whole_by_its_name_its_running_head_or_its_top(name: str, running: str, top: str) -> None:
    reading = read_bytes(f"{TOP}{top}\n\n## 1. Lettings\n\nThe hall.\n".encode(), ".md")
    found = part(replace(reading, properties={"running": running}), name=name)
    assert found.whole
    assert [each.heading for each in found.sections] == ["All of these notes"]
    opened = part(replace(reading, properties={"running": running}), [found.sections[0].key], name)
    assert opened.open == replace(reading, properties={"running": running})


@pytest.mark.parametrize(
    "top",
    ["Confidentiality working group", "All were reminded that what is said here is confidential.", "Part A minutes"],
)
def test_a_file_is_not_closed_for_speaking_of_it(top: str) -> None:
    assert parted(f"{top}\n\n## 1. Lettings\n\nThe hall.\n").sections == ()


def test_opening_one_section_opens_that_one_until_its_words_change() -> None:
    text = "## Staff issues\n\nThe rota.\n\n## Lettings\n\nThe hall.\n\n## Pay (confidential)\n\nSecret.\n"
    found = parted(text)
    assert [each.heading for each in found.sections] == ["Staff issues", "Pay (confidential)"]
    key = found.sections[0].key
    opened = parted(text, opened=[key])
    assert "The rota." in opened.open.text
    assert "Secret." in opened.closed.text
    assert "The rota." in parted(text.replace("The rota.", "The rota. A warning."), opened=[key]).closed.text


KINDS = st.sampled_from(["heading", "paragraph", "item", "row"])
LINES = st.sampled_from(
    ["Part B", "7. HR – confidential", "8. Estates", "None", "Part A", "Approved.", "Staff grievance",
     "12 | Part B | x",
     "The meeting moved into private session.", "Returned to open session", "Confidential: he left", "PART B | |"]
)  # fmt: skip


@given(st.lists(st.builds(lambda text, kind, level: Block(text, kind, level if kind == "heading" else 0),
                          LINES, KINDS, st.integers(1, 3)), min_size=1, max_size=14))  # fmt: skip
def test_nothing_is_lost_and_all_keys_open_all(blocks: list[Block]) -> None:
    reading = Reading(tuple(blocks))
    found = part(reading)
    assert sorted(map(repr, (*found.open.blocks, *found.closed.blocks))) == sorted(map(repr, blocks))
    assert sorted(at for each in found.sections for at in each.blocks) == sorted(
        {at for each in found.sections for at in each.blocks}
    )
    keys: set[str] = set()
    while found.sections:
        keys |= {each.key for each in found.sections}
        found = part(reading, keys)
    assert found.open.blocks == tuple(blocks)
