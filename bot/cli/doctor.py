"""Checks every part of an installation and says what to do about what is wrong."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from bot.ask import safeguarding_leads as leads
from bot.config.private_home import keep_private, open_to_others
from bot.config.settings import Settings
from bot.errors import Refusal
from bot.slack import manifest

if TYPE_CHECKING:
    from slack_sdk.web import SlackResponse

    from bot.config.trust import Trust
    from bot.trust.file import TrustFile

State = Literal["good", "note", "wrong"]
SPACE_NEEDED = 500 * 2**20
CHROMA_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen of one part; `mend` says what to do unless all is good."""

    part: str
    state: State
    seen: str
    mend: str = ""

    def as_json(self) -> dict[str, str]:
        """The published shape of a finding."""
        return asdict(self)


def examine(settings: Settings) -> list[Finding]:
    """Check home, trust file, library folders, database, inbox, Chroma, encoder, language model, OCR and Slack."""
    return [
        *_home(settings),
        *_trust(settings),
        *_database(settings),
        *_inbox(settings),
        *_encoder(settings),
        *_chroma(settings),
        *_model(settings),
        *_ocr(),
        *_slack(settings),
    ]


def _home(settings: Settings) -> Iterator[Finding]:
    home = settings.home
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        keep_private(home)
        probe = home / ".doctor"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        yield Finding(
            "home", "wrong", f"{home}: {error.strerror}", "Set TRUSTBOT_HOME to a folder that you may write to."
        )
        return
    if others := open_to_others(home):
        yield Finding(
            "home",
            "wrong",
            f"{home}: other users of this machine may read {len(others)} of its files",
            f"Run Trustbot as their owner, or run `sudo chown -R $(id -u) '{home}'` and then `trustbot doctor` again.",
        )
    free = shutil.disk_usage(home).free
    if free < SPACE_NEEDED:
        yield Finding("home", "wrong", f"{home}: {free >> 20} MB free", "Free at least 500 MB, or move TRUSTBOT_HOME.")
    else:
        yield Finding("home", "good", f"{home}: writable, {free >> 30} GB free")


def _trust(settings: Settings) -> Iterator[Finding]:
    from bot.app import trust_copy

    with trust_copy(settings) as file:
        yield from _trust_file(settings, file)


def _trust_file(settings: Settings, file: TrustFile | None) -> Iterator[Finding]:
    from bot.config import trust as trust_file

    version = file.newest() if file else None
    stays = f"Version {version.number} of {version.accepted:%-d %B %Y} stays in force meanwhile. " if version else ""
    if file and version and not settings.trust_file.exists():
        yield Finding(
            "trust file",
            "wrong",
            f"none at {settings.trust_file}. {stays}".strip(),
            "Put it back: `trustbot trust show` prints it as it was.",
        )
        return
    if not settings.trust_file.exists():
        yield Finding(
            "trust file",
            "note",
            f"none at {settings.trust_file}",
            "Without it everybody in the workspace reads everything. `trustbot guide set-up` has one to copy and edit.",
        )
        return
    try:
        trust = trust_file.load(settings.trust_file)
    except Refusal as refusal:
        yield Finding("trust file", "wrong", str(refusal), f"{stays}Mend the line and run `trustbot doctor` again.")
        return
    if file and (behind := file.behind()):
        yield Finding("trust file", "wrong", behind, f"{stays}Bring the newer file here, or accept this one.")
        return
    number = f", version {version.number} in force" if version else ""
    seen = f"{trust.name}: {len(trust.schools)} schools, {len(trust.people)} people{number}"
    yield Finding("trust file", "good", seen)
    yield from _safeguarding(trust)
    for folder in trust.library:
        path = trust.folder / folder.path
        if path.is_dir():
            yield Finding("library folder", "good", f"{path}, for {' or '.join(folder.audience)}")
        else:
            yield Finding(
                "library folder", "wrong", f"{path} is not there", "Make it, or correct `library:` in the trust file."
            )


def _safeguarding(trust: Trust) -> Iterator[Finding]:
    """Whether whoever writes of a child at risk can be told whom to speak to."""
    part = "safeguarding leads"
    missing, silent = leads.schools_without(trust), leads.without_number(trust)
    if missing:
        yield Finding(
            part,
            "note",
            f"none is named for {', '.join(missing)}",
            "Give the person `roles: [dsl]`, `schools:` and `phone:` in the trust file (a deputy: `deputy-dsl`). Until "
            "then whoever writes of a child at risk is told to find the lead, without name and number.",
        )
    if silent:
        yield Finding(
            part, "note", f"no telephone number for {', '.join(silent)}", "Give them `phone:` in the trust file."
        )
    if not (missing or silent):
        yield Finding(part, "good", "every school has one, with a telephone number")


def _database(settings: Settings) -> Iterator[Finding]:
    from bot.runtime import db

    try:
        engine = db.make_engine(settings.database)
        try:
            pending = db.pending(engine)
        finally:
            engine.dispose()
    except Refusal as refusal:
        mend = (
            "Start the database, or correct TRUSTBOT_DATABASE_URL."
            if settings.database_url
            else "Mend that, then run `trustbot doctor` again."
        )
        yield Finding("database", "wrong", str(refusal), mend)
        return
    where = engine.url.render_as_string(hide_password=True)
    if pending:
        yield Finding("database", "note", f"{where}: schema is not up to date", "Run `trustbot db upgrade`.")
    else:
        yield Finding("database", "good", where)


def _inbox(settings: Settings) -> Iterator[Finding]:
    """Work that was set aside because the process died of it."""
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from bot.runtime import db
    from bot.runtime.inbox import InboxRow

    try:
        engine = db.make_engine(settings.database)
        try:
            if db.pending(engine):
                return
            with Session(engine) as session:
                rows = list(session.scalars(select(InboxRow).where(InboxRow.set_aside).order_by(InboxRow.received)))
        finally:
            engine.dispose()
    except Refusal:
        return
    if rows:
        last = rows[-1].received
        many = "1 piece of work was" if len(rows) == 1 else f"{len(rows)} pieces of work were"
        yield Finding(
            "inbox",
            "note",
            f"{many} set aside, last of {last.day} {last:%B %Y}, as Trustbot stopped in the middle of it each time",
            "Whoever sent it was told. If it goes on, report it with the log.",
        )
    else:
        yield Finding("inbox", "good", "nothing was set aside")


def _encoder(settings: Settings) -> Iterator[Finding]:
    from knowledge.embedding import encoder as embed

    try:
        encoder = embed.load(settings.embedding_model, settings.encoder_cache)
        encoder.encode(["attendance"])
    except embed.UnknownModel as error:
        yield Finding(
            "embedding model", "wrong", str(error), "Unset TRUSTBOT_EMBEDDING_MODEL to use the default model."
        )
    except OSError as error:
        seen = f"it cannot be prepared in {settings.encoder_cache}: {(error.strerror or str(error)).lower()}"
        yield Finding("embedding model", "wrong", seen, "Set TRUSTBOT_HOME to a folder that you may write to.")
    else:
        yield Finding("embedding model", "good", f"{encoder.name}, {encoder.dimension} dimensions")


def _model(settings: Settings) -> Iterator[Finding]:
    from time import monotonic

    from knowledge.llm.model import ModelFailure, Use
    from knowledge.llm.providers import ModelUnusable, connect, mend, runs_at

    part = "language model"
    if settings.model is None:
        yield Finding(part, "good", "none is set: answers are quotes, and no words leave this machine for a model")
        return
    where = f"{settings.model} at {runs_at(settings.model, settings.model_url)}"
    try:
        model = connect(settings.model, settings.model_url, settings.model_seconds, monotonic)
        came = "".join(model.ask("Answer with the JSON object {}.", "Are you there?", Use()))
    except ModelUnusable as error:
        yield Finding(part, "wrong", where, str(error))
    except ModelFailure as failure:
        then = " Until then the documents' own words are given."
        yield Finding(
            part, "wrong", f"{where}: no answer ({failure.trouble.value})", mend(settings.model, failure.trouble) + then
        )
    else:
        if came:
            yield Finding(part, "good", f"{where} answers")
        else:
            yield Finding(part, "note", f"{where} answered with nothing", "Try another model if that goes on.")
    if settings.model_budget is None:
        yield Finding(
            "model budget", "note", "none is set", "Set TRUSTBOT_MODEL_BUDGET, such as £20 or 5000000 tokens."
        )


def _ocr() -> Iterator[Finding]:
    from ingest.readers.scans.ocr import Ocr, OcrMissingError

    try:
        Ocr()
    except OcrMissingError as error:
        installed = find_spec("rapidocr_onnxruntime") is not None
        libgl = installed and "lib" in str(error.__cause__)
        mend = (
            "pip install --force-reinstall --no-deps opencv-python-headless" if libgl else "pip install 'trustbot[ocr]'"
        )
        yield Finding("scanned pages", "note", "cannot be read", f"Run {mend}")
    else:
        yield Finding("scanned pages", "good", "read by rapidocr-onnxruntime")


def _slack(settings: Settings) -> Iterator[Finding]:
    if settings.bot_token is None:
        yield Finding(
            "Slack", "note", "not connected", "Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN; see `trustbot guide set-up`."
        )
        return
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError, SlackClientError

    client = WebClient(settings.bot_token, base_url=settings.slack_api_url, timeout=15)
    try:
        test = client.auth_test()
    except SlackApiError as error:
        code = error.response.get("error", "unknown")
        yield Finding("bot token", "wrong", f"Slack answers {code}", "Reinstall the app and copy the bot token again.")
        return
    except (SlackClientError, OSError):
        yield Finding(
            "Slack", "wrong", f"{settings.slack_api_url} does not answer", "Check the network and SLACK_API_URL."
        )
        return
    yield Finding("bot token", "good", f"{test.get('user')} in {test.get('team')}")
    yield from _clock(test, time.time())
    yield _scopes(test.headers)
    yield from _identity(settings)
    yield from _delivery(settings)


def _scopes(headers: Mapping[str, str]) -> Finding:
    """What the token may do; Slack says it in a header, which a proxy may take away."""
    said = next((value for name, value in headers.items() if name.casefold() == "x-oauth-scopes"), "")
    granted = {scope.strip() for scope in str(said).split(",") if scope.strip()}
    if not granted:
        return Finding(
            "scopes", "note", "Slack did not say which the app has", "Compare the app's scopes with manifest.json."
        )
    if missing := sorted(manifest.scopes() - granted):
        return Finding(
            "scopes", "wrong", f"missing {', '.join(missing)}", "Update the app from manifest.json and reinstall it."
        )
    return Finding("scopes", "good", f"all {len(manifest.scopes())} of manifest.json")


def _identity(settings: Settings) -> Iterator[Finding]:
    """Whether each address of the trust file names one account."""
    from time import monotonic

    from slack_sdk.errors import SlackApiError

    from bot.config import trust as trust_file
    from bot.slack.messages.outbox import reading_client
    from bot.slack.people.directory import FAILURES
    from bot.slack.people.people import People

    if not settings.trust_file.exists() or settings.bot_token is None:
        return
    try:
        trust = trust_file.load(settings.trust_file)
        found = People(reading_client(settings.bot_token, settings.slack_api_url), trust, monotonic).conflicts()
    except Refusal:
        return
    except FAILURES as error:
        code = error.response.get("error", "unknown") if isinstance(error, SlackApiError) else "nothing"
        yield Finding("people", "wrong", f"Slack answers {code}", "Mend what is wrong above, then look again.")
        return
    if not found:
        yield Finding("people", "good", "no address stands for two Slack accounts")
    for conflict in found:
        yield Finding("people", "wrong", conflict.seen, conflict.mend)


def _clock(answer: SlackResponse, ours: float) -> Iterator[Finding]:
    """Our clock (Unix seconds) beside Slack's."""
    from bot.slack.slack_time import TOLD, apart, slack_clock

    slacks = slack_clock(answer)
    if slacks is None:
        yield Finding("clock", "note", "Slack's answers carry no time", "See that this machine's clock is right.")
        return
    ahead = timedelta(seconds=round(ours - slacks.timestamp()))
    if abs(ahead) < TOLD:
        yield Finding("clock", "good", "it agrees with Slack's")
    else:
        mend = "Set it, or let it be set over the network. Trustbot goes by Slack's time meanwhile."
        yield Finding("clock", "wrong", f"it is {apart(ahead)} Slack's", mend)


def _delivery(settings: Settings) -> Iterator[Finding]:
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError

    if settings.app_token is None and settings.signing_secret is None:
        yield Finding("app token", "wrong", "no way for events to arrive", "Set SLACK_APP_TOKEN (Socket Mode).")
    if settings.app_token is not None:
        try:
            WebClient(base_url=settings.slack_api_url).apps_connections_open(app_token=settings.app_token)
        except SlackApiError as error:
            code = error.response.get("error", "unknown")
            yield Finding(
                "app token", "wrong", f"Slack answers {code}", "Make an app-level token with connections:write."
            )
        else:
            yield Finding("app token", "good", "Socket Mode opens")
    elif settings.signing_secret is not None:
        yield Finding("signing secret", "good", "events arrive over signed HTTP")


def _chroma(settings: Settings) -> Iterator[Finding]:
    from bot import app
    from bot.runtime import db

    try:
        engine = db.make_engine(settings.database)
        try:
            empty = db.pending(engine)
        finally:
            engine.dispose()
    except Refusal:
        return
    if empty:
        yield Finding("Chroma", "note", "nothing to index yet", "Run `trustbot ingest`, then `trustbot doctor` again.")
        return
    try:
        with app.indexed(settings) as (known, index):
            level = index.wait(CHROMA_SECONDS)
            status = known.library.status()
            problem, elsewhere = index.problem, index.elsewhere
    except Refusal as refusal:
        yield Finding("Chroma", "wrong", str(refusal), "Mend that first; Chroma was not looked at.")
        return
    if status.stale:
        seen = f"{status.stale} documents were encoded by another model and are found by their words alone"
        yield Finding("library", "wrong", seen, "Run `trustbot rebuild`.")
    if elsewhere:
        yield Finding("Chroma", "good", "in the hands of the running bot")
    elif level:
        yield Finding("Chroma", "good", f"{status.index}: {status.documents} documents, {status.passages} passages")
    else:
        mend = "Start the server, or correct TRUSTBOT_CHROMA_URL." if settings.chroma_url else "Run `trustbot rebuild`."
        yield Finding(
            "Chroma", "wrong", problem or "not level with the library yet", f"{mend} Answers go on without it."
        )
