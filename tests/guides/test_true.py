"""Whatever the project's pages name is there: files, pictures, commands, settings."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from bot.cli.main import app
from bot.config.settings import ALL
from tests.guides.markdown import PAGES, ROOT, anchors, code, sections, targets

COMMANDS = typer.main.get_command(app)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = frozenset(re.findall(r"^([\w./-]+)(?: [\w./-]+)*:(?!=)", MAKEFILE, re.MULTILINE)) | frozenset(
    re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)[0].split()
)
VARIABLE = re.compile(r"\b(?:TRUSTBOT|SLACK)_[A-Z_]+\b")


def ident(path: Path) -> str:
    return str(path.relative_to(ROOT))


def wrong(line: str) -> str | None:
    """What is wrong with a line that runs trustbot, in words; None where the command line would take it."""
    words = shlex.split(line.replace("…", "x"))
    words = words[next(place for place, word in enumerate(words) if word.rpartition("/")[2] == "trustbot") + 1 :]
    command: Any = COMMANDS
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        name, *words = words
        if name not in command.commands:
            return f"there is no command {name!r}"
        command = command.commands[name]
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word not in options]
    return f"{command.name} has no {unknown[0]}" if unknown else None


def runs(line: str) -> bool:
    own = re.match(r"(?:\w+=\S+ )*(?:\S*/)?trustbot(?: |$)", line)
    return own is not None or re.match(r"docker compose run .*trustbot ", line) is not None


@pytest.mark.parametrize("path", PAGES, ids=ident)
def test_every_link_and_every_picture_leads_somewhere(path: Path) -> None:
    for target in targets(path):
        if target.startswith("https://"):
            continue
        file, _, place = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), target
        assert there.is_relative_to(ROOT), target
        assert not place or place in anchors(there), target


# What the changelog tells of may be gone since.
@pytest.mark.parametrize("path", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=ident)
def test_every_command_is_one(path: Path) -> None:
    for line in code(path):
        if runs(line):
            assert wrong(line) is None, line
        elif line.startswith("make "):
            named = {word for word in shlex.split(line)[1:] if "=" not in word}
            assert named <= TARGETS, line


def test_a_command_that_is_none_is_seen() -> None:
    assert runs(".venv/bin/trustbot pulse frobnicate")
    assert wrong(".venv/bin/trustbot pulse frobnicate") == "there is no command 'frobnicate'"
    assert wrong("trustbot ask --loudly 'x'") == "ask has no --loudly"
    assert wrong("SLACK_BOT_TOKEN=xoxb-… trustbot run") is None
    assert runs("docker compose run --rm trustbot doktor")
    assert wrong("docker compose run --rm trustbot doktor") == "there is no command 'doktor'"
    assert "frobnicate" not in TARGETS
    assert {"demo", "test", ".venv/.installed"} <= TARGETS


@pytest.mark.parametrize("path", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=ident)
def test_every_setting_is_one(path: Path) -> None:
    assert set(VARIABLE.findall(path.read_text(encoding="utf-8"))) <= ALL


def test_every_setting_is_explained() -> None:
    assert set(VARIABLE.findall(sections(ROOT / "bot/guides/running.md")["Settings"])) == ALL


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 100
