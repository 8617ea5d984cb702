"""Where the secrets of open pulses lie: off this machine, in files of the bot's own in Slack that nobody else is shown.

A copy of the disk, or any number of copies, does not hold them. Whoever has the bot's Slack token or reads the
process's memory can get at them; they are deleted in Slack when a wave has been counted.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import Refusal
from bot.slack.files import GONE, Files

NAME = "trustbot-pulse-key.txt"
TITLE = "A key of Trustbot's. While a pulse is open, please leave it: without it the pulse cannot be counted."
MOST = 1_000


class SafeShut(Exception):
    """The safe cannot be opened just now; what lies in it is not lost."""


class Safe(Protocol):
    """Keeps secrets where no copy of this machine holds them. All that it does may raise SafeShut."""

    def put(self, secret: bytes) -> str:
        """Lay a secret in; the reference that it is found by."""
        ...

    def get(self, reference: str) -> bytes | None:
        """The secret behind a reference; None where it is gone for good."""
        ...

    def destroy(self, reference: str) -> None:
        """Leave nothing of it. Safe to repeat."""
        ...


class SlackSafe:
    """Private files of the bot's; what was read is kept in memory."""

    def __init__(self, posting: WebClient, reading: WebClient, token: str) -> None:
        self._posting = posting
        self._reading = reading
        self._files = Files(reading, token)
        self._known: dict[str, bytes] = {}

    def put(self, secret: bytes) -> str:
        """Upload it without sharing it, and read it back: what cannot be read again is no key to seal with."""
        with _or_shut():
            content = base64.b64encode(secret)
            answer = self._posting.files_upload_v2(filename=NAME, content=content, title=TITLE)
        reference = str(answer["file"]["id"])
        if self.get(reference) != secret:
            raise SafeShut
        return reference

    def get(self, reference: str) -> bytes | None:
        """The secret in this file; None where the file is gone."""
        if reference not in self._known:
            with _or_shut():
                file = self._files.about(reference)
                if file is None:
                    return None
                content = self._files.fetch(file, MOST)
            try:
                self._known[reference] = base64.b64decode(content, validate=True)
            except binascii.Error:
                return None
        return self._known[reference]

    def destroy(self, reference: str) -> None:
        """Delete the file."""
        self._known.pop(reference, None)
        with _or_shut():
            try:
                self._reading.files_delete(file=reference)
            except SlackApiError as error:
                if error.response.get("error") not in GONE:
                    raise


@contextmanager
def _or_shut() -> Iterator[None]:
    try:
        yield
    except (SlackClientError, OSError, HTTPException, Refusal) as error:
        raise SafeShut from error
