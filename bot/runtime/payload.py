"""What comes from outside or was kept, read once into a frozen model: nobody looks up keys in it afterwards."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import Refusal

MALFORMED = "Slack sent this in a form that Trustbot cannot read, so nothing was done. Open it anew and try once more."

log = logging.getLogger(__name__)


class Malformed(Refusal):
    """A payload is not what it should be. The log has which of its fields, and none of its words."""


class Payload(BaseModel):
    """The part of a payload that we read; whatever else is in it is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def read(cls, value: Any) -> Self:
        """The payload in what JSON was parsed into; Malformed where it is none."""
        return cls._checked(cls.model_validate, value)

    @classmethod
    def read_json(cls, text: str) -> Self:
        """The payload in JSON text; Malformed where it is none."""
        return cls._checked(cls.model_validate_json, text)

    @classmethod
    def read_or_none(cls, value: Any) -> Self | None:
        """The payload; None, and a line in the log, where it is none."""
        try:
            return cls.read(value)
        except Malformed:
            return None

    @classmethod
    def _checked(cls, validate: Callable[[Any], Self], value: Any) -> Self:
        try:
            return validate(value)
        except ValidationError as error:
            log.warning("%s is refused: %s", cls.__name__, _faults(error))
        # Outside of the handler, as the error holds what was sent.
        raise Malformed(MALFORMED)


class JobPayload(Payload):
    """What is kept of an event until it is done, by the Slack id of whoever sent it."""

    user: str


T = TypeVar("T", bound=JobPayload)


def job(model: type[T], handle: Callable[[str, T], None]) -> Callable[[str, Mapping[str, Any]], None]:
    """A handler of kept events whose payload is of this model."""

    def read_and_handle(event: str, payload: Mapping[str, Any]) -> None:
        handle(event, model.read(payload))

    return read_and_handle


def _faults(error: ValidationError) -> str:
    """Which fields are wrong, and how, without their values."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    return ", ".join(f"{'.'.join(map(str, fault['loc'])) or 'the whole'}: {fault['type']}" for fault in faults)
