"""What is declared of a document: in its front matter, or in a sidecar beside it."""

from __future__ import annotations

import datetime
import errno
import os
import re
import stat
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from ingest.readers.reading import Unreadable
from knowledge.passages import Kind, Names, Status
from knowledge.text.dates import find

SIDECAR = ".yaml"
_MAX_SIDECAR = 20_000
_MAX_SHOWN = 60
_STATUS = {
    **dict.fromkeys(("approved", "adopted", "ratified", "final", "published", "current", "in force"), "approved"),
    **dict.fromkeys(("draft", "consultation", "for approval", "for consultation", "in review"), "draft"),
    **dict.fromkeys(("superseded", "archived", "withdrawn", "replaced", "obsolete", "expired"), "superseded"),
}


def _day(value: object, *, last: bool) -> object:
    if value is None or (isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)):
        return value
    if isinstance(value, datetime.datetime):
        return value.date()
    periods = find(str(value))
    if len(periods) != 1:
        raise ValueError(
            f"{_shown(value)} is no date: write 2021-09-01, 1 September 2021, September 2021 or Spring 2021"
        )
    return periods[0].end if last else periods[0].start


def _shown(value: object) -> str:
    """A value as it stands in a sentence."""
    text = str(value)
    return repr(text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…")


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class Declared(BaseModel):
    """The keys that front matter and sidecars may have; all may be left out.

    A date may be a month, a term or a year: `date` is then its first day, `review` its last. `family` joins versions
    that no rule would recognise. `audience` may only narrow the folder's.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text | None = None
    kind: Kind | None = None
    school: Name | None = None
    body: Name | None = None
    date: datetime.date | None = None
    version: Text | None = None
    review: datetime.date | None = None
    status: Status | None = None
    url: Text | None = None
    family: Text | None = None
    audience: tuple[Text, ...] | None = None

    @field_validator("date", mode="before")
    @classmethod
    def _first_day(cls, value: object) -> object:
        return _day(value, last=False)

    @field_validator("review", mode="before")
    @classmethod
    def _last_day(cls, value: object) -> object:
        return _day(value, last=True)

    @field_validator("kind", mode="before")
    @classmethod
    def _kind(cls, value: object) -> object:
        if isinstance(value, str) and value.strip().lower() not in set(Kind):
            raise ValueError(f"{_shown(value)} is no kind of document: write one of {', '.join(Kind)}")
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("status", mode="before")
    @classmethod
    def _status(cls, value: object) -> object:
        if isinstance(value, str) and value.strip().lower() not in _STATUS:
            raise ValueError(f"{_shown(value)} is no status: write one of {', '.join(Status)}")
        return _STATUS[value.strip().lower()] if isinstance(value, str) else value

    @field_validator("url")
    @classmethod
    def _url(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r"https?://[^\s<>|]+", value):
            raise ValueError("is no web address: it starts with https:// and has no spaces")
        return value

    @field_validator("school", "body")
    @classmethod
    def _known(cls, value: str | None, info: ValidationInfo) -> str | None:
        names: Names = (info.context or {}).get("names", Names())
        known = names.schools if info.field_name == "school" else names.bodies
        for key, ways in known.items():
            if value and value.casefold() in {key.casefold(), *(way.casefold() for way in ways)}:
                return key
        if value and known and info.field_name == "school":
            raise ValueError(f"{_shown(value)} is no school of the trust file: write one of {', '.join(known)}")
        return value

    @field_validator("audience", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return re.split(r"\s*[,+]\s*", value.strip()) if isinstance(value, str) else value

    @field_validator("audience")
    @classmethod
    def _known_principals(cls, value: tuple[str, ...] | None, info: ValidationInfo) -> tuple[str, ...] | None:
        principals: Collection[str] | None = (info.context or {}).get("principals")
        if value is not None and not value:
            raise ValueError("names nobody: write `everyone`, a group, a school or person:<id>, or leave it out")
        unknown = [each for each in value or () if principals is not None and each not in principals]
        if unknown:
            raise ValueError(f"{_shown(unknown[0])} is no school, group or person:<id> of the trust file")
        return value


def from_properties(properties: Mapping[str, str], names: Names, principals: Collection[str] | None = None) -> Declared:
    """What a front matter declares; keys that mean nothing here are passed over. Raises Unreadable, naming the key."""
    known = {key: value for key, value in properties.items() if key in Declared.model_fields and value.strip()}
    try:
        return Declared.model_validate(known, context={"names": names, "principals": principals})
    except ValidationError as error:
        raise Unreadable("; ".join(f"its front matter, {_explain(each)}" for each in error.errors()[:5])) from error


def sidecar_of(path: Path) -> Path:
    """Where a document's sidecar lies: lettings.pdf -> lettings.pdf.yaml."""
    return path.with_name(path.name + SIDECAR)


def sidecar_bytes(path: Path) -> bytes:
    """The sidecar of the document at `path`, or as much of it as shows that it is too long. Raises OSError."""
    # Nobody waits for a pipe that lies there.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(sidecar_of(path), flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is no file")
        return file.read(_MAX_SIDECAR + 1)


def from_sidecar(path: Path, names: Names, principals: Collection[str] | None = None) -> Declared:
    """What the sidecar of the document at `path` declares, if it has one. Raises Unreadable, naming line and key."""
    sidecar = sidecar_of(path)
    try:
        content = sidecar_bytes(path)
        if len(content) > _MAX_SIDECAR:
            raise Unreadable(f"{sidecar.name} is far too long for a sidecar: keep the few keys that are known")
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        return Declared()
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{sidecar.name} cannot be read: check its permissions, and save it as UTF-8") from error
    try:
        tree = yaml.compose(text, Loader=yaml.BaseLoader)
        # BaseLoader leaves every value as it is written: `version: 2.10` is not 2.1.
        data = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise Unreadable(f"{sidecar.name}{where}: this is not valid YAML. Check indentation and colons") from error
    if not data:
        return Declared()
    if not isinstance(data, dict) or not isinstance(tree, yaml.MappingNode):
        raise Unreadable(f"{sidecar.name}, line 1: write one `key: value` a line, such as `kind: policy`")
    lines = {str(key.value): key.start_mark.line + 1 for key, _ in tree.value}
    for key in Declared.model_fields:
        value = data.get(key, "")
        if not all(isinstance(part, str) for part in (value if isinstance(value, list) else [value])):
            # What is nested may be aliases: a few hundred bytes that are millions of values to whoever writes them out.
            raise Unreadable(f"{sidecar.name}, line {lines.get(key, 1)}, {key}: write words, or a list of words")
    try:
        declared = {key: value for key, value in data.items() if value != ""}
        return Declared.model_validate(declared, context={"names": names, "principals": principals})
    except ValidationError as error:
        raise Unreadable(
            "; ".join(
                f"{sidecar.name}, line {lines.get(str(each['loc'][0]), 1) if each['loc'] else 1}, {_explain(each)}"
                for each in error.errors()[:5]
            )
        ) from error


def _explain(error: Any) -> str:
    key = str(error["loc"][0]) if error["loc"] else "the whole"
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        message = f"this key is not known here. Known are {', '.join(Declared.model_fields)}"
    return f"{key}: {message}"
