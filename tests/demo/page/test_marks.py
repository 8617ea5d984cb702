"""Mark-up as HTML: it reads as Slack shows it, and no word of others becomes anything but words."""

from __future__ import annotations

import re
from pathlib import Path

from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

import bot
from bot.demo.workspace.page.drawing.marks import Marks
from bot.demo.workspace.state import Channel, State, User

SAFE = {"span", "br", "b", "strong", "em", "s", "code", "pre", "blockquote", "a", "time", "p", "ul", "ol", "li",
        "table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6", "hr"}  # fmt: skip


def marks() -> Marks:
    state = State()
    state.users["U1"] = User("U1", "jo", "Jo <Day>")
    state.channels["C1"] = Channel("C1", "general", "channel")
    return Marks(state)


def soup(html: Markup) -> BeautifulSoup:
    return BeautifulSoup(str(html), "html.parser")


def test_emphasis_links_mentions_and_dates_read_as_in_slack() -> None:
    html = marks().mrkdwn(
        "*Bold _and slanted_* ~no~ `a*b*c` <https://x.example/?a=1&amp;b=2|the page> <@U1> in <#C1|old> <!channel> "
        "<!date^1795341098^{date_short_pretty} {time}|then> 2*3*4 a_b_c &lt;tag&gt; :lock:"
    )
    read = soup(html)
    assert read.get_text() == (
        "Bold and slanted no a*b*c the page @Jo <Day> in #general @channel 22 November 2026 09:51 2*3*4 a_b_c <tag> 🔒"
    )
    assert [each.name for each in read.find_all(["strong", "em", "s", "code"])] == ["strong", "em", "s", "code"]
    link = read.a
    assert link is not None
    assert link["href"] == "https://x.example/?a=1&b=2"
    assert link["rel"] == ["noopener", "noreferrer"]


def test_every_emoji_that_the_bot_writes_is_drawn() -> None:
    # A name in colons at the beginning of a string, as the bot's own words have it.
    named = {name for file in Path(bot.__file__).parent.rglob("*.py") if "workspace" not in file.parts
             for name in re.findall(r"""["'](:[a-z_]+:)[ "']""", file.read_text(encoding="utf-8"))}  # fmt: skip
    assert named
    for name in named:
        assert name not in soup(marks().mrkdwn(f"{name} to do")).get_text()


def test_quotations_and_code_stand_apart() -> None:
    read = soup(marks().mrkdwn("before\n&gt; one\n&gt; *two*\nafter ```x <b>\ny``` end"))
    assert [each.get_text("|") for each in read.find_all("blockquote")] == ["one|two"]
    assert [each.get_text() for each in read.find_all("pre")] == ["x <b>\ny"]


def test_links_lead_to_the_web_or_nowhere() -> None:
    for address in (
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "//x.example",
        "http:",
    ):
        assert soup(marks().mrkdwn(f"<{address}|press>")).a is None
        assert soup(marks().markdown(f"[press]({address})")).a is None
        piece = {"type": "link", "url": address, "text": "press"}
        assert soup(marks().rich([{"type": "rich_text_section", "elements": [piece]}])).a is None


def test_markdown_of_a_model_is_shown_without_its_html_and_pictures() -> None:
    html = marks().markdown(
        "# Head\n\n**Strong** <script>alert(1)</script>\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "![x](https://x.example/p.png) [out](https://x.example)"
    )
    read = soup(html)
    assert read.script is None
    assert read.img is None
    assert "<script>alert(1)</script>" in read.get_text()
    assert [each.get_text() for each in read.find_all("td")] == ["1", "2"]
    assert {tuple(each["rel"]) for each in read.find_all("a")} == {("noopener", "noreferrer")}


def test_lists_of_rich_text_are_lists() -> None:
    def items(*words: str, **more: object) -> dict[str, object]:
        sections = [{"type": "rich_text_section", "elements": [{"type": "text", "text": each}]} for each in words]
        return {"type": "rich_text_list", "elements": sections, **more}

    read = soup(marks().rich([items("a", "b", style="bullet"), items("c", style="ordered", indent=1)]))
    assert [(each.name, each.get_text("|")) for each in read.find_all(["ul", "ol"])] == [("ul", "a|b"), ("ol", "c")]


@given(st.text(alphabet=st.sampled_from(list("<>&;*_~`|@#!^\"'()[] \n\ue000\ue001ab:/https")), max_size=80))
def test_nothing_that_somebody_writes_becomes_other_html(text: str) -> None:
    for html in (marks().mrkdwn(text), marks().markdown(text), marks().text({"type": "plain_text", "text": text})):
        for each in soup(html).find_all(True):
            assert each.name in SAFE
            assert set(each.attrs) <= {"class", "href", "target", "rel", "start", "style"} - {"style"}
            assert each.get("href", "https://").startswith(("http://", "https://"))
