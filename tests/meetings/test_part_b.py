"""What may be confidential in notes is held closed until somebody who may says otherwise, and hints at nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.config.trust import Trust, load
from bot.errors import Refusal
from bot.library.intake import Intake
from bot.meetings import store
from bot.meetings.notes import blocks as blocks_notes
from bot.meetings.notes.draft import Draft
from bot.meetings.service import MeetingService
from knowledge.library.library import Library
from knowledge.passages import OPERATOR, Reader
from tests.meetings.conftest import TRUST, Clock, by_task, notes

if TYPE_CHECKING:
    from knowledge.embedding.encoder import Encoder

DOUBTFUL = """\
# Oakfield Local Governing Body: minutes of the meeting on Thursday 15 October 2026

Present: Gus Tranter (GT, chair), Ann Birch (AB). Clerk: Cleo Marsh.

## 1. Policies

Agreed: the lettings policy. Action: AB to publish the lettings policy by 23 October 2026.

## 2. Staffing matters

Action: AB to thank the lunchtime staff by 30 October 2026.

## 3. HR (Part 2)

It was agreed that the caretaker leaves with £9,000. Action: GT to sign the settlement papers by 30 October 2026.

## 4. Estates

Action: AB to mend the gate by 13 November 2026.
"""


def propose(room: MeetingService, by: str = "cleo") -> Draft:
    return room.drafts.propose(notes(DOUBTFUL, by))


def key(draft: Draft, words: str) -> str:
    return next(each.key for each in draft.sections if words in each.heading)


def tasks(room: MeetingService, reader: Reader) -> list[str]:
    return sorted(each.task for each in room.tracking.actions(reader))


def test_the_proposal_lists_what_is_held_closed_to_those_who_may_read_it(room: MeetingService) -> None:
    draft = propose(room)
    assert [each.heading for each in draft.sections] == ["2. Staffing matters", "3. HR (Part 2)"]
    assert {each.task: each.part_b for each in draft.actions}["Mend the gate"] is False
    told = repr(blocks_notes.proposal(draft, "")) + repr(blocks_notes.review(draft))
    assert told.count("Open this part") == 2
    assert "2 parts are held closed as Part B" in told
    other = room.drafts.find(draft.id, "ann")
    seen = repr(blocks_notes.proposal(other, "")) + repr(blocks_notes.review(other, may_confirm=True))
    assert not any(word in seen for word in ("Staffing matters", "HR (Part", "held closed", "£9,000", "lunchtime"))


def test_the_chair_opens_one_part_and_what_was_edited_stays(service: MeetingService, trust: Trust) -> None:
    draft = propose(service)
    service.drafts.edit_action(draft.id, "gus", by_task(draft, "Mend the gate"), task="Mend the east gate")
    opened = service.drafts.open_section(draft.id, "gus", key(draft, "Staffing"))
    assert [each.heading for each in opened.sections] == ["3. HR (Part 2)"]
    assert any(each.task == "Mend the east gate" for each in opened.actions)
    confirmed = service.drafts.confirm(draft.id, "gus")
    assert confirmed.meeting.opened == (key(draft, "Staffing"),)
    hal, ann = (trust.reader(trust.person(each)) for each in ("may", "ann"))
    assert tasks(service, ann) == ["Mend the east gate", "Publish the lettings policy", "Thank the lunchtime staff"]
    assert any("settlement" in task for task in tasks(service, hal)), "a reader of Part B"


@pytest.mark.parametrize("who", ["ann", "rex", "eve"])
def test_nobody_else_opens_it(room: MeetingService, who: str) -> None:
    draft = propose(room)
    with pytest.raises(Refusal):
        room.drafts.open_section(draft.id, who, key(draft, "Staffing"))
    assert len(room.drafts.find(draft.id, "cleo").sections) == 2


def test_it_can_be_opened_after_it_was_confirmed_and_once(service: MeetingService, trust: Trust) -> None:
    draft = propose(service)
    service.drafts.confirm(draft.id, "gus")
    ann = trust.reader(trust.person("ann"))
    own = {"Mend the gate", "Publish the lettings policy", "Thank the lunchtime staff"}
    assert set(tasks(service, ann)) == own, "whoever has to do it sees what it is"
    lines = {each.task: each.quote for each in service.tracking.actions(ann)}
    assert lines["Thank the lunchtime staff"] == ""
    service.drafts.open_section(draft.id, "gus", key(draft, "Staffing"))
    assert {each.task: each.quote for each in service.tracking.actions(ann)}["Thank the lunchtime staff"]
    with pytest.raises(Refusal, match="open already"):
        service.drafts.open_section(draft.id, "gus", key(draft, "Staffing"))
    assert not any("£9,000" in each.text for each in service.tracking.decisions(ann))


def test_a_corrected_version_keeps_open_what_was_opened_and_has_the_same_words(room: MeetingService) -> None:
    draft = propose(room)
    room.drafts.open_section(draft.id, "gus", key(draft, "Staffing"))
    room.drafts.confirm(draft.id, "gus")
    again = room.drafts.propose(notes(DOUBTFUL.replace("mend the gate", "mend both gates"), "cleo"))
    assert [each.heading for each in again.sections] == ["3. HR (Part 2)"]
    changed = DOUBTFUL.replace("to thank the lunchtime staff", "to warn one of the lunchtime staff")
    third = room.drafts.propose(notes(changed, "cleo"))
    assert [each.heading for each in third.sections] == ["2. Staffing matters", "3. HR (Part 2)"]


def test_a_head_whose_notes_name_no_chair_confirms_them_though_a_heading_is_doubtful(room: MeetingService) -> None:
    text = (
        "# Oakfield SLT: minutes of the meeting on Monday 2 November 2026\n\n## 1. Staff issues\n\n"
        "Action: HB to write the rota by 6 November 2026.\n"
    )
    draft = room.drafts.propose(notes(text, "ann"))
    assert draft.confidential
    assert room.drafts.may_confirm(draft, "ann")


FILE = "oakfield-lgb-minutes-2026-10-15.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "trust.yaml").write_text(TRUST, "utf-8")
    (tmp_path / "oakfield-lgb").mkdir()
    (tmp_path / "oakfield-lgb" / FILE).write_text(DOUBTFUL, "utf-8")
    return tmp_path


def told(library: Library, reader: Reader) -> str:
    return "\n".join(
        f"{document.title}\n{passage.text}\n{passage.heading}"
        for document in library.documents(reader)
        for passage, _ in library.contents(reader, document.id).values()
    )


def test_minutes_in_a_folder_give_their_part_b_to_its_readers_alone_until_the_chair_opens_it(
    engine: Engine, encoder: Encoder, folder: Path, clock: Clock
) -> None:
    trust = load(folder / "trust.yaml")
    library = Library(engine, encoder)
    intake = Intake(library, trust, folder / "home", engine)
    intake.reconcile()
    service = MeetingService(engine, trust, clock, library)
    readers = {each: trust.reader(trust.person(each)) for each in ("ann", "gus", "cleo", "may", "dana", "rex")}
    secrets = ("£9,000", "settlement", "lunchtime", "Staffing matters", "Part 2", "Part B")
    for person in ("ann", "dana"):
        assert "lettings policy" in told(library, readers[person])
        assert not any(secret in told(library, readers[person]) for secret in secrets)
    for person in ("gus", "cleo", "may"):
        assert "£9,000" in told(library, readers[person])
    assert told(library, readers["rex"]) == ""
    (draft,) = service.take_from_library()
    assert draft.part_b
    assert not readers["ann"].may_read(draft.part_b), "she reads the folder, and not its Part B"
    assert service.drafts.find(draft.id, "ann").sections == ()
    service.drafts.open_section(draft.id, "gus", key(draft, "Staffing"))
    service.drafts.confirm(draft.id, "gus")
    assert not any(secret in told(library, readers["ann"]) for secret in ("£9,000", "settlement", "Part 2"))
    intake.reconcile()
    assert "lunchtime" in told(library, readers["ann"])
    assert not any(secret in told(library, readers["ann"]) for secret in ("£9,000", "settlement", "Part 2", "Part B"))
    assert intake.reconcile().changed == ()


def test_who_leaves_the_part_b_s_readers_reads_it_no_more_and_who_joins_them_after_the_next_sync(
    engine: Engine, encoder: Encoder, folder: Path
) -> None:
    library = Library(engine, encoder)
    trust = load(folder / "trust.yaml")
    Intake(library, trust, folder / "home", engine).reconcile()
    assert "£9,000" in told(library, trust.reader(trust.person("may")))
    group = "name: Readers of Part B minutes, roles: [trustee], people: [cleo]"
    (folder / "trust.yaml").write_text(
        TRUST.replace(group, "name: Readers of Part B minutes, people: [dana, rex]"), "utf-8"
    )
    trust = load(folder / "trust.yaml")
    may, dana, rex = (trust.reader(trust.person(each)) for each in ("may", "dana", "rex"))
    assert "£9,000" not in told(library, may)
    Intake(library, trust, folder / "home", engine).reconcile()
    assert "£9,000" not in told(library, may)
    assert "£9,000" in told(library, dana)
    assert told(library, rex) == "", "he may not read the folder"


def test_who_reads_the_part_b_but_not_the_folder_reads_neither(engine: Engine, encoder: Encoder, folder: Path) -> None:
    (folder / "trust.yaml").write_text(TRUST.replace("[oakfield-lgb, board]", "[oakfield-lgb]"), "utf-8")
    trust = load(folder / "trust.yaml")
    library = Library(engine, encoder)
    Intake(library, trust, folder / "home", engine).reconcile()
    assert told(library, trust.reader(trust.person("may"))) == ""
    assert "£9,000" in told(library, trust.reader(trust.person("cleo")))
    nobody = TRUST.replace("people: [gus, ann, cleo]", "people: [ann]").replace(
        "[oakfield-lgb, board]", "[oakfield-lgb]"
    )
    (folder / "trust.yaml").write_text(nobody, "utf-8")
    trust = load(folder / "trust.yaml")
    Intake(library, trust, folder / "home", engine).reconcile()
    assert not any("£9,000" in told(library, trust.reader(each)) for each in trust.people)
    assert "£9,000" in told(library, OPERATOR)


def test_a_meeting_confirmed_before_its_heading_was_known_is_closed_in_the_library(
    engine: Engine, encoder: Encoder, trust: Trust, clock: Clock
) -> None:
    library = Library(engine, encoder)
    service = MeetingService(engine, trust, clock, library)
    draft = propose(service)
    for section in draft.sections:
        service.drafts.open_section(draft.id, "gus", section.key)
    confirmed = service.drafts.confirm(draft.id, "gus")
    assert confirmed.meeting.part_b is None
    ann = trust.reader(trust.person("ann"))
    assert "£9,000" in told(library, ann)
    with Session(engine) as session, session.begin():
        as_before = replace(confirmed.meeting, opened=())
        store.put_meeting(session, as_before, draft.digest, ())
    service.file_all()
    notes_of = [each for each in library.documents(ann) if ", notes, " in each.title]
    texts = [passage.text for each in notes_of for passage, _ in library.contents(ann, each.id).values()]
    assert "£9,000" not in "\n".join(texts)
