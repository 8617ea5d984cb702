"""A guided tour as data: steps with what is done in each, through the doors that a person has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.workspace.state import Message
from bot.demo.workspace.workspace import Workspace

Do = Callable[[Workspace], Message | None]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done as `person`, whose window at `place` then shows it; without `do` one only looks.

    `place` is `messages`, `home` or `#channel`.
    """

    label: str
    person: str
    place: str = "messages"
    do: Do | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is called, what to know, and what to do."""

    title: str
    words: str
    acts: tuple[Act, ...]


def says(person: str, text: str, *, label: str, place: str = "messages") -> Act:
    """An act in which somebody asks the app something."""

    def do(workspace: Workspace) -> Message:
        somebody = workspace.as_user(person)
        return somebody.dm(text) if place == "messages" else somebody.mention(place, text)

    return Act(label, person, place, do)


def commands(person: str, command: str, *, label: str) -> Act:
    """An act in which somebody runs a slash command in the Messages tab."""

    def do(workspace: Workspace) -> None:
        word, _, rest = command.partition(" ")
        somebody = workspace.as_user(person)
        somebody.command(word, rest, somebody.direct)

    return Act(label, person, "messages", do)


def sends(person: str, name: str, content: Callable[[Workspace], bytes], *, label: str) -> Act:
    """An act in which somebody drops a file into the Messages tab; `content` makes it, as of the workspace's day."""

    def do(workspace: Workspace) -> Message:
        somebody = workspace.as_user(person)
        return somebody.upload(somebody.direct, name, content(workspace))

    return Act(label, person, "messages", do)
