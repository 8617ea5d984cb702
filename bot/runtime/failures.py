"""Failures by reference: a person gets the reference, the log gets the places, and nobody's words go anywhere."""

from __future__ import annotations

import errno
import logging
import secrets
import sqlite3
import traceback
from collections.abc import Iterator

from bot.errors import Refusal

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CAUSES = 10
DISK_FULL = (
    "The disk is full, so Trustbot cannot write. Make room on the disk of its home or its database: what waits is then "
    "done, and nothing is lost."
)

log = logging.getLogger(__name__)


def record_failure(error: BaseException) -> str:
    """Log where this failed, without any value that it carries, and return the reference to give to the person."""
    reference = "TB-" + "".join(secrets.choice(ALPHABET) for _ in range(5))
    if disk_is_full(error):
        log.critical(DISK_FULL)
    log.error("failure %s\n%s", reference, masked_trace(error))
    return reference


def sentence_of(error: Exception, failed: str) -> str:
    """What to tell a person of an error: what a Refusal says, else `failed` with a reference, under which the log has
    where it came from."""
    return str(error) if isinstance(error, Refusal) else failed.format(reference=record_failure(error))


def disk_is_full(error: BaseException) -> bool:
    """Whether this failed because a disk, or somebody's share of it, is full."""
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL or getattr(cause, "sqlstate", "") == "53100":
            return True
    return False


def disk_full(error: BaseException) -> str | None:
    """What is to be said where a disk is full; None for every other failure."""
    return DISK_FULL if disk_is_full(error) else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and what led to it, at most so many."""
    current: BaseException | None = error
    for _ in range(CAUSES):
        if current is None:
            return
        yield current
        current = current.__cause__ or current.__context__


def masked_trace(error: BaseException) -> str:
    """The traceback of this exception and its causes as places and names: an exception's message may hold a question.

    Slack's own error code is kept.
    """
    parts: list[str] = []
    for current in _causes(error):
        places = traceback.format_list(traceback.extract_tb(current.__traceback__))
        code = getattr(getattr(current, "response", None), "data", None)
        said = f" ({code.get('error')})" if isinstance(code, dict) else ""
        parts.append(f"{''.join(places)}{type(current).__module__}.{type(current).__qualname__}{said}")
    return "\ncaused by\n".join(parts)


class MaskingFormatter(logging.Formatter):
    """Log lines whose exceptions show places and names only, whichever library logs them."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; a library's message about an exception gives way to where it came from."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record = logging.makeLogRecord(record.__dict__)
            record.msg, record.args = f"failed in {record.funcName}\n{masked_trace(error)}", ()
            record.exc_info = record.exc_text = None
        return super().format(record)


def write_log(level: int = logging.WARNING) -> None:
    """Let this process write its log to standard error, discreetly."""
    handler = logging.StreamHandler()
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Its lines are figures of tokens and cost, which an operator wants to see.
    logging.getLogger("bot.runtime.model_ledger").setLevel(logging.INFO)
