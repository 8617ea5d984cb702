"""The page in a real browser: asking, modals, two people at once, by keyboard, on a phone, in the dark."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.demo.workspace.state import BOT_USER
from tests.demo.page.conftest import Open, Site, app_of
from tests.demo.page.test_doors import form
from tests.demo.workspace.conftest import Connect

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, expect

Json = dict[str, Any]


@pytest.fixture
def answering(site: Site, connect: Connect) -> list[Json]:
    """An app that answers, opens forms and fills in Homes; what it was sent by forms is in the list."""
    app: App = app_of(site.workspace)
    sent: list[Json] = []
    button = {"type": "button", "action_id": "open", "text": {"type": "plain_text", "text": "Open the form"}}
    colours = [{"text": {"type": "plain_text", "text": each}, "value": each.lower()} for each in ("Red", "Green")]
    menu = {"type": "static_select", "action_id": "pick", "options": colours}

    @app.event("app_mention")
    def mentioned(event: Json, say: Any) -> None:
        say(text="In public", thread_ts=event["ts"])

    @app.event("message")
    def asked(event: Json, say: Any) -> None:
        if event["channel_type"] == "im" and "bot_id" not in event:
            if event["text"] == "Tell me all":
                lines = [{"type": "section", "text": {"type": "mrkdwn", "text": f"Line {n}"}} for n in range(48)]
                say(text="All", blocks=lines, thread_ts=event["ts"])
                return
            blocks = [
                {"type": "section", "text": {"type": "mrkdwn", "text": "*Term* ends on 18 December."}},
                {"type": "actions", "elements": [button, menu]},
            ]
            say(text="Term ends", blocks=blocks, thread_ts=event["ts"])

    @app.action("open")
    def opened(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.action("pick")
    def picked(ack: Ack, body: Json) -> None:
        ack()
        sent.append({"picked": body["actions"][0]["selected_option"]["value"]})

    @app.action("again")
    def again(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        changed = form(title={"type": "plain_text", "text": "Form, page 2"})
        client.views_update(view_id=body["view"]["id"], view=changed)

    @app.view("form")
    def take(ack: Ack, body: Json) -> None:
        value = body["view"]["state"]["values"]["what"]["text"]["value"]
        if value == "bad":
            ack(response_action="errors", errors={"what": "Not that, please."})
        else:
            ack()
            sent.append({"sent": value})

    @app.event("app_home_opened")
    def home(event: Json, client: WebClient) -> None:
        if event["tab"] == "home":
            head = {"type": "header", "text": {"type": "plain_text", "text": "Your actions"}}
            client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [head]})

    @app.shortcut("ask.about")
    def about(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.chat_postEphemeral(
            channel=body["channel"]["id"], user=body["user"]["id"], text=f"About: {body['message']['text']}"
        )

    connect(site.workspace, app)
    return sent


def test_a_question_is_asked_and_answered_in_the_messages_tab(tab: Open, answering: list[Json]) -> None:
    window = tab("ann")
    window.get_by_label("Message Trustbot").fill("When does <i>term</i> end?")
    window.keyboard.press("Enter")
    answer = window.locator(".msg.reply")
    expect(answer.locator("strong")).to_have_text("Term")
    expect(window.locator(".msg").first).to_contain_text("When does <i>term</i> end?")
    answer.get_by_label("Choose").select_option("green")
    expect(window.locator("#toast")).to_be_empty()
    window.reload()
    expect(window.locator(".msg.reply select")).to_have_value("green")
    assert answering == [{"picked": "green"}]


def test_what_one_writes_is_seen_also_after_an_answer_longer_than_the_window(tab: Open, answering: list[Json]) -> None:
    window = tab("ann")
    box = window.get_by_label("Message Trustbot")
    box.fill("Tell me all")
    box.press("Enter")
    expect(window.get_by_text("Line 0", exact=True)).to_be_in_viewport()
    expect(window.get_by_text("Line 47", exact=True)).not_to_be_in_viewport()
    box.fill("When does term end?")
    box.press("Enter")
    expect(window.locator(".msg", has_text="ends on 18 December")).to_be_in_viewport()


def test_who_asks_again_sees_the_question_and_its_answer_whatever_is_above(
    tab: Open, site: Site, answering: list[Json]
) -> None:
    site.workspace.as_user("ann").dm("\n".join(f"Line {number} of something long" for number in range(80)))
    window = tab("ann")
    window.wait_for_selector("body[data-live]")
    expect(window.locator(".msg").first).to_contain_text("Line 79")
    window.locator("#talk").evaluate("talk => { talk.scrollTop = 0; }")
    window.get_by_label("Message Trustbot").fill("And when does it begin?")
    window.keyboard.press("Enter")
    expect(window.locator(".msg", has_text="And when does it begin?").last).to_be_in_viewport()
    expect(window.locator(".msg.reply").last).to_be_in_viewport()


def test_a_form_is_filled_in_by_keyboard_and_says_what_is_wrong_under_its_field(
    tab: Open, answering: list[Json]
) -> None:
    window = tab("ann")
    window.keyboard.type("Hello")
    window.keyboard.press("Enter")
    press = window.get_by_role("button", name="Open the form")
    press.focus()
    window.keyboard.press("Enter")
    dialog = window.get_by_role("dialog", name="Form")
    what = dialog.get_by_label("What?")
    expect(what).to_be_focused()
    window.keyboard.press("Enter")
    expect(dialog.get_by_role("alert").first).to_have_text("Please complete this required field.")
    expect(what).to_have_attribute("aria-invalid", "true")
    window.keyboard.type("bad")
    window.keyboard.press("Enter")
    expect(dialog.locator(".field .fault")).to_have_text("Not that, please.")
    expect(what).to_be_focused()
    # The focus goes round within the form and never behind it.
    for _ in range(8):
        window.keyboard.press("Tab")
        inside = window.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
        assert inside
    what.fill("a good one")
    dialog.get_by_role("button", name="Again").click()
    renewed = window.get_by_role("dialog", name="Form, page 2")
    expect(renewed.get_by_label("What?")).to_have_value("a good one")
    renewed.get_by_role("button", name="Send").click()
    expect(window.locator("dialog")).to_have_count(0)
    assert answering == [{"sent": "a good one"}]


def test_escape_closes_a_form_and_gives_the_focus_back(tab: Open, site: Site, answering: list[Json]) -> None:
    window = tab("ann")
    window.keyboard.type("Hello")
    window.keyboard.press("Enter")
    press = window.get_by_role("button", name="Open the form")
    press.click()
    expect(window.get_by_role("dialog", name="Form")).to_be_visible()
    window.keyboard.press("Escape")
    expect(window.locator("dialog")).to_have_count(0)
    expect(press).to_be_focused()
    assert site.workspace.modal("ann") is None


def test_two_windows_are_two_people(tab: Open, site: Site, answering: list[Json]) -> None:
    general = site.workspace.state.channel("general").id
    ann, bob = tab("ann", general), tab("bob", general)
    expect(ann.locator("#side")).to_contain_text("heads")
    expect(bob.locator("#side")).not_to_contain_text("heads")
    ann.get_by_label("Message #general").fill("Good morning, @Bob Brown")
    ann.get_by_role("button", name="Send", exact=True).click()
    expect(bob.locator("#talk .mention")).to_have_text("@Bob Brown")
    # The app's form is on Bob's screen alone, a private word for Ann's eyes alone.
    site.workspace.site.changes.whisper(
        site.workspace.state.channel("general"), BOT_USER, site.workspace.state.user("ann").id, "Between us"
    )
    expect(ann.locator(".whisper")).to_contain_text("Only visible to you")
    bob.get_by_label("Message #general").fill("@Trustbot hello")
    bob.keyboard.press("Enter")
    expect(bob.locator("aside .msg").last).to_contain_text("In public")
    expect(ann.locator("#talk .replies")).to_have_text("T1 reply")
    expect(bob.locator(".whisper")).to_have_count(0)


def test_names_and_commands_are_completed(tab: Open, answering: list[Json]) -> None:
    window = tab("ann")
    box = window.get_by_role("combobox", name="Message Trustbot")
    box.press_sequentially("/trust n")
    offered = window.get_by_role("listbox").get_by_role("option")
    expect(offered).to_have_count(1)
    expect(box).to_have_attribute("aria-activedescendant", "complete-talk-0")
    window.keyboard.press("Enter")
    expect(box).to_have_value("/trust notes ")
    box.fill("")
    box.press_sequentially("ask @bo")
    window.keyboard.press("Tab")
    expect(box).to_have_value("ask @Bob Brown ")
    box.press_sequentially("in #")
    expect(offered.first).to_be_visible()
    window.keyboard.press("Escape")
    expect(offered).to_have_count(0)


def test_home_is_drawn_and_a_message_has_its_menu(tab: Open, site: Site, answering: list[Json]) -> None:
    window = tab("ann", "home")
    expect(window.get_by_role("heading", name="Your actions")).to_be_visible()
    said = site.workspace.as_user("bob").say("general", "The boiler is broken")
    window.goto(f"{site.url}/as/ann/{said.channel}")
    message = window.locator(".msg")
    message.hover()
    message.get_by_label("More to do with this message").click()
    window.get_by_role("button", name="Ask about this").click()
    expect(window.locator(".whisper")).to_contain_text("About: The boiler is broken")


def test_a_file_is_sent(tab: Open, site: Site, answering: list[Json]) -> None:
    window = tab("ann")
    window.locator("[data-attach]").set_input_files(
        {"name": "notes.md", "mimeType": "text/markdown", "buffer": b"# <b>Notes</b>"}
    )
    expect(window.locator(".msg .file")).to_contain_text("notes.md")
    (file,) = site.workspace.state.files.values()
    assert file.content == b"# <b>Notes</b>"


def test_the_clock_is_moved_in_every_window(tab: Open, site: Site, answering: list[Json]) -> None:
    window, other = tab("ann"), tab("bob", "home")
    window.get_by_text("The clock:").locator("xpath=..").click()
    window.get_by_role("button", name="Next school morning").click()
    for each in (window, other):
        expect(each.locator("#news")).to_contain_text("Monday 30 November 2026, 07:45")
        expect(each.locator("#clock b").first).to_have_text("07:45")
    window.get_by_role("button", name="Close", exact=True).click()
    expect(window.locator("#news .card")).to_have_count(0)
    assert len(site.struck) == 1


def test_the_tour_goes_on_over_windows(tab: Open, site: Site, answering: list[Json]) -> None:
    window = tab("ann")
    panel = window.get_by_role("region", name="Guided tour")
    expect(panel).to_contain_text("step 1 of 2")
    panel.get_by_role("button", name="Ask it").click()
    expect(window.locator(".msg.reply")).to_be_visible()
    panel.get_by_role("button", name="Next").click()
    panel.get_by_role("button", name="Be Bob").click()
    window.wait_for_url("**/as/bob/home")
    expect(panel).to_contain_text("step 2 of 2")
    panel.get_by_role("button", name="Finish").click()
    expect(panel).to_contain_text("You have seen the tour")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_everything_is_within_reach(
    browser: Browser, site: Site, answering: list[Json], scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True, color_scheme=scheme  # type: ignore[arg-type]
    )  # fmt: skip
    window = context.new_page()
    window.goto(site.page.address(site.url))
    window.get_by_role("link", name="Ann Archer").tap()
    window.wait_for_selector("body[data-live]")
    window.get_by_label("Message Trustbot").fill("When?")
    window.get_by_role("button", name="Send", exact=True).tap()
    expect(window.locator(".msg.reply")).to_be_visible()
    assert window.evaluate("document.documentElement.scrollWidth") <= 360
    window.get_by_role("button", name="Channels").tap()
    window.get_by_role("link", name="general").tap()
    window.wait_for_url("**/as/ann/C*")
    dark = window.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(255, 255, 255)") == (scheme == "light")
    context.close()
