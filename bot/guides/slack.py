"""`/trust guide`: the list of guides, or one of them, to whoever asks."""

from __future__ import annotations

from slack_bolt import Ack

from bot.errors import Refusal
from bot.guides import pages
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block
from bot.slack.feature import Feature
from bot.slack.payloads import SlashCommand

COMMAND = "/trust guide"
TITLE = "Guides"
LONGEST = 80


def command(body: SlashCommand, text: str, ack: Ack) -> None:
    """`/trust guide [NAME]`."""
    title, blocks = message(text)
    ack(text=title, blocks=blocks, response_type="ephemeral")


def feature() -> Feature:
    """The guides as a feature."""
    return Feature("guides", words={"guide": command})


def message(name: str = "") -> tuple[str, list[Block]]:
    """The guide of this name; the list of all where none is named, or there is no such guide."""
    if not name:
        return _listed("These guides tell you how to work with Trustbot:")
    try:
        guide = pages.find(name)
    except Refusal:
        called = kit.escape(kit.shorten(name, LONGEST))
        return _listed(f"There is no guide called “{called}”. These are the guides:")
    return guide.title, [{"type": "markdown", "text": pages.in_words(guide.text, COMMAND)}]


def _listed(above: str) -> tuple[str, list[Block]]:
    lines = "\n".join(f"• *{guide.title}*: `{COMMAND} {guide.name}`" for guide in pages.guides())
    return TITLE, [kit.section(above), kit.section(lines)]
