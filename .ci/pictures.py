"""Take the pictures of the README and the guides: the demo's page in Debian's Chromium, with the real bot behind it."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "bot" / "guides" / "pictures"
SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
COLOURS = 96


def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("There is no Chromium here. Install it (Debian: apt install chromium fonts-noto-color-emoji).")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        demo = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "demo", "--page", "--port", "0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, cwd=ROOT,
            env={**os.environ, "TRUSTBOT_HOME": home, "COLUMNS": "200", "CI": "yes"},
        )  # fmt: skip
        try:
            assert demo.stdout
            address = next(found.group() for line in demo.stdout if (found := re.search(r"http://\S+key=\S+", line)))
            browser = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
            context = browser.new_context(locale="en-GB", viewport={"width": 1180, "height": 740})
            context.set_default_timeout(60_000)
            play(context.new_page(), address)
            browser.close()
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(60)


def play(window: Page, address: str) -> None:
    """Press through the tour, and take a picture where there is something to see."""
    window.goto(address)
    window.get_by_role("link", name="Claire Dunmore").click()
    tour = window.get_by_role("region", name="Guided tour")

    def act(label: str) -> None:
        tour.get_by_role("button", name=label).click()

    act("Ask what hirers must insure")
    window.locator(".msg.reply blockquote").first.wait_for()
    take(window, "ask")
    while not tour.get_by_role("button", name="Send the notes").is_visible():
        act("Next")
    act("Send the notes")
    window.locator(".msg", has_text="oakfield-slt-notes.md").get_by_role("button", name="Review").click()
    window.get_by_role("dialog", name="Review the notes").wait_for()
    take(window, "minutes")
    window.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    window.locator("#talk", has_text="people are told").wait_for()
    while not tour.get_by_role("button", name="Go to Monday morning").is_visible():
        act("Next")
    act("Open Oakfield's return")
    form = window.get_by_role("dialog", name="Two-minute return")
    form.get_by_label("What we ask for").first.fill("Moderation of Year 2 writing with another school")
    form.get_by_role("button", name="Send").click()
    window.locator("dialog").wait_for(state="detached")
    act("Go to Monday morning")
    window.locator(".msg", has_text="Weekly digest").wait_for()
    window.locator("[data-dismiss]").click()
    tour.get_by_role("button", name="Hide").click()
    take(window, "digest-in-slack")


def take(window: Page, name: str) -> None:
    """One picture, in few colours, so that it is small."""
    window.mouse.move(0, 0)
    window.wait_for_timeout(600)
    picture = Image.open(io.BytesIO(window.screenshot())).convert("RGB")
    small = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    path = PICTURES / f"{name}.png"
    small.save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
