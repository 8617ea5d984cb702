"""The guides are found by what people call them, and fit where they are shown."""

from __future__ import annotations

import re

import pytest

from bot.demo.workspace.block_rules.tables import faults_in_blocks
from bot.errors import Refusal
from bot.guides import pages, slack
from bot.guides.pages import Link


def test_every_page_in_the_folder_is_a_guide() -> None:
    assert {path.stem for path in pages.HERE.glob("*.md")} == set(pages.NAMES)
    assert len({guide.title for guide in pages.guides()}) == len(pages.NAMES)


@pytest.mark.parametrize("guide", pages.guides(), ids=lambda guide: guide.name)
def test_every_guide_begins_with_its_title_and_one_sentence(guide: pages.Guide) -> None:
    assert guide.text.startswith(f"# {guide.title}\n\n{guide.purpose[:20]}")
    assert 30 < len(guide.purpose) < 160
    assert not set(guide.purpose) & set("`*|[]#")


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("heads", "heads"),
        ("For heads", "heads"),
        ("head", "heads"),
        ("clerk", "clerks"),
        ("chief executive", "chief-executives"),
        ("the trust file", "trust-file"),
        ("Privacy and a draft DPIA", "privacy"),
        ("what was measured", "measured"),
    ],
)
def test_a_guide_is_found_by_what_people_call_it(called: str, name: str) -> None:
    assert pages.find(called).name == name


def test_one_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Refusal, match=r"no guide called 'parents'.*set-up, heads"):
        pages.find("parents")


@pytest.mark.parametrize("guide", pages.guides(), ids=lambda guide: guide.name)
def test_every_guide_fits_into_one_message_and_leads_to_the_others_by_command(guide: pages.Guide) -> None:
    title, blocks = slack.message(guide.name)
    assert title == guide.title
    assert faults_in_blocks(blocks, "message") == []
    text = blocks[0]["text"]
    assert all(target.startswith("https://") for target in re.findall(r"\]\(([^)]*)", text))


def test_links_become_what_can_be_followed() -> None:
    text = (
        "See [the key](trust-file.md#people), ![Answer](pictures/a.png)[Slack](https://slack.com) and [x](../../X.md)."
    )
    assert pages.in_words(text, "/trust guide") == (
        "See the key (`/trust guide trust-file`), [Slack](https://slack.com) and x."
    )
    links: list[Link] = []
    pages.relinked(text, lambda link: links.append(link) or "")
    assert [(link.guide, link.place, link.picture) for link in links] == [
        ("trust-file", "people", None), (None, "", "a.png"), (None, "", None), (None, "", None),
    ]  # fmt: skip


def test_the_list_names_every_guide_and_says_what_was_not_found() -> None:
    _, blocks = slack.message("parents & <!channel>")
    assert faults_in_blocks(blocks, "message") == []
    said = str(blocks)
    assert "There is no guide called “parents &amp; &lt;!channel&gt;”" in said
    assert all(f"`/trust guide {name}`" in said for name in pages.NAMES)
