"""What version 0.1 left in the inbox, and in forms that were open, is read by the version after it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.ask.payloads import AboutForm, AboutPayload, CommandPayload, MessagePayload, SharePayload
from bot.digest.payloads import AnswerForm, AnswerPayload, LineButton, PressPayload
from bot.digest.payloads import CommandPayload as DigestCommand
from bot.insights.slack import InsightPayload
from bot.meetings.payloads import (
    ActionForm,
    AgendaButton,
    AgendaPayload,
    DecisionChoice,
    DecisionPayload,
    DraftForm,
    DraftPayload,
    FilePayload,
    ItemWords,
    ListChoice,
    MakeForm,
    NotMinePayload,
    OwnersPayload,
    PastedPayload,
    ReturnForm,
    ReturnPayload,
)
from bot.privacy.slack import PrivacyPayload
from bot.pulse.payloads import Invitation
from bot.runtime.payload import JobPayload, Payload
from bot.standard.payloads import StandardForm

KEPT = {"user": "U1", "event": "view:V1", "at": "2026-11-23T15:05:00+00:00"}
AT = datetime(2026, 11, 23, 15, 5, tzinfo=UTC)
OF_THE_ROOM = {"user": "U1", "event": "view:V1", "at": AT}
MESSAGE = {"user": "U1", "channel": "C1", "ts": "1.1", "thread": "1.1", "text": "Why?"}

# As version 0.1 wrote them: all values were texts.
QUEUED: list[tuple[type[JobPayload], dict[str, str], JobPayload]] = [
    (MessagePayload, {**MESSAGE, "edited": ""}, MessagePayload(**MESSAGE)),
    (MessagePayload, {**MESSAGE, "masked": "2", "edited": "2.1"}, MessagePayload(**MESSAGE, masked=2, edited="2.1")),
    (CommandPayload, {"user": "U1", "channel": "C1", "text": "Why?", "response_url": "https://x.example"},
     CommandPayload(user="U1", channel="C1", text="Why?", response_url="https://x.example")),
    (AboutPayload, {"channel": "C1", "thread": "1.1", "user": "U1", "text": "Why?", "view": "V1"},
     AboutPayload(user="U1", channel="C1", thread="1.1", text="Why?", view="V1")),
    (SharePayload, {"user": "U1", "answer": "a", "view": "V1"}, SharePayload(user="U1", answer="a", view="V1")),
    (PastedPayload, {**KEPT, "text": "Notes", "body": "", "day": ""}, PastedPayload(**OF_THE_ROOM, text="Notes")),
    (PastedPayload, {**KEPT, "text": "Notes", "body": "slt", "day": "2026-11-20"},
     PastedPayload(**OF_THE_ROOM, text="Notes", body="slt", day=date(2026, 11, 20))),
    (FilePayload, {**KEPT, "channel": "C1", "file": "F1"}, FilePayload(**OF_THE_ROOM, channel="C1", file="F1")),
    (FilePayload, {**KEPT, "channel": "C1", "file": "F1", "sure": "yes"},
     FilePayload(**OF_THE_ROOM, channel="C1", file="F1", sure=True)),
    (DraftPayload, {**KEPT, "draft": "d"}, DraftPayload(**OF_THE_ROOM, draft="d")),
    (OwnersPayload, {**KEPT, "action": "a", "people": "ann,ben"},
     OwnersPayload(**OF_THE_ROOM, action="a", people=("ann", "ben"))),
    (OwnersPayload, {**KEPT, "action": "a", "people": ""}, OwnersPayload(**OF_THE_ROOM, action="a", people=())),
    (NotMinePayload, {**KEPT, "action": "a", "note": ""}, NotMinePayload(**OF_THE_ROOM, action="a", note="")),
    (DecisionPayload, {**KEPT, "decision": "d"}, DecisionPayload(**OF_THE_ROOM, decision="d")),
    (AgendaPayload, {**KEPT, "body": "slt", "day": ""}, AgendaPayload(**OF_THE_ROOM, body="slt")),
    (ReturnPayload, {**KEPT, "meeting": "m", "told": json.dumps({"well:reading": "Yes", "ask:reading": "Books"})},
     ReturnPayload(**OF_THE_ROOM, meeting="m", told={"reading": ItemWords(well="Yes", ask="Books")})),
    (DigestCommand, {**KEPT, "channel": "C1", "name": "slt", "text": "preview", "response_url": "https://x.example"},
     DigestCommand(**OF_THE_ROOM, channel="C1", text="preview", response_url="https://x.example")),
    (PressPayload, {**KEPT, "channel": "C1", "thread": "1.1", "digest": "d", "ref": "action:1"},
     PressPayload(**OF_THE_ROOM, channel="C1", thread="1.1", digest="d", ref="action:1")),
    (AnswerPayload, {**KEPT, "channel": "C1", "thread": "1.1", "ref": "ask:1", "text": "Yes"},
     AnswerPayload(**OF_THE_ROOM, channel="C1", thread="1.1", ref="ask:1", text="Yes")),
    (PrivacyPayload, {"user": "U1", "event": "view:V1"}, PrivacyPayload(user="U1", event="view:V1")),
    (InsightPayload, {"user": "U1", "response_url": "https://x.example"},
     InsightPayload(user="U1", response_url="https://x.example")),
]  # fmt: skip

LIST = {"whose": "everybody", "which": "overdue", "school": "fernhill", "meeting": "", "page": "2"}
CHOSEN = ListChoice(whose="everybody", which="overdue", school="fernhill", page=2)
OPENED: list[tuple[type[Payload], dict[str, Any], Payload]] = [
    (AboutForm, {"channel": "C1", "thread": "1.1"}, AboutForm(channel="C1", thread="1.1")),
    (DraftForm, {"draft": "d", "page": 3}, DraftForm(draft="d", page=3)),
    (DraftForm, {"draft": "d", "page": 3, "item": "i", "view": "V1"},
     DraftForm(draft="d", page=3, item="i", view="V1")),
    (DraftForm, {"draft": "d", "view": ""}, DraftForm(draft="d")),
    (ListChoice, LIST, CHOSEN),
    (ListChoice, {"school": "-", "meeting": "-"}, ListChoice()),
    (DecisionChoice, {"school": "fernhill", "meeting": "", "page": "1"}, DecisionChoice(school="fernhill", page=1)),
    (ActionForm, {"kind": "home", "action": "a"}, ActionForm(kind="home", action="a")),
    (ActionForm, {"kind": "list", "view": "V1", "chosen": json.dumps(LIST), "action": "a"},
     ActionForm(kind="list", view="V1", chosen=CHOSEN, action="a")),
    (ActionForm, {"kind": "message", "channel": "C1", "ts": "1.1", "action": "a"},
     ActionForm(kind="message", channel="C1", ts="1.1", action="a")),
    (MakeForm, {"quote": "Words"}, MakeForm(quote="Words")),
    (ReturnForm, {"meeting": "m", "extra": ["reading"]}, ReturnForm(meeting="m", extra=("reading",))),
    (AgendaButton, {"body": "slt", "day": ""}, AgendaButton(body="slt")),
    (AgendaButton, {"body": "slt", "day": "2026-11-30"}, AgendaButton(body="slt", day=date(2026, 11, 30))),
    (LineButton, {"r": ["action:1", "ask:2"]}, LineButton(r=("action:1", "ask:2"))),
    (LineButton, {"d": "digest", "r": ["action:1"]}, LineButton(d="digest", r=("action:1",))),
    (AnswerForm, {"channel": "C1", "thread": "1.1", "ref": "ask:1"},
     AnswerForm(channel="C1", thread="1.1", ref="ask:1")),
    (Invitation, {"wave": "w", "token": "t"}, Invitation(wave="w", token="t")),
    (StandardForm, {}, StandardForm()),
    (StandardForm, {"id": "s", "revision": 2}, StandardForm(id="s", revision=2)),
]  # fmt: skip


@pytest.mark.parametrize(("model", "kept", "read"), QUEUED, ids=lambda value: getattr(value, "__name__", None))
def test_a_job_that_version_0_1_kept_is_read(model: type[JobPayload], kept: dict[str, str], read: JobPayload) -> None:
    assert model.read(kept) == read
    assert model.read(json.loads(read.model_dump_json())) == read


@pytest.mark.parametrize(("model", "held", "read"), OPENED, ids=lambda value: getattr(value, "__name__", None))
def test_a_form_that_version_0_1_opened_is_read(model: type[Payload], held: dict[str, Any], read: Payload) -> None:
    assert model.read_json(json.dumps(held)) == read
    assert model.read_json(read.model_dump_json(by_alias=True)) == read
