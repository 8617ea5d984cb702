"""The providers whose models Trustbot can ask, and how a model is named: `provider:name`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from knowledge.llm.model import Model, Trouble

_SPEC = re.compile(r"([a-z]+):(\S+)")
MOST_TOKENS = 1500


class ModelUnusable(Exception):
    """A model that cannot be asked, as a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider: its langchain package, the variable of its key (None: it needs none), and where its models run."""

    package: str
    key: str | None
    where: str


PROVIDERS = {
    "openai": Provider("langchain_openai", "OPENAI_API_KEY", "OpenAI's servers"),
    "anthropic": Provider("langchain_anthropic", "ANTHROPIC_API_KEY", "Anthropic's servers"),
    "ollama": Provider("langchain_ollama", None, "an Ollama server, on this machine unless set otherwise"),
}


def split(spec: str) -> tuple[str, str]:
    """Provider and name of a model; a ModelUnusable says what is wrong."""
    found = _SPEC.fullmatch(spec)
    if found is None or found[1] not in PROVIDERS:
        raise ModelUnusable(
            f"{spec!r} names no model. Write provider:name, such as ollama:llama3.1; the providers are "
            f"{', '.join(PROVIDERS)}."
        )
    return found[1], found[2]


def runs_at(spec: str, url: str | None) -> str:
    """Where a model runs, in words, for people: the host that was set, or the provider's own."""
    if url:
        return urlsplit(url).hostname or "an address of your own"
    return PROVIDERS[split(spec)[0]].where


SENT = (
    "For a question that the documents may answer: the question, the earlier questions of its thread, and at most "
    "eight passages that every reader of the answer may read, with their titles and headings. Nothing is sent for a "
    "question about a child at risk, or where no document comes near. No names or Slack ids of those who ask."
)


def mend(spec: str, trouble: Trouble) -> str:
    """What to do about a model that gives no answer."""
    provider = split(spec)[0]
    key = PROVIDERS[provider].key
    match trouble:
        case Trouble.CLOSED:
            return f"Check the model's name and {key or 'that the server has it (ollama pull)'}."
        case Trouble.AWAY:
            return "Check that its server runs, the network, and TRUSTBOT_MODEL_URL."
        case Trouble.SLOW:
            return "Raise TRUSTBOT_MODEL_SECONDS, or use a faster model."
        case Trouble.BUSY:
            return "Wait, or raise your limits with the provider."
        case _:
            return "Try again later; if it goes on, use another model."


def connect(spec: str, url: str | None, seconds: float, clock: Callable[[], float]) -> Model:
    """The model with this name, at the provider's own address unless another is given. Nothing is called yet; a
    ModelUnusable where a package or a key is missing."""
    provider, name = split(spec)
    about = PROVIDERS[provider]
    if find_spec(about.package) is None:
        raise ModelUnusable(
            f"The model {spec} needs a package that is not installed. Run: pip install 'trustbot[{provider}]'"
        )
    from langchain.chat_models import init_chat_model

    try:
        chat = init_chat_model(name, model_provider=provider, **_arguments(provider, url, seconds))
    except Exception as error:
        mend = f"Set {about.key} to your key." if about.key else "Check its name and TRUSTBOT_MODEL_URL."
        raise ModelUnusable(f"The model {spec} cannot be set up. {mend}") from error
    key = getattr(chat, f"{provider}_api_key", None)
    if about.key and (key is None or not key.get_secret_value()):
        raise ModelUnusable(f"The model {spec} needs a key. Set {about.key} to it.")
    return Model(chat, spec, seconds, clock)


def _arguments(provider: str, url: str | None, seconds: float) -> dict[str, Any]:
    """We try again and give up by ourselves; no temperature, which some models refuse."""
    given: dict[str, Any] = {"base_url": url} if url else {}
    if provider == "ollama":
        return {**given, "num_predict": MOST_TOKENS, "client_kwargs": {"timeout": seconds}}
    given |= {"timeout": seconds, "max_retries": 0, "max_tokens": MOST_TOKENS}
    return {**given, "stream_usage": True} if provider == "openai" else given
