"""A script that is played in the terminal: each question, and what the person who asked it then sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.demo.workspace.person import Person
from bot.demo.workspace.state import BOT_USER, Channel, Message
from bot.demo.workspace.terminal.mrkdwn import to_plain
from bot.demo.workspace.terminal.render import Rendering
from bot.demo.workspace.terminal.screen import News, Screen
from bot.demo.workspace.workspace import Workspace


def play_tour(
    workspace: Workspace, script: Iterable[Sequence[str]], *, console: Console, timeout: float = 90.0
) -> bool:
    """Play (person, place, text) after (person, place, text), printing questions and answers; True if all are answered.

    The place is a `#channel` or anything else for the Messages tab; the text is what one would type in Slack.
    """
    screens: dict[str, Screen] = {}
    answered = True
    for name, place, text in script:
        person = workspace.as_user(name)
        screen = screens.setdefault(person.user.id, Screen(workspace, person.user.id, workspace.state.ts()))
        where = workspace.state.channel(place) if place.startswith("#") else person.direct
        who = Text.assemble((person.user.real_name, "bold cyan"), (f" · {screen.place(where)}", "dim"))
        console.print(who)
        console.print(Padding(Text(to_plain(text, workspace.state)), (0, 0, 1, 2), expand=False))
        screen.look()
        with console.status("…") as line:
            _type(person, where, text)
            came = screen.wait(timeout, lambda status, line=line: line.update(Text(status)))  # type: ignore[misc]
        for news in screen.look():
            _show(news, person, screen, console)
        if not came:
            console.print(Text(f"No answer came within {timeout:g} seconds.", "yellow"))
        answered = came and answered
    return answered


def _type(person: Person, where: Channel, text: str) -> None:
    word, _, rest = text.partition(" ")
    if word.startswith("/"):
        person.command(word, rest, where)
        return
    app = person.site.state.users[BOT_USER].name
    person.say(where, re.sub(rf"@{re.escape(app)}\b", f"<@{BOT_USER}>", text, flags=re.IGNORECASE))


def _show(news: News, person: Person, screen: Screen, console: Console) -> None:
    state, shown = person.site.state, news.shown
    rendering = Rendering(state, person.user.tz)
    if isinstance(shown, Message):
        title = [state.users[shown.user].real_name, screen.place(state.channels[shown.channel])]
        title += ["in the thread"] if shown.thread_ts else []
        title += ["only you see this"] if shown.seen_by else []
        title += ["changed"] if news.changed else []
        heading, body = " · ".join(title), rendering.message(shown)
    else:
        heading, body = shown["title"]["text"], rendering.view(shown)
        person.close(shown)
    console.print(Panel(Group(*body), title=Text(heading, "bold"), title_align="left", border_style="dim"))
