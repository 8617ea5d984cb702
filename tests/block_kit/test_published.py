"""The check against Slack's types finds what is wrong and lets pass what is right; the manifest passes."""

from __future__ import annotations

import json

import pytest

from tests.block_kit.published import NotToHand, faults, installed, manifest
from tests.block_kit.shapes import MANIFEST, shape

WORDS = {"type": "plain_text", "text": "x"}


@pytest.fixture(autouse=True)
def _types() -> None:
    try:
        installed()
    except NotToHand as reason:
        pytest.skip(f"Slack's types cannot be had here: {reason}")


def wrong(kind: str, payload: object) -> list[str]:
    return faults([(kind, json.dumps(payload))])


def test_what_fits_passes() -> None:
    assert faults([
        ("block", json.dumps({"type": "header", "text": WORDS})),
        ("modal", json.dumps({"type": "modal", "title": WORDS, "blocks": []})),
        ("home", json.dumps({"type": "home", "blocks": []})),
    ]) == []  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("block", {"type": "header", "text": {"type": "mrkdwn", "text": "x"}}),
        ("block", {"type": "header"}),
        ("block", {"type": "divider", "colour": "red"}),
        ("block", {"type": "banner", "text": WORDS}),
        ("block", {"type": "actions", "elements": [{"type": "button", "action_id": "x"}]}),
        ("modal", {"type": "modal", "blocks": []}),
        ("home", {"type": "home", "blocks": [], "submit": WORDS}),
        ("manifest", {"display_information": {"name": "x"}, "features": {"agent_view": {"colour": "red"}}}),
    ],
)
def test_what_does_not_fit_is_found(kind: str, payload: object) -> None:
    assert len(wrong(kind, payload)) == 1


def test_each_fault_is_told_of_its_own_payload() -> None:
    good = ("block", json.dumps({"type": "divider"}))
    bad = ("block", json.dumps({"type": "divider", "colour": "red"}))
    (told,) = faults([good, bad, good])
    assert bad[1] in told


def test_the_manifest_fits_slacks_published_type() -> None:
    # Slack's documentation names this scope for apps with an agent view; its type of bot scopes does not have it yet.
    missing = '"assistant:write"'
    kind, held = manifest(MANIFEST)
    assert faults([(kind, held.replace(f"{missing}, ", ""))]) == []
    assert all(missing in each for each in faults([(kind, held)]))


def test_a_shape_keeps_slacks_words_and_no_others() -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Press"}, "style": "primary", "value": "v" * 99}
    assert shape([button, {**button, "value": "w"}]) == [
        {"style": "primary", "text": {"text": "x", "type": "plain_text"}, "type": "button", "value": "x"}
    ]
