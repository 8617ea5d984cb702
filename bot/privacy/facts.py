"""What is true of this Trustbot's privacy, read from its settings and never from prose."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.config.settings import Settings
from bot.config.trust import Retention, Trust


@dataclass(frozen=True, slots=True)
class Facts:
    """`model` and `where` are None where no language model is called; hosts are names without passwords."""

    model: str | None
    encoder: str
    records: str
    index: str
    run_by: str | None
    masked: bool
    unmasked_folders: tuple[str, ...]
    retention: Retention
    administrators: tuple[str, ...]


def facts(settings: Settings, trust: Trust | None, encoder: str) -> Facts:
    """Read them."""
    return Facts(
        settings.model,
        encoder,
        f"the PostgreSQL server {_host(settings.database_url)}"
        if settings.database_url
        else f"files in {settings.home}",
        f"the Chroma server {_host(settings.chroma_url)}" if settings.chroma_url else "the same machine",
        trust.privacy.run_by if trust else None,
        trust is None or all(folder.mask for folder in trust.library),
        tuple(folder.path for folder in trust.library if not folder.mask) if trust else (),
        trust.retention if trust else Retention(),
        tuple(person.name for person in trust.administrators) if trust else (),
    )


def _host(url: str) -> str:
    parts = urlsplit(url)
    return parts.hostname or "on this machine"
