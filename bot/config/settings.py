"""The only reader of the environment: every setting, checked, with its mend when it is wrong."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from bot.errors import Refusal
from knowledge.llm.providers import ModelUnusable, split

HOME, BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, API_URL, DATABASE_URL, CHROMA_URL, EMBEDDING_MODEL, HTTP = VARIABLES = (
    "TRUSTBOT_HOME",
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_API_URL",
    "TRUSTBOT_DATABASE_URL",
    "TRUSTBOT_CHROMA_URL",
    "TRUSTBOT_EMBEDDING_MODEL",
    "TRUSTBOT_HTTP",
)
MODEL, MODEL_URL, MODEL_SECONDS, MODEL_BUDGET, MODEL_PRICES = MODEL_VARIABLES = (
    "TRUSTBOT_MODEL",
    "TRUSTBOT_MODEL_URL",
    "TRUSTBOT_MODEL_SECONDS",
    "TRUSTBOT_MODEL_BUDGET",
    "TRUSTBOT_MODEL_PRICES",
)
READER_SECONDS = "TRUSTBOT_READER_SECONDS"
ALL = frozenset({*VARIABLES, *MODEL_VARIABLES, READER_SECONDS})
SLACK_API = "https://slack.com/api/"
TRUST_FILE = "trust.yaml"
HTTP_ADDRESS = ("127.0.0.1", 3000)


@dataclass(frozen=True, slots=True)
class Prices:
    """What a model costs, in pounds for a million tokens in and out."""

    tokens_in: float
    tokens_out: float


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a calendar month may use: pounds or tokens."""

    most: float
    unit: Literal["pounds", "tokens"]


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set from outside; `home` is the one folder for all state, the trust file may be missing."""

    home: Path
    trust_file: Path
    bot_token: str | None = None
    app_token: str | None = None
    signing_secret: str | None = None
    slack_api_url: str = SLACK_API
    database_url: str | None = None
    chroma_url: str | None = None
    embedding_model: str | None = None
    reader_seconds: float = 120.0
    http_address: tuple[str, int] = HTTP_ADDRESS
    model: str | None = None
    model_url: str | None = None
    model_seconds: float = 30.0
    model_budget: Budget | None = None
    model_prices: Prices | None = None

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the records: PostgreSQL as set, else a SQLite file in the home."""
        return self.database_url or _sqlite_url(self.home / "trustbot.sqlite")

    @property
    def durable_database(self) -> str:
        """The SQLAlchemy URL of the durable engine: the same PostgreSQL, else a SQLite file of its own."""
        return self.database_url or _sqlite_url(self.home / "durable.sqlite")

    @property
    def pulse_keys(self) -> Path:
        """The folder of keys that earlier versions sealed open pulses with; nothing new is put in it."""
        return self.home / "pulse"

    @property
    def keeper(self) -> str:
        """Who runs the database, in words."""
        return "whoever runs Trustbot's database server" if self.database_url else "whoever runs Trustbot's machine"

    @property
    def encoder_cache(self) -> Path:
        """Where the encoder keeps what it builds once."""
        return self.home / "encoder"

    def at(self, home: Path, trust_file: Path | None = None) -> Settings:
        """The same settings with another home, and another trust file than the home's own where one is given."""
        return replace(self, home=home, trust_file=trust_file or home / TRUST_FILE)


def has_desktop(environment: Mapping[str, str] | None = None) -> bool:
    """Whether a browser would open before the eyes of whoever started this: a screen is there, and no CI."""
    values = os.environ if environment is None else environment
    if values.get("CI") or values.get("SSH_CONNECTION"):
        return False
    return sys.platform in ("darwin", "win32") or bool(values.get("DISPLAY") or values.get("WAYLAND_DISPLAY"))


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings; a Refusal names the variable and the mend."""
    values = {name: value.strip() for name, value in (environment or os.environ).items() if name in ALL}
    values = {name: value for name, value in values.items() if value}
    home = Path(values.get(HOME, "~/.trustbot")).expanduser()
    if home.exists() and not home.is_dir():
        raise Refusal(f"{HOME} is {home}, which is a file. Set it to a folder; it is made when it is missing.")
    return Settings(
        home=home.absolute(),
        trust_file=home.absolute() / TRUST_FILE,
        bot_token=_token(values, BOT_TOKEN, "xoxb-", "OAuth & Permissions > Bot User OAuth Token"),
        app_token=_token(values, APP_TOKEN, "xapp-", "Basic Information > App-Level Tokens"),
        signing_secret=values.get(SIGNING_SECRET),
        slack_api_url=_api_url(values),
        database_url=_database_url(values),
        chroma_url=_web_url(values, CHROMA_URL, "http://localhost:8000"),
        embedding_model=values.get(EMBEDDING_MODEL),
        reader_seconds=_reader_seconds(values),
        http_address=_http_address(values),
        **_model(values),
    )


def _model(values: Mapping[str, str]) -> dict[str, Any]:
    spec = values.get(MODEL)
    if spec is None:
        if named := [name for name in MODEL_VARIABLES if name in values]:
            raise Refusal(f"{named[0]} is set without {MODEL}. Set {MODEL}=provider:name, or unset {named[0]}.")
        return {}
    try:
        split(spec)
    except ModelUnusable as error:
        raise Refusal(f"{MODEL}: {error}") from error
    budget, prices = _budget(values), _prices(values)
    if budget and budget.unit == "pounds" and prices is None:
        raise Refusal(
            f"{MODEL_BUDGET} is in pounds, so Trustbot must know what the model costs. Set {MODEL_PRICES} to the "
            "pounds for a million tokens in and out, such as 0.50/1.50, or give the budget in tokens."
        )
    return {
        "model": spec,
        "model_url": _web_url(values, MODEL_URL, "http://localhost:11434"),
        "model_seconds": _seconds(values),
        "model_budget": budget,
        "model_prices": prices,
    }


def _reader_seconds(values: Mapping[str, str]) -> float:
    given = values.get(READER_SECONDS, "120")
    if not re.fullmatch(r"\d{1,4}", given) or not 2 <= int(given) <= 1800:
        raise Refusal(
            f"{READER_SECONDS} is {given!r}. Write the most seconds of the processor that reading one file may "
            "take that somebody sends, from 2 to 1800."
        )
    return float(given)


def _seconds(values: Mapping[str, str]) -> float:
    given = values.get(MODEL_SECONDS, "30")
    if not re.fullmatch(r"\d{1,3}(?:\.\d+)?", given) or not 1 <= float(given) <= 240:
        raise Refusal(f"{MODEL_SECONDS} is {given!r}. Write the most seconds that an answer may take, from 1 to 240.")
    return float(given)


def _budget(values: Mapping[str, str]) -> Budget | None:
    given = values.get(MODEL_BUDGET)
    if given is None:
        return None
    if found := re.fullmatch(r"£\s?(\d+(?:\.\d\d)?)", given):
        return Budget(float(found[1]), "pounds")
    if found := re.fullmatch(r"(\d+)\s*tokens", given.replace(",", "").replace("_", "")):
        return Budget(float(found[1]), "tokens")
    raise Refusal(f"{MODEL_BUDGET} is {given!r}. Write the most for a month, such as £20 or 5000000 tokens.")


def _prices(values: Mapping[str, str]) -> Prices | None:
    given = values.get(MODEL_PRICES)
    if given is None:
        return None
    found = re.fullmatch(r"£?(\d+(?:\.\d+)?)\s*/\s*£?(\d+(?:\.\d+)?)", given)
    if found is None:
        raise Refusal(f"{MODEL_PRICES} is {given!r}. Write the pounds for a million tokens in and out: 0.50/1.50.")
    return Prices(float(found[1]), float(found[2]))


def _token(values: Mapping[str, str], name: str, prefix: str, where: str) -> str | None:
    token = values.get(name)
    if token and not token.startswith(prefix):
        raise Refusal(f"{name} does not start with {prefix}. Copy it again from your Slack app: {where}.")
    return token


def _web_url(values: Mapping[str, str], name: str, example: str) -> str | None:
    url = values.get(name)
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good:
        raise Refusal(f"{name} is no web address. Write one such as {example}, or unset it.")
    return url


def _http_address(values: Mapping[str, str]) -> tuple[str, int]:
    given = values.get(HTTP)
    if given is None:
        return HTTP_ADDRESS
    host, _, port = given.rpartition(":")
    if not re.fullmatch(r"\d{1,5}", port) or not 0 < int(port) < 65_536 or re.search(r"[\s/]", host):
        raise Refusal(f"{HTTP} is {given!r}. Write where to listen for Slack, such as 127.0.0.1:3000.")
    return host.strip("[]") or HTTP_ADDRESS[0], int(port)


def _sqlite_url(file: Path) -> str:
    # Percent signs, question marks and hashes of a folder's name are no part of the address's own grammar.
    return f"sqlite:///{quote(str(file))}"


def _api_url(values: Mapping[str, str]) -> str:
    url = _web_url(values, API_URL, SLACK_API) or SLACK_API
    return url if url.endswith("/") else f"{url}/"


def _database_url(values: Mapping[str, str]) -> str | None:
    url = values.get(DATABASE_URL)
    if url is None:
        return None
    scheme, _, rest = url.partition("://")
    if not rest or scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise Refusal(
            f"{DATABASE_URL} is no PostgreSQL address. Write postgresql://user:password@host:5432/name, "
            "or unset it to keep records in a file in the home."
        )
    return f"postgresql+psycopg://{rest}"
