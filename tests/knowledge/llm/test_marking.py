"""What a model is told of the sources that it writes from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.llm.checking import Source
from knowledge.llm.marking import message
from knowledge.passages import EVERYONE, Document, Kind, Passage, Status

POLICY = Document("p", "p.pdf", "p.pdf", "Lettings Policy", Kind.POLICY, EVERYONE, "p", version="2023")
PASSAGE = Passage("p:0", "p", 0, "A deposit of £50 is taken.")


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (POLICY, ""),
        (replace(POLICY, in_force=False), "Status: superseded"),
        (replace(POLICY, in_force=False, status=Status.SUPERSEDED), "Status: superseded"),
        (replace(POLICY, in_force=False, status=Status.DRAFT), "Status: draft"),
        (replace(POLICY, in_force=True, status=Status.DRAFT), "Status: draft"),
    ],
)
def test_a_model_knows_what_does_not_hold_now(document: Document, told: str) -> None:
    said = message("mark", "What deposit is taken?", [Source(PASSAGE, document)])
    assert "approved" not in said.replace("not approved", "")
    assert told in said
    assert ("Status" in said) is bool(told)
