"""The guided tour of the sample trust with the real bot behind it, pressed through in a browser from end to end."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ENCODER_CACHE

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.slow
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\?key=\S+")


@pytest.fixture
def demo(tmp_path: Path, encoder: object) -> Iterator[str]:
    """`trustbot demo --page`, as a process of its own; the address that it prints. It ends on Ctrl-C with status 0."""
    home = tmp_path / "home"
    shutil.copytree(ENCODER_CACHE, home / "demo" / "encoder")
    environment = {**os.environ, "TRUSTBOT_HOME": str(home), "COLUMNS": "200", "CI": "yes"}
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "demo", "--page", "--port", "0"], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment,
    ) as running:  # fmt: skip
        assert running.stdout
        said = []
        for line in running.stdout:
            said.append(line)
            if found := ADDRESS.search(line):
                break
        else:
            pytest.fail("".join(said))
        rest = threading.Thread(target=lambda: said.extend(running.stdout or ()))
        rest.start()
        yield found.group()
        running.send_signal(signal.SIGINT)
        status = running.wait(60)
        rest.join()
    assert status == 0, "".join(said)
    assert "Traceback" not in "".join(said)


def test_a_leader_finishes_the_tour(demo: str, browser: Browser) -> None:
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    window = context.new_page()
    complaints: list[str] = []
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.goto(demo)
    window.get_by_role("link", name="Claire Dunmore").click()
    panel = window.get_by_role("region", name="Guided tour")

    def act(label: str) -> None:
        panel.get_by_role("button", name=label).click()

    # Ask.
    act("Ask what hirers must insure")
    answer = window.locator(".msg.reply").last
    expect(answer.locator("blockquote").first).to_contain_text("public liability insurance of at least £5 million")
    answer.get_by_role("button", name="Show sources").click()
    expect(window.get_by_role("dialog", name="Sources")).to_contain_text("Lettings Policy")
    window.keyboard.press("Escape")
    expect(window.locator("dialog")).to_have_count(0)

    # Ask what one may not see.
    act("Next")
    act("Ask as a teacher")
    window.wait_for_url("**/as/ella-knox/messages")
    expect(window.locator(".msg.reply").last).to_contain_text("Not in the documents that you can see")
    act("Ask as the chair of trustees")
    window.wait_for_url("**/as/alan-prewett/messages")
    expect(window.locator(".msg.reply blockquote").first).to_contain_text("Quillbrook Primary School")

    # Minutes, confirmed, and what the deputy is told.
    act("Next")
    act("Send the notes")
    window.wait_for_url("**/as/claire-dunmore/messages")
    # In school hours the minutes of the sample's library are proposed as well.
    window.locator(".msg", has_text="oakfield-slt-notes.md").get_by_role("button", name="Review").click()
    review = window.get_by_role("dialog", name="Review the notes")
    expect(review).to_contain_text("Ring the families of the twelve pupils")
    review.get_by_role("button", name="Confirm").click()
    expect(window.locator("#talk")).to_contain_text("3 people are told")
    act("See it as Hannah Birtle")
    expect(window.locator("#talk")).to_contain_text("Ring the families of the twelve pupils")

    # A pulse, answered as Claire and as eight others, closed and published.
    act("Next")
    act("Ask the leaders")
    window.wait_for_url("**/as/helen-marchbank/messages")
    act("Answer as Claire")
    window.wait_for_url("**/as/claire-dunmore/messages")
    pulse = window.get_by_role("dialog", name="Two-minute pulse")
    expect(pulse).to_contain_text("Please do not name anybody")
    for agree in pulse.get_by_label("Agree", exact=True).all():
        agree.check()
    pulse.get_by_role("button", name="Send").click()
    expect(window.get_by_role("dialog", name="Pulse")).to_contain_text("Thank you")
    window.keyboard.press("Escape")
    act("Let eight others answer")
    window.wait_for_url("**/as/tom-ashworth/messages")
    act("Close it and read the results")
    window.wait_for_url("**/as/helen-marchbank/C*")
    expect(window.locator("#talk")).to_contain_text("Weakest test")
    expect(window.locator("#talk")).not_to_contain_text("9 answered")
    expect(window.locator("#talk img").last).to_have_attribute("alt", re.compile("Pulse on Reading across"))

    # The return, and Monday's digest.
    act("Next")
    act("Open Oakfield's return")
    returned = window.get_by_role("dialog", name="Two-minute return")
    returned.get_by_label("What we ask for").first.fill("Moderation of Year 2 writing with another school")
    returned.get_by_role("button", name="Send").click()
    expect(window.locator("dialog")).to_have_count(0)
    act("Go to Monday morning")
    window.wait_for_url("**/as/helen-marchbank/C*")
    expect(window.locator("#talk .msg").last).to_contain_text("Weekly digest")
    expect(window.locator("#talk .msg").last).to_contain_text("Moderation of Year 2 writing")
    expect(window.locator("#talk .msg").last).to_contain_text("Reading across the five schools: weakest test")
    window.locator("#talk .msg").last.get_by_role("button", name="Results").click()
    expect(window.get_by_role("dialog", name="Pulse results")).to_contain_text("Weakest test")
    window.keyboard.press("Escape")
    expect(window.locator("#news")).to_contain_text("It is now Monday")

    # Home.
    act("Next")
    act("Open Hannah's Home")
    expect(window.locator("#home")).to_contain_text("Ring the families of the twelve pupils")
    act("Finish")
    expect(panel).to_contain_text("You have seen the tour")
    assert complaints == []
    context.close()
