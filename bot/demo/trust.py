"""Which trust the demo plays: the sample, one's own trust file, or a folder of documents with a cast made up for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import yaml

from bot.config import trust as trust_file
from bot.config.settings import TRUST_FILE, Settings
from bot.config.trust import Trust
from bot.errors import Refusal

SAMPLE = Path(__file__).with_name("sample") / TRUST_FILE
# Only to tell a folder of documents from one without: whatever is readable is read in.
READABLE = frozenset({".pdf", ".docx", ".pptx", ".md", ".markdown", ".txt", ".html", ".htm"})
STATE = ("trustbot.sqlite", "durable.sqlite", "encoder", "chroma")
LOOKED_THROUGH = 2000
CAST: tuple[tuple[str, str, list[str], str, list[str]], ...] = (
    ("alex-morgan", "Alex Morgan", ["chief-executive"], "Chief executive", []),
    ("sam-patel", "Sam Patel", ["headteacher"], "Headteacher", ["school"]),
    ("jo-fletcher", "Jo Fletcher", ["senior-leader", "dsl"], "Deputy head", ["school"]),
    ("chris-obi", "Chris Obi", ["staff"], "Teacher", ["school"]),
    ("robin-hale", "Robin Hale", ["governance"], "Clerk", []),
    ("lesley-ward", "Lesley Ward", ["trustee"], "Chair of trustees", []),
)
GROUPS: tuple[tuple[str, str, list[str], list[str]], ...] = (
    ("exec", "Executive team", ["chief-executive"], ["robin-hale"]),
    ("slt", "Senior leadership team", ["headteacher", "senior-leader"], []),
    ("trustees", "Trust board", ["trustee"], ["alex-morgan", "robin-hale"]),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A trust, its file, where the demo keeps its state, and which of the three it is."""

    trust: Trust
    file: Path
    state: Path
    sample: bool
    made_up: bool = False


def stage(settings: Settings, folder: Path | None) -> Stage:
    """The trust to play. `folder` holds a trust file, or documents, or only the state of the sample; a Refusal where
    its trust file is wrong or it is no folder."""
    if folder is None:
        state = (settings.home / "demo").absolute()
        return Stage(trust_file.load(SAMPLE), SAMPLE, state, sample=True)
    folder = folder.expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise Refusal(f"{folder} is a file. Name a folder: of documents, or with a {TRUST_FILE}.")
    own = folder / TRUST_FILE
    if own.exists():
        return Stage(trust_file.load(own), own, folder, sample=False)
    if any((folder / each).exists() for each in STATE) or not _has_documents(folder):
        return Stage(trust_file.load(SAMPLE), SAMPLE, folder, sample=True)
    state = (settings.home / "demos" / f"{folder.parent.name}-{folder.name}").absolute()
    state.mkdir(parents=True, exist_ok=True)
    file = state / TRUST_FILE
    file.write_text(yaml.safe_dump(made_up(folder), allow_unicode=True, sort_keys=False), encoding="utf-8")
    return Stage(trust_file.load(file), file, state, sample=False, made_up=True)


def made_up(documents: Path) -> dict[str, object]:
    """A trust file's content around a folder of documents, open to everybody in a small cast that is invented."""
    return {
        "name": documents.name.replace("-", " ").replace("_", " ").strip().capitalize() or "Your trust",
        "schools": [{"id": "school", "name": "The school", "phase": "primary"}],
        "people": [
            {
                "id": key,
                "name": name,
                "email": f"{key}@demo.example",
                "roles": roles,
                "title": title,
                "schools": schools,
            }
            for key, name, roles, title, schools in CAST
        ],
        "groups": [
            {"id": key, "name": name, "roles": roles, "people": people, "meets": True}
            for key, name, roles, people in GROUPS
        ],
        "library": [{"path": str(documents), "audience": "everyone"}],
    }


def _has_documents(folder: Path) -> bool:
    return folder.is_dir() and any(each.suffix.lower() in READABLE for each in _files(folder))


def _files(folder: Path) -> Iterator[Path]:
    return islice((each for each in folder.rglob("*") if each.is_file()), LOOKED_THROUGH)
