"""Nothing that kit builds can exceed Slack's limits, whatever words go in, and no word acts as a control."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demo.workspace.block_rules.tables import faults_in_blocks, faults_in_view, too_long_together
from bot.demo.workspace.state import State
from bot.demo.workspace.terminal.mrkdwn import to_text
from bot.slack import block_kit as kit

HOSTILE = st.lists(
    st.sampled_from(
        [
            "<!channel>",
            "<@U012AB3CD>",
            "<#C01>",
            "<https://x.example|click>",
            "&",
            "&amp;",
            "<",
            ">",
            "*",
            "`",
            " ",
            "\n",
        ]
    )
    | st.text(max_size=30),
    max_size=400,
).map("".join)
CONTROL = re.compile(r"<[!@#]|<https?:")
ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")


def texts(value: Any) -> list[str]:
    """Every mrkdwn text within these blocks."""
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [text for each in value.values() for text in texts(each)]
    return []


@given(HOSTILE)
def test_escaped_words_never_act(text: str) -> None:
    escaped = kit.escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert not ENTITY.search(escaped)


@given(HOSTILE, st.integers(min_value=2, max_value=200))
def test_shortened_text_fits_and_is_a_beginning(text: str, limit: int) -> None:
    short = kit.shorten(text, limit)
    assert len(short) <= limit
    assert text.startswith(short.removesuffix(kit.ELLIPSIS))


@given(HOSTILE, st.integers(min_value=8, max_value=200))
def test_shortened_mrkdwn_cuts_no_entity(text: str, limit: int) -> None:
    short = kit.shorten_mrkdwn(kit.escape(text), limit)
    assert len(short) <= limit
    assert not ENTITY.search(short)


def test_shortening_ends_at_a_word() -> None:
    assert kit.shorten("Lettings are invoiced monthly in arrears", 24) == "Lettings are invoiced…"


def test_shortened_mrkdwn_keeps_our_own_controls_whole() -> None:
    assert kit.shorten_mrkdwn("by <@U012AB3CD> today", 10) == "by…"


@given(HOSTILE, st.integers(min_value=5, max_value=300))
def test_pieces_lose_nothing_but_blanks(text: str, limit: int) -> None:
    parts = kit.chunks(text, limit)
    assert all(0 < len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(HOSTILE)
def test_every_message_is_one_that_slack_takes(text: str) -> None:
    blocks = kit.fit(
        [
            kit.header(text),
            kit.section(kit.escape(text), kit.button(text, "press", "value")),
            kit.context(*[kit.escape(text)] * 20),
            kit.actions(*[kit.button(text, f"press.{n}", "value") for n in range(40)]),
            kit.feedback("judge", "up", "down"),
            *kit.quote(text),
            *kit.prose(text),
            *[kit.divider()] * 60,
        ]
    )
    assert faults_in_blocks(blocks, "message") == []
    assert not any(CONTROL.search(each) for each in texts(blocks))
    assert len(kit.fallback(text)) <= kit.FALLBACK
    assert not CONTROL.search(kit.fallback(text))


@given(HOSTILE)
def test_every_view_is_one_that_slack_takes(text: str) -> None:
    blocks = [
        kit.text_input("field", text or "x", initial=text, placeholder=text),
        *[kit.section(kit.escape(text) or "x")] * 120,
    ]
    modal = kit.modal(text or "x", blocks, callback="done", submit=text or "x", metadata="m")
    assert faults_in_view(modal) == []
    assert len(modal["title"]["text"]) <= 24
    assert len(modal["submit"]["text"]) <= 24
    assert faults_in_view(kit.home(blocks[1:])) == []


def test_a_quotation_keeps_every_character() -> None:
    words = "Ask <!channel> & *nobody* else: <https://x.example|here>"
    (block,) = kit.quote(words)
    assert block["elements"][0]["elements"] == [{"type": "text", "text": words}]


def test_only_web_addresses_become_links() -> None:
    assert kit.link("Open", "open", "javascript:alert(1)") is None
    assert kit.link("Open", "open", "https://trust.example/" + "a" * 3000) is None
    link = kit.link("Open", "open", "https://trust.example/policy.pdf")
    assert link is not None
    assert link["url"] == "https://trust.example/policy.pdf"


def test_values_are_never_cut() -> None:
    with pytest.raises(ValueError, match="value"):
        kit.button("Open", "open", "v" * 2001)
    with pytest.raises(ValueError, match="metadata"):
        kit.modal("Title", [], metadata="m" * 3001)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 4), max_size=90), st.integers(200, 3000))
def test_a_long_message_is_folded_or_split_within_slacks_limits(kinds: list[int], length: int) -> None:
    words = ("phones " * 500)[:length].strip()
    made = [
        lambda: kit.section(words), lambda: kit.context(words[:900], words[:900]), lambda: kit.quote(words)[0],
        lambda: kit.header(words), lambda: kit.section("*Oakfield*", kit.button("Open", "open", words[:1900])),
    ]  # fmt: skip
    blocks = [made[kind]() for kind in kinds]
    ending = [kit.context("Quoted only from documents that you may read."), kit.feedback("f", "up:1", "down:1")]
    folded = kit.fit(blocks)
    parts = kit.split(blocks, ending)
    for message in (folded, *parts):
        assert not too_long_together(message)
        assert len(message) <= kit.MESSAGE_BLOCKS
    assert 1 <= len(parts) <= kit.MESSAGES
    assert parts[-1][-2:] == ending
    shown = [block for part in parts for block in part if block not in ending]
    whole = shown == blocks
    assert whole or (shown[-1] == kit.context(kit.MORE) and shown[:-1] == blocks[: len(shown) - 1])
    # Nothing is left out while there is room for it.
    assert whole or len(parts) == kit.MESSAGES
    assert folded == blocks or folded[-1] == kit.context(kit.MORE)


@pytest.mark.parametrize(
    "title",
    [
        "KCSIE *2024*",
        "_Draft_ policy",
        "Fire drill :fire:",
        "~Old~ rota",
        "*",
        "a*b*c",
        "_x",
        "behaviour_policy_v2",
        "9:05",
    ],
)
def test_marks_in_a_title_are_only_marks(title: str) -> None:
    state = State()
    shown = to_text(f"*{kit.escape(title)}*, page 2", state)
    assert [span.style for span in shown.spans] == ["bold"]
    same = str.maketrans({"\u2217": "*", "\u223c": "~", kit.LOW_LINE: "_", kit.NOTHING: None})
    assert shown.plain.translate(same) == f"{title}, page 2"
