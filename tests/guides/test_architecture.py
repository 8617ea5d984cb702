"""What the architecture names is there: each step of each walk is a function, each folder of a table is a folder."""

from __future__ import annotations

import importlib
import re
from functools import reduce
from pathlib import Path

import pytest

from tests.guides.markdown import FOLDERS, ROOT, code, sections

PAGE = ROOT / "ARCHITECTURE.md"
WALKS = ("A question", "Minutes", "An answer to a pulse", "A digest")
STEP = re.compile(r"^\d+\. `([\w.]+):([\w.]+)` ", re.MULTILINE)
NUMBERED = re.compile(r"^\d+\. ", re.MULTILINE)


@pytest.mark.parametrize("walk", WALKS)
def test_every_step_of_a_walk_is_a_function(walk: str) -> None:
    text = sections(PAGE)[walk]
    steps = STEP.findall(text)
    assert len(steps) == len(NUMBERED.findall(text)) > 8
    for module, name in steps:
        assert callable(reduce(getattr, name.split("."), importlib.import_module(module))), f"{module}:{name}"


def test_every_function_that_is_named_is_there() -> None:
    named = {found for text in code(PAGE) if (found := re.fullmatch(r"(\w+(?:\.\w+)+):([\w.]+)", text))}
    assert len(named) > 40
    for found in named:
        assert callable(reduce(getattr, found[2].split("."), importlib.import_module(found[1])))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_top_folder_says_what_is_in_it(folder: str) -> None:
    page = ROOT / folder / "README.md"
    assert {"Doors", "To add one"} <= set(sections(page))
    for text in code(page):
        for path in re.findall(r"^[\w/.-]*/$|^[\w/]+\.py$", text):
            assert (ROOT / folder / path).exists() or (ROOT / path).exists() or _within(folder, path), path
        if re.fullmatch(rf"(?:{'|'.join(FOLDERS)})(?:\.\w+)+", text):
            assert _imports(text), text


@pytest.mark.parametrize("folder", ["bot", "ingest", "knowledge"])
def test_no_folder_is_left_out(folder: str) -> None:
    named = " ".join(code(ROOT / folder / "README.md"))
    for package in sorted((ROOT / folder).glob("*/__init__.py")):
        assert f"{package.parent.name}/" in named, package.parent.name


def _within(folder: str, path: str) -> bool:
    """Whether it is a part of one of the folder's own folders."""
    return any(each.joinpath(path).exists() for each in (ROOT / folder).iterdir() if each.is_dir())


def _imports(name: str) -> bool:
    """Whether this is a module, or something in one."""
    path = Path(*name.split("."))
    if any(ROOT.joinpath(each).exists() for each in (path, path.with_suffix(".py"))):
        return True
    module, _, inside = name.rpartition(".")
    return hasattr(importlib.import_module(module), inside)
