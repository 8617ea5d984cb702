"""Which of the addresses that documents give for themselves may be shown as a link: those of hosts that were listed."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

HOST = re.compile(r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
"""A host by its name, or with `*.` before it all hosts below it and itself."""
_PORTS = (None, 80, 443)
_OF_MANY = frozenset(
    re.findall(
        r"\S+",
        """co.uk ac.uk gov.uk org.uk sch.uk nhs.uk me.uk ltd.uk sharepoint.com google.com googleapis.com github.io
        blogspot.com wordpress.com weebly.com wixsite.com azurewebsites.net windows.net amazonaws.com cloudfront.net
        web.app firebaseapp.com netlify.app vercel.app pages.dev workers.dev herokuapp.com""",
    )
)


def is_host(text: str) -> bool:
    """Whether this may be listed: a host by its name, or all below one that is not anybody's."""
    below = text.removeprefix("*.")
    return bool(HOST.fullmatch(text)) and (below == text or ("." in below and below not in _OF_MANY))


def host_of(url: str) -> str:
    """The host that a browser opens by this address; "" where it is not plainly one."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ""
    # What a browser and Python may read differently is none: a user before an @, a backslash, other scripts' letters.
    plain = parts.scheme in ("http", "https") and parts.netloc.isascii() and "@" not in parts.netloc
    return host if plain and port in _PORTS and HOST.fullmatch(host) else ""


def may_link(url: str, hosts: Collection[str]) -> bool:
    """Whether this address leads to one of these hosts."""
    host = host_of(url)
    if not host or "\\" in url or not url.isprintable():
        return False
    above = [f"*.{host[at:]}" for at in (0, *(dot.end() for dot in re.finditer(r"\.", host)))]
    return any(each in hosts for each in (host, *above))
