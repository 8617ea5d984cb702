"""Modals that open in time: a trigger lasts three seconds, so one that takes work opens first and is filled after."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPException
from threading import Lock, Timer

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import Refusal
from bot.runtime.failures import record_failure
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block
from bot.slack.payloads import Trigger

AT_ONCE = 0.5
TITLE = "Trustbot"
LOADING = "One moment: Trustbot is looking this up."
MARK = "loading"
TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged"})
GONE = frozenset({"not_found", "view_not_found"})
SLOW = "That took too long for Slack to open it. Press it once more."
FAILED = (
    "Something went wrong on Trustbot's side. Try again in a few minutes. If it happens again, give the reference "
    "{reference} to whoever runs Trustbot."
)


def show(client: WebClient, trigger: Trigger, build: Callable[[], Block]) -> None:
    """Show the modal that `build` makes, over the one that was pressed in where there is one.

    What takes longer than a moment to make is announced in its place, and so is why it cannot be made. Errors of
    `build` are raised only where nothing was shown yet.
    """
    place = _Place(client, trigger)
    announce = Timer(AT_ONCE, place.announce)
    announce.daemon = True
    announce.start()
    try:
        view = build()
    except Exception as error:
        if not place.announced():
            raise
        view = sorry(sentence(error))
    finally:
        announce.cancel()
    place.fill(view)


def loading(title: str = TITLE) -> Block:
    """The modal that is shown until there is something to show."""
    return kit.modal(title, [kit.section(LOADING)], metadata=MARK)


def sorry(words: str) -> Block:
    """The modal for something that cannot be done, or went wrong."""
    return kit.modal(TITLE, [kit.section(kit.escape(words))])


def sentence(error: Exception) -> str:
    """What to tell a person of an error; the log has where it came from, under the reference."""
    if isinstance(error, Refusal):
        return str(error)
    reference = record_failure(error)
    if isinstance(error, SlackApiError) and error.response.get("error") in TOO_LATE:
        return SLOW
    return FAILED.format(reference=reference)


class _Place:
    """Where a trigger lets one modal be shown, once."""

    def __init__(self, client: WebClient, trigger: Trigger) -> None:
        self._client = client
        self._trigger = trigger.trigger_id
        over = trigger.view is not None and trigger.view.type == "modal"
        self._open = client.views_push if over else client.views_open
        self._lock = Lock()
        self._finished = False
        self._shown: str | None = None

    def announce(self) -> None:
        """Use the trigger while it lasts."""
        with self._lock:
            if self._finished:
                return
            try:
                self._shown = str(self._open(trigger_id=self._trigger, view=loading())["view"]["id"])
            except (SlackClientError, OSError, HTTPException) as error:
                record_failure(error)

    def announced(self) -> bool:
        """Whether something is shown in this place; nothing is announced from now on."""
        with self._lock:
            self._finished = True
            return self._shown is not None

    def fill(self, view: Block) -> None:
        """Show this, unless the person has closed the place meanwhile."""
        if not self.announced():
            self._open(trigger_id=self._trigger, view=view)
            return
        try:
            self._client.views_update(view_id=self._shown, view=view)
        except SlackApiError as error:
            if error.response.get("error") not in GONE:
                raise
