"""What a forge and a contributor's git run is what `.ci/run` and `make check` run."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict

from tests.guides.markdown import ROOT

FORMS = [path for path in sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")) if path.name != "config.yml"]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
CHECK = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ncheck:")[2].partition("\n\n")[0]


class Field(BaseModel):
    model_config = ConfigDict(extra="forbid")
    type: Literal["markdown", "textarea", "input", "dropdown", "checkboxes"]
    id: str | None = None
    attributes: dict[str, str]
    validations: dict[Literal["required"], bool] = {}


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    description: str
    labels: list[str]
    body: list[Field]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_is_one(path: Path) -> None:
    form = Form.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    fields = [field for field in form.body if field.type != "markdown"]
    assert fields
    assert len({field.id for field in fields}) == len(fields)
    assert all(field.id and field.attributes.get("label") for field in fields)


def test_the_forge_runs_what_ci_runs() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    # YAML reads the key `on` as a truth.
    assert set(workflow) == {"name", True, "permissions", "concurrency", "jobs"}
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands == [".ci/run"]
    assert os.access(ROOT / commands[0], os.X_OK)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_what_make_check_runs(hook: dict[str, Any]) -> None:
    assert hook["language"] == "system"
    tool, *rest = shlex.split(hook["entry"])
    assert tool.startswith(".venv/bin/")
    assert Path(sys.executable).with_name(Path(tool).name).exists(), tool
    words = [word for word in rest if word != "--force-exclude"]
    assert f"$(BIN)/{' '.join([Path(tool).name, *words])}" in CHECK


def test_no_check_is_left_out_of_the_hooks() -> None:
    assert {hook["id"] for hook in HOOKS} == {"ruff", "ruff-format", "mypy", "import-linter"}
