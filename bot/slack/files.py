"""Files of the workspace: fetched with the bot's token, never from elsewhere and never without end."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import PurePath
from typing import Any
from urllib.parse import quote, urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import Refusal

MOST_BYTES = 50_000_000
SECONDS = 60
LEFT_IN_URLS = "%/:=&?~#+!$,;'@()*[]"
SLACK_HOSTS = (".slack.com",)
GONE = frozenset({"file_not_found", "file_deleted"})
NOT_OPEN = "Trustbot cannot open {name}. Share it in a conversation that Trustbot is in, or in its Messages tab."


@dataclass(frozen=True, slots=True)
class Shared:
    """A file that somebody shared; `size` in bytes."""

    id: str
    name: str
    size: int
    url: str
    user: str

    @property
    def suffix(self) -> str:
        """The end of its name, in lower case with its dot."""
        return PurePath(self.name).suffix.lower()


class Files:
    """Reads files that people share with the bot."""

    def __init__(self, client: WebClient, token: str) -> None:
        self._client = client
        self._token = token
        self._opener = urllib.request.build_opener(_Stay)

    def about(self, file: str) -> Shared | None:
        """A shared file; None where it is gone or kept outside Slack."""
        try:
            told: dict[str, Any] = self._client.files_info(file=file)["file"]
        except SlackApiError as error:
            if error.response.get("error") in GONE:
                return None
            raise
        url = told.get("url_private_download") or told.get("url_private")
        if not url or told.get("is_external") or told.get("mode") in ("tombstone", "hidden_by_limit"):
            return None
        return Shared(str(told["id"]), str(told.get("name") or "file"), int(told.get("size") or 0), str(url),
                      str(told.get("user") or ""))  # fmt: skip

    def fetch(self, file: Shared, most: int = MOST_BYTES) -> bytes:
        """The bytes of a file; a Refusal where it is too large or not open to the bot."""
        if file.size > most:
            raise Refusal(
                f"{file.name} has {file.size // 1_000_000} MB, and {most // 1_000_000} MB is the most that is read. "
                "Bring in the minutes alone, or save the file without its pictures."
            )
        if not self._ours(file.url):
            raise Refusal(NOT_OPEN.format(name=file.name))
        url = quote(file.url, safe=LEFT_IN_URLS)
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self._token}"})  # noqa: S310
        try:
            with self._opener.open(request, timeout=SECONDS) as response:
                data: bytes = response.read(most + 1)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code >= 500:
                raise
            raise Refusal(NOT_OPEN.format(name=file.name)) from error
        except HTTPException as error:
            raise ConnectionError("the download broke off") from error
        if len(data) > most:
            raise Refusal(f"{file.name} is larger than {most // 1_000_000} MB. Bring in the minutes alone.")
        return data

    def _ours(self, url: str) -> bool:
        """Whether the token may be sent there: to Slack over TLS, or to wherever the Web API is."""
        there, api = urlsplit(url), urlsplit(self._client.base_url)
        if (there.scheme, there.netloc) == (api.scheme, api.netloc):
            return True
        return there.scheme == "https" and (there.hostname or "").endswith(SLACK_HOSTS)


class _Stay(urllib.request.HTTPRedirectHandler):
    """The token is never carried on to another address."""

    def redirect_request(self, *_: Any) -> None:
        return None
