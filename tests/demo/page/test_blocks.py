"""Every block has its form in HTML, shows what it holds, and shows markup in anybody's words as words."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from bot.demo.workspace.block_rules.tables import faults_in_blocks
from bot.demo.workspace.page.drawing.blocks import Blocks
from bot.demo.workspace.page.drawing.marks import Marks
from bot.demo.workspace.state import Channel, File, State, User

Json = dict[str, Any]
EVIL = "<img src=x onerror=alert(1)>\"'</textarea><script>alert(2)</script>"


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def option(words: str, value: str) -> Json:
    return {"text": plain(words[:75]), "value": value}


def field(block: str, element: Json, words: str) -> Json:
    return {"type": "input", "block_id": block, "label": plain(words), "hint": plain(words), "element": element}


def every_block(words: str) -> list[Json]:
    """One of each block and element, with these words wherever words can stand."""
    short, options = words[:70], [option(words, "1"), option("Two", "2")]
    groups = {"option_groups": [{"label": plain(short), "options": options}]}
    button = {"type": "button", "action_id": "press", "text": plain(short), "value": words, "style": "primary"}
    cell = {"type": "raw_text", "text": words}
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": words, "style": {"bold": True}}]}
    rich = {"type": "rich_text", "elements": [
        section, {"type": "rich_text_quote", "elements": [{"type": "text", "text": words}]},
        {"type": "rich_text_list", "style": "bullet", "elements": [section]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": words}]},
    ]}  # fmt: skip
    return [
        {"type": "header", "text": plain(words)},
        {"type": "section", "text": {"type": "mrkdwn", "text": words}, "accessory": button},
        {"type": "section", "fields": [plain(words)]},
        {"type": "section", "text": plain(words), "accessory": {
            "type": "overflow", "action_id": "more", "options": options}},
        {"type": "divider"},
        {"type": "context", "elements": [
            plain(words), {"type": "image", "alt_text": words, "slack_file": {"id": "F1"}}]},
        {"type": "image", "alt_text": words, "title": plain(words), "slack_file": {"id": "F1"}},
        {"type": "image", "alt_text": words, "image_url": "https://elsewhere.example/x.png"},
        {"type": "actions", "elements": [
            button, {"type": "static_select", "action_id": "one", "placeholder": plain(words), "options": options},
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-01"},
            {"type": "radio_buttons", "action_id": "radio", "options": options, "initial_option": options[1]},
            {"type": "checkboxes", "action_id": "boxes", "options": options, "initial_options": options[:1]},
            {"type": "users_select", "action_id": "user", "initial_user": "U1"},
            {"type": "channels_select", "action_id": "channel"},
        ]},
        rich,
        {"type": "markdown", "text": words},
        {"type": "table", "rows": [[cell, cell], [cell, rich]], "column_settings": [{"align": "right"}]},
        {"type": "context_actions", "elements": [{
            "type": "feedback_buttons", "action_id": "f", "positive_button": {"text": plain(short), "value": "up"},
            "negative_button": {"text": plain(short), "value": "down"}}]},
        {"type": "task_card", "task_id": "t", "title": words, "status": "in_progress"},
        {"type": "plan", "title": words, "tasks": [
            {"type": "task_card", "task_id": "u", "title": words, "status": "complete"}]},
        {"type": "card", "title": plain(words), "body": plain(words), "actions": [button]},
        {"type": "data_visualization", "title": words[:50], "chart": {"type": "pie", "segments": [
            {"label": words[:20], "value": 3}]}},
        field("text", {"type": "plain_text_input", "action_id": "a", "initial_value": words}, words),
        field("lines", {
            "type": "plain_text_input", "action_id": "a", "multiline": True, "initial_value": words}, words),
        field("select", {"type": "static_select", "action_id": "a", **groups, "initial_option": options[0]}, words),
        field("several", {"type": "multi_static_select", "action_id": "a", **groups}, words),
        field("email", {"type": "email_text_input", "action_id": "a"}, words),
        field("number", {"type": "number_input", "action_id": "a", "is_decimal_allowed": True}, words),
        field("time", {"type": "timepicker", "action_id": "a", "initial_time": "07:45"}, words),
        field("when", {"type": "datetimepicker", "action_id": "a", "initial_date_time": 1795341098}, words),
        field("file", {"type": "file_input", "action_id": "a"}, words),
        field("people", {"type": "multi_users_select", "action_id": "a", "initial_users": ["U1"]}, words),
    ]  # fmt: skip


def drawn(blocks: list[Json], kept: Json | None = None) -> BeautifulSoup:
    state = State()
    state.users["U1"] = User("U1", "jo", f"Jo {EVIL}", email="jo@x.example")
    state.channels["C1"] = Channel("C1", f"c{EVIL}", "channel")
    state.files["F1"] = File("F1", "chart.png", "U1", 4, 0, content=b"\x89PNG", ready=True)
    named = [{"block_id": f"b{number}", **each} for number, each in enumerate(blocks)]
    return BeautifulSoup(str(Blocks(Marks(state), "/as/jo/file", named, kept or {}, "m1").draw()), "html.parser")


def test_the_blocks_of_these_tests_are_ones_that_slack_takes() -> None:
    faults = [fault for each in every_block("Words")[:-10] for fault in faults_in_blocks([each], "message")]
    assert faults == []
    assert [f for each in every_block("Words")[-10:] for f in faults_in_blocks([each], "modal")] == []


def test_markup_in_anybodys_words_shows_as_text() -> None:
    read = drawn(every_block(EVIL))
    assert read.script is None
    assert not [each for each in read.find_all(True) for name in each.attrs if name.startswith("on") or name == "style"]
    assert {str(each["src"]) for each in read.find_all("img")} == {"/as/jo/file/F1"}
    for each in every_block(EVIL):
        shown = drawn([each])
        said = shown.get_text() + "".join(str(value) for tag in shown.find_all(True) for value in tag.attrs.values())
        assert each["type"] == "divider" or "<img src=x" in said, each["type"]


def test_every_block_shows_its_words() -> None:
    for each in every_block("Wörter"):
        assert each["type"] == "divider" or "Wörter" in str(drawn([each])), each["type"]


def found(read: BeautifulSoup, selector: str) -> Tag:
    tag = read.select_one(selector)
    assert tag is not None, selector
    return tag


def test_controls_hold_what_was_put_in_or_picked() -> None:
    kept = {"select": {"a": {"type": "static_select", "selected_option": option("Two", "2")}},
            "b8": {"day": {"type": "datepicker", "selected_date": "2027-01-04"}}}  # fmt: skip
    read = drawn(every_block("Words"), kept)
    assert found(read, "[data-block=text]")["value"] == "Words"
    assert found(read, "[data-block=lines]").get_text() == "\nWords"
    assert found(read, "[data-block=select] option[selected]")["value"] == "2"
    assert found(read, "[data-action=day]")["value"] == "2027-01-04"
    assert found(read, "[data-action=user] option[selected]")["value"] == "U1"
    assert found(read, "[data-action=radio] input[checked]")["value"] == "2"
    assert [each["value"] for each in read.select("[data-action=boxes] input[checked]")] == ["1"]
    assert found(read, "[data-block=when]")["value"] == "2026-11-22T09:51"
    assert [each["label"] for each in read.select("[data-block=select] optgroup")] == ["Words"]


def test_every_control_has_a_name_for_a_screen_reader() -> None:
    read = drawn(every_block("Words"))
    labelled = {str(each["for"]) for each in read.select("label[for]")}
    for control in read.select("select, textarea, input:not([type=radio], [type=checkbox]), [role=group]"):
        in_legend = control.find_parent("fieldset") is not None
        assert str(control.get("id")) in labelled or control.get("aria-label") or in_legend, control
    for image in read.select("img"):
        assert image["alt"]
    for button in read.select("button, summary"):
        assert button.get_text(strip=True) or button.get("aria-label"), button
    ids = [str(each["id"]) for each in read.select("[id]")]
    assert len(ids) == len(set(ids))


def test_a_required_field_says_so_and_an_optional_one_too() -> None:
    element = {"type": "plain_text_input", "action_id": "a"}
    read = drawn([field("must", element, "Must"), {**field("may", element, "May"), "optional": True}])
    assert found(read, "[data-block=must]")["aria-required"] == "true"
    assert "aria-required" not in found(read, "[data-block=may]").attrs
    assert "(optional)" in found(read, "[data-field=may]").get_text()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://x.example/a"])
def test_a_button_with_an_address_is_a_link_to_the_web_alone(url: str) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go"), "url": url}
    read = drawn([{"type": "actions", "elements": [button]}])
    assert (read.a is not None) == url.startswith("https")
    assert (read.button is not None) != url.startswith("https")


def test_nothing_is_fetched_from_a_network() -> None:
    read = drawn(every_block("Words"))
    assert all(str(each["src"]).startswith("/as/") for each in read.find_all(src=True))
    assert "Picture: Words" in read.get_text()
