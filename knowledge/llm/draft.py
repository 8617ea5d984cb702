"""What a model is asked to send, and reading it while it arrives: whole claims, however the rest of it is broken."""

from __future__ import annotations

import json
import re
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError, field_validator

LONGEST = 40_000
_CLAIMS = re.compile(r'"claims"\s*:\s*\[')
_OPTIONS = re.compile(r'"kind"\s*:\s*"options"')
_DECODER = json.JSONDecoder()


class RawClaim(BaseModel):
    """A claim as the model sends it; nothing in it is trusted."""

    text: str = Field(max_length=1000)
    quote: str = Field(max_length=3000)
    passage: int

    @field_validator("passage", mode="before")
    @classmethod
    def _number(cls, value: Any) -> Any:
        """Models write 2, "2", "[2]" or "source 2"."""
        found = re.fullmatch(r"\D{0,12}(\d{1,3})\D{0,3}", value) if isinstance(value, str) else None
        return int(found[1]) if found else value


class DraftAnswer(BaseModel):
    """The whole of what the model is to send."""

    kind: Literal["answer", "options"] = "answer"
    claims: list[RawClaim] = Field(default_factory=list)
    ask: str = ""


SCHEMA: dict[str, Any] = {
    "type": "json_schema",
    "json_schema": {
        "name": "draft",
        "strict": True,
        "schema": {
            "type": "object",
            "additionalProperties": False,
            "required": ["kind", "claims", "ask"],
            "properties": {
                "kind": {"type": "string", "enum": ["answer", "options"]},
                "claims": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["text", "quote", "passage"],
                        "properties": {
                            "text": {"type": "string"},
                            "quote": {"type": "string"},
                            "passage": {"type": "integer"},
                        },
                    },
                },
                "ask": {"type": "string"},
            },
        },
    },
}


class Arriving:
    """A draft that arrives in pieces. `feed` gives the claims that have become whole; `whole` says that all came."""

    def __init__(self) -> None:
        self._text = ""
        self._next: int | None = None
        self._ended = False
        self._count = 0

    @property
    def full(self) -> bool:
        """Whether so much has come that the rest is not worth having."""
        return len(self._text) > LONGEST

    def feed(self, piece: str) -> list[RawClaim]:
        """Take a piece; the claims that are whole now and were not before. A claim of the wrong shape is left out."""
        self._text += piece
        if self._next is None:
            begun = _CLAIMS.search(self._text)
            if begun is None:
                return []
            self._next = begun.end()
        found: list[RawClaim] = []
        while not self._ended:
            at = self._next
            while at < len(self._text) and self._text[at] in " \t\r\n,":
                at += 1
            if at >= len(self._text):
                break
            if self._text[at] != "{":
                self._ended = True
                break
            try:
                value, self._next = _DECODER.raw_decode(self._text, at)
            except (ValueError, RecursionError):
                break
            self._count += 1
            found += _claim(value)
        return found

    def rest(self) -> list[RawClaim]:
        """Once nothing more comes: claims that stand elsewhere than they should, if none stood where they should."""
        if self._count:
            return []
        found: list[RawClaim] = []
        at = self._text.find("{", self._next or 0)
        while at >= 0 and len(found) < 20:
            try:
                value, end = _DECODER.raw_decode(self._text, at)
            except (ValueError, RecursionError):
                end = at + 1
            else:
                found += _claim(value)
            at = self._text.find("{", end)
        return found

    @property
    def options(self) -> bool:
        """Whether the claims are ways to choose from."""
        head = self._text[: self._next] if self._next is not None else self._text
        draft = self._draft()
        return draft.kind == "options" if draft else bool(_OPTIONS.search(head))

    @property
    def ask(self) -> str:
        """The question back, or nothing."""
        draft = self._draft()
        return draft.ask if draft else ""

    @property
    def says_nothing(self) -> bool:
        """Whether the model sent a whole draft that says that no source answers."""
        draft = self._draft()
        return draft is not None and not draft.claims

    def _draft(self) -> DraftAnswer | None:
        begin = self._text.find("{")
        if begin < 0:
            return None
        try:
            value, _ = _DECODER.raw_decode(self._text, begin)
            return DraftAnswer.model_validate(value) if isinstance(value, dict) and "claims" in value else None
        except (ValueError, RecursionError, ValidationError):
            return None


def _claim(value: Any) -> list[RawClaim]:
    try:
        return [RawClaim.model_validate(value)]
    except ValidationError:
        return []
