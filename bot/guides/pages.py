"""The guides by name and in order, and what their links become where they are shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.errors import Refusal

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
NAMES = (
    "set-up", "heads", "clerks", "chief-executives", "trustees", "trust-file", "running", "privacy", "how-it-works",
    "measured",
)  # fmt: skip
LINK = re.compile(r"(?P<picture>!?)\[(?P<words>[^\[\]]+)\]\((?P<target>[^()\s]+)\)")
_LEADING = re.compile(r"^(?:the-|for-)+")
_NEITHER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide: its name in addresses and commands, its title, one sentence on what it is for, and its Markdown."""

    name: str
    title: str
    purpose: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a guide: its words, and the guide (with a place in it) or the picture that it leads to. A link to the
    web has only its `target`; one to a file of the source tree has neither guide nor picture."""

    words: str
    target: str
    guide: str | None = None
    place: str = ""
    picture: str | None = None

    @property
    def is_web(self) -> bool:
        """Whether it leads to a page of the web."""
        return self.target.startswith("https://")


@cache
def guides() -> tuple[Guide, ...]:
    """All guides, in the order in which one would read them."""
    return tuple(_read(name) for name in NAMES)


def find(name: str) -> Guide:
    """The guide that somebody means by its name or its title; a Refusal lists those that there are."""
    wanted = _key(name)
    for guide in guides():
        if wanted in (_key(guide.name), _key(guide.title)):
            return guide
    raise Refusal(f"There is no guide called {name!r}. There are: {', '.join(NAMES)}.")


def relinked(text: str, become: Callable[[Link], str]) -> str:
    """Markdown of a guide in which each link and each picture has become what `become` says."""
    return LINK.sub(lambda found: become(_link(found)), text)


def in_words(text: str, command: str) -> str:
    """Markdown of a guide for where no link can lead to another guide: it names the `command` that shows it."""

    def become(link: Link) -> str:
        if link.guide:
            return f"{link.words} (`{command} {link.guide}`)"
        return f"[{link.words}]({link.target})" if link.is_web else "" if link.picture else link.words

    return re.sub(r"\n{3,}", "\n\n", relinked(text, become))


def _link(found: re.Match[str]) -> Link:
    words, target = found["words"], found["target"]
    page, _, place = target.partition("#")
    if found["picture"]:
        return Link(words, target, picture=page.rpartition("/")[2])
    name = page.removesuffix(".md")
    return Link(words, target, name, place) if name in NAMES else Link(words, target)


def _read(name: str) -> Guide:
    text = (HERE / f"{name}.md").read_text(encoding="utf-8")
    head, purpose, *_ = text.split("\n\n", 2)
    return Guide(name, head.removeprefix("# ").strip(), " ".join(purpose.split()), text)


def _key(name: str) -> str:
    words = _LEADING.sub("", _NEITHER.sub("-", name.casefold()).strip("-"))
    return words.rstrip("s")
