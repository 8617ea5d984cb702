"""`trustbot guide` and `trustbot --version`."""

from __future__ import annotations

import json
import tomllib

from typer.testing import CliRunner

from bot.cli.main import app
from bot.guides.pages import NAMES
from tests.guides.markdown import ROOT

run = CliRunner().invoke


def test_the_list_names_every_guide() -> None:
    listed = run(app, ["guide"])
    assert listed.exit_code == 0
    assert [line.split()[0] for line in listed.stdout.splitlines() if line[:1].strip()] == list(NAMES)
    assert [guide["name"] for guide in json.loads(run(app, ["guide", "--json"]).stdout)] == list(NAMES)


def test_one_guide_is_shown_with_commands_instead_of_links() -> None:
    shown = run(app, ["guide", "set-up"])
    assert shown.exit_code == 0
    assert shown.stdout.startswith("# Set up in thirty minutes")
    assert "`trustbot guide trust-file`" in shown.stdout


def test_an_unknown_guide_is_refused() -> None:
    assert "set-up" in str(run(app, ["guide", "parents"]).exception)


def test_the_version_is_that_of_the_package() -> None:
    said = run(app, ["--version"])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (said.exit_code, said.stdout) == (0, f"trustbot {project['version']}\n")
