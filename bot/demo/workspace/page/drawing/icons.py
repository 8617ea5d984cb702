"""The page's few signs, drawn, because not every machine has a font for them."""

from __future__ import annotations

from markupsafe import Markup

_PATHS = {
    "lock": "M4 7V5a4 4 0 0 1 8 0v2h.5A1.5 1.5 0 0 1 14 8.5v5a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 "
    "13.5v-5A1.5 1.5 0 0 1 3.5 7zm1.5 0h5V5a2.5 2.5 0 0 0-5 0z",
    "clock": "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1m0 1.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8.75 4v3.7l2.4 "
    "1.4-.75 1.3-3.15-1.85V4z",
    "clip": "M11 4.5v6.3a3.2 3.2 0 0 1-6.4 0V4.2a2.1 2.1 0 0 1 4.2 0v6.1a1 1 0 0 1-2 0V5H5.5v5.3a2.3 2.3 0 0"
    " 0 4.6 0V4.2a3.4 3.4 0 0 0-6.8 0v6.6a4.5 4.5 0 0 0 9 0V4.5z",
    "up": "M1.5 7H4v7H1.5zM5 6.8 7.6 1h.6c1 0 1.6.9 1.4 1.8L9.1 6h3.7c1 0 1.7.9 1.4 1.9l-1.3 5c-.2.7-.8 1.1-1.4 1.1H5z",
    "down": "M14.5 9H12V2h2.5zM11 9.2 8.4 15h-.6c-1 0-1.6-.9-1.4-1.8L6.9 10H3.2c-1 "
    "0-1.7-.9-1.4-1.9l1.3-5C3.3 2.4 3.9 2 4.5 2H11z",
    "eye": "M8 3c3.5 0 6 2.7 7 5-1 2.3-3.5 5-7 5S2 10.3 1 8c1-2.3 3.5-5 7-5m0 1.5c-2.5 0-4.4 1.8-5.3 3.5.9 "
    "1.7 2.8 3.5 5.3 3.5s4.4-1.8 5.3-3.5C12.4 6.3 10.5 4.5 8 4.5M8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4",
    "bolt": "M9 1 3 9h4l-1 6 6-8H8z",
    "bars": "M2 3h12v1.7H2zm0 4.2h12v1.7H2zm0 4.2h12v1.7H2z",
}


def icon(name: str) -> Markup:
    """A sign of 16 by 16 in the colour of the text; what it means is said in words beside it."""
    return Markup(
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path fill-rule="evenodd" d="{}"/></svg>'
    ).format(_PATHS[name])
