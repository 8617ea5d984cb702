"""A list of what is read; every other kind is refused by name, keys and tokens among it."""

from __future__ import annotations

import base64
import json
import random
import re
from pathlib import Path

import pytest

from ingest.readers.read import read_bytes
from ingest.readers.reading import Unwanted
from knowledge.library.library import Library
from knowledge.passages import OPERATOR
from tests.ingest.conftest import Level, write
from tests.ingest.making import word

KEY = "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n" * 6 + "-----END PRIVATE KEY-----\n"
NAMES = {
    "fees.csv": "a spreadsheet",
    "fees.xlsx": "a spreadsheet",
    "letter.rtf": "a Rich Text file",
    "letter.odt": "an OpenDocument file",
    "letter.doc": "an old Word file",
    "slides.PPT": "an old PowerPoint file",
    "plan.gdoc": "only a link to a Google document",
    "site.url": "only a link",
    "site.webloc": "only a link",
    "mail.eml": "an e-mail",
    "mail.msg": "an e-mail",
    "page.mht": "a saved web page",
    "key.pem": "a key, a certificate or a store of passwords",
    "bot.env": "a file of passwords and tokens",
    "data.json": "the data or the settings of a program",
    "run.py": "a program's code",
    "macro.vbs": "a program's code",
    "x.log": "a program's log",
    "old.zip": "a compressed archive",
    "photo.heic": "a picture",
    "meeting.mp4": "a recording",
    "notes.one": "a OneNote notebook",
    "notes.pages": "a Pages file",
    "day.ics": "a calendar or contact file",
}


def noise(count: int) -> bytes:
    return random.Random(3).randbytes(count)


def test_every_other_kind_is_refused_by_its_name_without_being_read(
    library: Library, shelf: Path, level: Level
) -> None:
    for name in NAMES:
        (shelf / name).write_text("Hirers are invoiced on the last day.\n")
    write(shelf, good="Words.")
    read: set[str] = set()
    summary = level(progress=lambda told: read.add(told.name))
    assert [document.file_name for document in library.documents(OPERATOR)] == ["good.md"]
    assert read == {"good.md"}
    reasons = {refused.name: refused.reason for refused in summary.refused}
    assert reasons.keys() == NAMES.keys()
    for name, kind in NAMES.items():
        assert f"This is not read: it is {kind}" in reasons[name]
        assert re.search(r"\. [A-Z].+\.$", reasons[name]), f"no mend for {name}"


WANTED = {
    "a key": KEY,
    "a public key": "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 sam@oak",
    "one token": "SLACK_BOT_TOKEN=xoxb-123-abc\n",
    "tokens": "# Trustbot\nexport SLACK_BOT_TOKEN=xoxb-12345-abcde\nSLACK_APP_TOKEN=xapp-1-A0-1-f\nHOME=/srv\n",
    "passwords": "wifi password: Swordfish7\nadmin_password: hunter2x\nMIS password: 12345\n",
    "a token alone": "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "an address with a password": "postgresql://trust:s3cret@db.example/records\n",
    "base64": base64.encodebytes(noise(4_000)).decode(),
    "an e-mail": "From: a@b.example\nTo: c@d.example\nSubject: Lettings\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nHirers pay.\n",
    "an attachment": "Dear all,\n\n" + base64.encodebytes(noise(4_000)).decode(),
    "a link": "[InternetShortcut]\nURL=https://school.example/policy\n",
    "a Google document": '{"doc_id":"1AbC","email":"head@school.example"}',
    "data": json.dumps({"policy": "Hirers are invoiced monthly.", "fees": [30, 50]}),
    "a calendar": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Governors\nEND:VEVENT\nEND:VCALENDAR\n",
    "a script": "#!/bin/sh\nrm -r /srv/old\n",
    "code": "import os\nfrom pathlib import Path\n\n\ndef fees(hall):\n    rate = 30\n    return rate * hall\n\n"
    "print(fees(2))\nfoo = bar(3)\n",
    "a page's code": "function pay(x) {\n  const fee = 30;\n  if (x) {\n    send(fee);\n  }\n}\n",
}


@pytest.mark.parametrize("suffix", [".txt", ".md"])
@pytest.mark.parametrize("kind", WANTED)
def test_a_text_that_is_no_document_is_refused_whatever_its_name(kind: str, suffix: str) -> None:
    with pytest.raises(Unwanted, match=r"^This is not read: it is .+\. [A-Z].+\.$"):
        read_bytes(WANTED[kind].encode(), suffix)


def test_a_document_with_a_private_key_in_it_is_refused() -> None:
    document = word(lambda document: [document.add_paragraph(line) for line in ("How to start.", *KEY.splitlines())])
    with pytest.raises(Unwanted, match="private key"):
        read_bytes(document, ".docx")


@pytest.mark.parametrize(
    "text",
    [
        "The headteacher will:\n(a) tell parents (in writing);\n(b) keep a record;\n(c) meet them;\n(d) report;\n",
        "To: All staff\nFrom: The head\nDate: 4 May\nSubject: Lettings\n\nHirers pay on the last day.\n",
        "Wi-Fi for visitors\n\nPassword: ask at the office\n\nVisitors sign in and wear a badge all day.\n",
        "Password policy\n\nPasswords have twelve letters. A token is never shared.\n",
        "Fee = 30 pounds\n\nThe hall costs = 50 pounds an hour, and the field = 20.\n",
        "Key dates: 4 May\nTerm: Summer\nClerk: J Hill\nChair: S Moss\n",
        "Set SLACK_BOT_TOKEN=xoxb-your-token in the settings, then start Trustbot and ask it a question in Slack.\n",
        "ANTIDISESTABLISHMENTARIANISM" * 3 + "\n\nis the longest word that pupils spell in Year 6.\n",
    ],
)
def test_a_document_that_only_looks_a_little_like_one_of_those_is_read(text: str) -> None:
    assert read_bytes(text.encode(), ".txt").blocks


def test_text_whose_name_does_not_say_so_is_refused_and_a_pdf_is_not(
    library: Library, shelf: Path, level: Level
) -> None:
    (shelf / "minutes 12.03.2024").write_text("The board met.\n")
    (shelf / "README").write_text("The board met.\n")
    (shelf / "policy").write_bytes(word(lambda document: document.add_paragraph("Hirers pay.")))
    (shelf / "spaced.txt ").write_text("Hirers pay at once.\n")
    summary = level()
    assert {document.file_name for document in library.documents(OPERATOR)} == {"policy", "spaced.txt "}
    assert {refused.name for refused in summary.refused} == {"README", "minutes 12.03.2024"}
    assert all("let its name end in .txt" in refused.reason for refused in summary.refused)


def test_a_document_that_turns_out_to_be_a_key_goes_out(library: Library, shelf: Path, level: Level) -> None:
    write(shelf, access="How to ask for access.")
    level()
    (shelf / "access.md").write_text(KEY)
    summary = level()
    assert "It does not answer until that is mended." in summary.refused[0].reason
    assert library.documents(OPERATOR) == ()
