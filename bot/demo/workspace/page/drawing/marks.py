"""Slack's mrkdwn, rich text and Markdown as HTML in which every word of others is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

from bot.demo.workspace.state import BOT_USER, Json, State
from bot.demo.workspace.terminal.mrkdwn import date_words, unescaped

_TOKEN = re.compile(r"<([^<>\n]+)>")
_PRE = re.compile(r"```(.+?)```", re.S)
_MARKS = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|(?<![\w*])\*(?P<strong>\S(?:[^*\n]*\S)?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<em>\S(?:[^_\n]*\S)?)_(?![\w_])"
    r"|(?<![\w~])~(?P<s>\S(?:[^~\n]*\S)?)~(?![\w~])"
)
# Characters of the private use area stand for what is HTML already while the marks around it are read.
_HELD = re.compile("[\ue000-\uf8ff]")
_FIRST, _MOST = 0xE000, 0x18FF
_STYLES = (("code", "code"), ("strike", "s"), ("italic", "em"), ("bold", "strong"))


def link(url: str, words: str | Markup) -> Markup:
    """A link to a page of the web; the words alone where the address is not one for a browser."""
    url = url.replace("&amp;", "&")
    if not is_web(url):
        return escape(words)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, words)


def is_web(url: str) -> bool:
    """Whether this is an address of the web."""
    try:
        return urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        return False


class Marks:
    """Turns mark-up into HTML for one reader, whose time zone dates are in."""

    def __init__(self, state: State, zone: str = "Europe/London") -> None:
        self.state = state
        self.zone = zone

    def mrkdwn(self, source: str) -> Markup:
        """Slack's own mark-up."""
        source = _HELD.sub("", source)
        held: list[Markup] = []

        def hold(html: Markup) -> str:
            if len(held) >= _MOST:
                return ""
            held.append(html)
            return chr(_FIRST + len(held) - 1)

        text = _PRE.sub(lambda found: hold(Markup("<pre>{}</pre>").format(unescaped(found[1].strip("\n")))), source)
        text = _TOKEN.sub(lambda found: hold(self._token(found[1])), text)
        return Markup("").join(_restored(each, held) for each in _lines(text))

    def _token(self, token: str) -> Markup:
        body, _, label = token.partition("|")
        label = unescaped(label)
        if body.startswith("@"):
            return self.user(body[1:])
        if body.startswith("#"):
            return self.channel(body[1:], label)
        if body.startswith("!date^"):
            words = date_words(body, label, self.zone)
            return Markup("<time>{}</time>").format(words)
        if body.startswith("!"):
            return Markup('<span class="mention">@{}</span>').format(label.lstrip("@") or body[1:].partition("^")[0])
        return link(body, label or unescaped(body))

    def user(self, key: str) -> Markup:
        """Somebody who is mentioned."""
        user = self.state.users.get(key)
        kind = "mention app" if key == BOT_USER else "mention"
        return Markup('<span class="{}">@{}</span>').format(kind, user.real_name if user else key)

    def channel(self, key: str, label: str = "") -> Markup:
        """A channel that is mentioned."""
        channel = self.state.channels.get(key)
        return Markup('<span class="mention">#{}</span>').format(channel.name if channel else label or key)

    def text(self, held: Json | None) -> Markup:
        """A text object of either kind."""
        if not held:
            return Markup()
        if held["type"] == "plain_text":
            return _broken(unescaped(held["text"]))
        return self.mrkdwn(held["text"])

    def markdown(self, source: str) -> Markup:
        """A `markdown` block, of the Markdown that models write."""
        return Markup(_MARKDOWN.render(source))  # noqa: S704

    def rich(self, elements: Sequence[Json]) -> Markup:
        """The elements of a rich_text block."""
        return Markup("").join(
            self._list(list(run)) if kind == "rich_text_list" else Markup("").join(self._rich(each) for each in run)
            for kind, run in groupby(elements, key=lambda each: each["type"])
        )

    def _rich(self, element: Json) -> Markup:
        words = Markup("").join(self._piece(each) for each in element.get("elements", ()))
        match element["type"]:
            case "rich_text_quote":
                return Markup("<blockquote>{}</blockquote>").format(words)
            case "rich_text_preformatted":
                return Markup("<pre>{}</pre>").format(words)
            case "rich_text_section":
                return Markup("<p>{}</p>").format(words)
            case _:
                return words

    def _list(self, runs: Sequence[Json]) -> Markup:
        """Lists that follow each other; each says how far it is set in."""
        parts: list[Markup] = []
        for each in runs:
            tag = "ol" if each.get("style") == "ordered" else "ul"
            items = Markup("").join(
                Markup("<li>{}</li>").format(Markup("").join(self._piece(piece) for piece in item["elements"]))
                for item in each["elements"]
            )
            depth = min(int(each.get("indent", 0)), 5)
            start = int(each.get("offset", 0)) + 1
            numbered = Markup(' start="{}"').format(start) if tag == "ol" and start > 1 else Markup()
            parts.append(Markup('<{} class="indent-{}"{}>{}</{}>').format(tag, depth, numbered, items, tag))
        return Markup("").join(parts)

    def _piece(self, piece: Json) -> Markup:
        match piece["type"]:
            case "text":
                shown = _broken(piece["text"])
            case "link":
                shown = link(piece["url"], piece.get("text") or piece["url"])
            case "user":
                shown = self.user(piece["user_id"])
            case "channel":
                shown = self.channel(piece["channel_id"])
            case "emoji":
                shown = escape(unescaped(f":{piece['name']}:"))
            case "broadcast":
                shown = Markup('<span class="mention">@{}</span>').format(piece["range"])
            case "date":
                body = f"!date^{piece['timestamp']}^{piece['format']}"
                shown = Markup("<time>{}</time>").format(date_words(body, piece.get("fallback", ""), self.zone))
            case _:
                shown = escape(piece.get("text", ""))
        for name, tag in _STYLES:
            if piece.get("style", {}).get(name):
                shown = Markup("<{}>{}</{}>").format(tag, shown, tag)
        return shown


def _lines(text: str) -> Iterator[str]:
    """The lines of mrkdwn as HTML with what is held still held: quotations, and lines with breaks between them."""
    for quoted, run in groupby(text.split("\n"), key=lambda line: line.startswith(("&gt;", ">"))):
        lines = list(run)
        if quoted:
            inner = "<br>".join(_marked(re.sub(r"^(&gt;|>)\s?", "", line)) for line in lines)
            yield f"<blockquote>{inner}</blockquote>"
        else:
            yield f'<span class="lines">{"<br>".join(_marked(line) for line in lines)}</span>'


def _marked(line: str) -> str:
    """One line's emphasis as HTML; all else of it escaped."""
    shown, at = "", 0
    for found in _MARKS.finditer(line):
        kind = found.lastgroup or ""
        inner = found.group(kind)
        shown += str(escape(unescaped(line[at : found.start()])))
        shown += f"<{kind}>{str(escape(unescaped(inner))) if kind == 'code' else _marked(inner)}</{kind}>"
        at = found.end()
    return shown + str(escape(unescaped(line[at:])))


def _restored(html: str, held: Sequence[Markup]) -> Markup:
    return Markup(_HELD.sub(lambda found: held[ord(found[0]) - _FIRST], html))  # noqa: S704


def _broken(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def _outward(self: RendererHTML, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
    tokens[index].attrSet("target", "_blank")
    tokens[index].attrSet("rel", "noopener noreferrer")
    return self.renderToken(tokens, index, options, env)  # type: ignore[arg-type]


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
    reader.validateLink = is_web  # type: ignore[method-assign]
    reader.add_render_rule("link_open", _outward)
    return reader


_MARKDOWN = _reader()
