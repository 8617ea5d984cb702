"""A chat in the terminal in which one is a person of the workspace, and the playing of a script in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.demo.workspace.controls import NotThere, elements
from bot.demo.workspace.person import Outcome, Person
from bot.demo.workspace.state import BOT_USER, Channel, Json, Message
from bot.demo.workspace.terminal.mrkdwn import to_plain
from bot.demo.workspace.terminal.render import Choice, Rendering
from bot.demo.workspace.terminal.screen import News, Screen
from bot.demo.workspace.workspace import Workspace

AFTER_A_PRESS = 5.0
LOADING = "loading"
HELP = """\
Type a question and press return: it goes to the app's Messages tab, which is private to you.
  #channel            go to a channel; write there as in Slack, with @trustbot to ask in public
  #channel text       write there once
  > text              reply in the thread of the last answer
  /dm                 go back to the Messages tab
  /trust ask …        a command of the app, in the place where you are
  /upload FILE        send a file to the place where you are
  /submit, /close     send or close the modal that is open
  /shortcut NAME      use a message shortcut of the app on the last message
  NUMBER              press the button with this number
  /as NAME            be somebody else        /people  who there is
  /channels           where you are a member  /home    the app's Home tab
  /quit               leave"""


class Chat:
    """One sitting at the terminal; `ask` reads a line after a prompt and raises EOFError at the end."""

    def __init__(
        self, workspace: Workspace, person: str, *, console: Console, ask: Callable[[str], str], timeout: float = 90.0
    ) -> None:
        self.workspace, self.console, self.ask, self.timeout = workspace, console, ask, timeout
        self.choices: list[Choice]
        self.last: Message | None
        self.become(person)

    def become(self, key: str) -> None:
        """Be this person, in the app's Messages tab."""
        self.person: Person = self.workspace.as_user(key)
        self.place: Channel = self.person.direct
        self.screen = Screen(self.workspace, self.person.user.id, self.workspace.state.ts())
        self.last = None
        self.choices = []

    def run(self) -> None:
        """Read and do, until /quit or the end of the input."""
        self.person.open_app()
        self.console.print(Text(f"You are {self.person.user.real_name}. /help says what you can do.", "dim"))
        while True:
            self.show()
            try:
                line = self.ask(f"{self.person.user.real_name} · {self.screen.place(self.place)}> ").strip()
            except (EOFError, KeyboardInterrupt):
                return
            if line in ("/quit", "/exit", "/q"):
                return
            if line:
                self.handle(line)

    def handle(self, line: str) -> bool:
        """Do what one line says and show what comes of it; False if the app was asked and did not answer."""
        try:
            return self._handle(line)
        except (NotThere, KeyError) as refused:
            self.console.print(Text(str(refused.args[0]), "yellow"))
            return True

    def _handle(self, line: str) -> bool:
        word, _, rest = line.partition(" ")
        if word.isdigit():
            return self._press(int(word))
        if word == ">":
            return self._say(self.place, rest, self.last)
        if word.startswith("#"):
            where = self.channel(word)
            if rest:
                return self._say(where, rest)
            self.place = where
            return True
        match word:
            case "/help":
                self.console.print(Text(HELP))
            case "/as":
                self.become(rest)
            case "/dm":
                self.place = self.person.direct
            case "/people":
                for user in self.workspace.state.users.values():
                    if not user.is_bot and user.email:
                        self.console.print(Text.assemble((f"  {user.name:24}", "bold"), user.real_name))
            case "/channels":
                for channel in self.workspace.state.of_user(self.person.user.id):
                    self.console.print(Text(f"  {self.screen.place(channel)}  ({len(channel.members)} members)"))
            case "/home":
                self._home()
            case "/upload":
                return self._upload(Path(rest).expanduser())
            case "/submit" | "/close":
                return self._finish(word == "/submit")
            case "/shortcut":
                return self._shortcut(rest)
            case _ if word.startswith("/"):
                return self._await(lambda: self.person.command(word, rest, self.place))
            case _:
                return self._say(self.place, line)
        return True

    def channel(self, word: str) -> Channel:
        """The channel of this name, if the person is in it."""
        channel = self.workspace.state.channel(word)
        if self.person.user.id not in channel.members:
            raise NotThere(f"{self.person.user.real_name} is not in {word}. /channels lists where you are.")
        return channel

    def _say(self, where: Channel, text: str, under: Message | None = None) -> bool:
        app = self.workspace.state.users[BOT_USER].name
        words, mentions = re.subn(rf"@{re.escape(app)}\b", f"<@{BOT_USER}>", text, flags=re.IGNORECASE)
        asks = where.kind == "im" or under is not None or mentions > 0
        thread = under.root if under and under.channel == where.id else None
        if not asks:
            self.person.say(where, words, thread)
            return True
        return self._await(lambda: self.person.say(where, words, thread))

    def _await(self, act: Callable[[], Any]) -> bool:
        self.screen.look()
        with self.console.status("…") as line:
            done = act()
            if isinstance(done, Outcome) and not done.ok and done.errors:
                for fault in done.errors.values():
                    self.console.print(Text(f"  {fault}", "yellow"))
                return True
            answered = self.screen.wait(self.timeout, lambda status: line.update(Text(status)))
        self.show()
        if not answered:
            self.console.print(Text(f"No answer came within {self.timeout:g} seconds.", "yellow"))
        return answered

    def _press(self, number: int) -> bool:
        if not 0 < number <= len(self.choices):
            raise NotThere(f"there is no button {number} on the screen")
        choice = self.choices[number - 1]
        self.screen.look()
        outcome = self.person.click(choice.target, choice.action_id, choice.value)
        # A press need not show anything: what comes later is shown before the next line is read.
        self.screen.wait(min(self.timeout, AFTER_A_PRESS))
        self.show()
        return outcome.ok

    def _upload(self, path: Path) -> bool:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise NotThere(f"{path} cannot be read: {error.strerror}") from error
        return self._await(lambda: self.person.upload(self.place, path.name, content))

    def _finish(self, send: bool) -> bool:
        modal = self.workspace.modal(self.person.user.id)
        if modal is None:
            raise NotThere("no modal is open")
        if not send:
            return self.person.close(modal).ok
        if not modal.get("submit"):
            raise NotThere("this modal has nothing to send")
        return self._await(lambda: self.person.submit(modal))

    def _shortcut(self, name: str) -> bool:
        seen = [each for each in self.workspace.messages(self.place) if each.user != BOT_USER]
        if not seen:
            raise NotThere("there is no message here to use it on")
        return self._await(lambda: self.person.message_shortcut(name, seen[-1]))

    def _home(self) -> None:
        before = self.workspace.home(self.person.user.id)
        self.person.open_app("home")
        try:
            home = self.workspace.wait_for(lambda: self._newer_home(before), self.timeout)
        except TimeoutError:
            self.console.print(Text("The app has published no Home for you.", "yellow"))
            return
        self._print("Home", home, Rendering(self.workspace.state, self.person.user.tz))

    def _newer_home(self, before: Json | None) -> Json | None:
        home = self.workspace.home(self.person.user.id)
        return home if home is not None and home != before else None

    def show(self) -> None:
        """Print what is new on the person's screen, and ask for what an open modal wants."""
        news = self.screen.look()
        if not news:
            return
        rendering = Rendering(self.workspace.state, self.person.user.tz)
        for each in news:
            self._print_news(each, rendering)
        modal = self.workspace.modal(self.person.user.id)
        if modal is not None and any(each.shown is modal for each in news):
            self._fill_in(modal)

    def _print_news(self, news: News, rendering: Rendering) -> None:
        shown = news.shown
        if isinstance(shown, Message):
            name = self.workspace.state.users[shown.user].real_name
            where = self.screen.place(self.workspace.state.channels[shown.channel])
            title = [name, where]
            title += ["in the thread"] if shown.thread_ts else []
            title += ["only you see this"] if shown.seen_by else []
            title += ["changed"] if news.changed else []
            self._print(" · ".join(title), shown, rendering)
            self.last = shown if shown.seen_by is None else self.last
        else:
            self._print(shown["title"]["text"], shown, rendering)

    def _print(self, title: str, shown: Message | Json, rendering: Rendering) -> None:
        body = rendering.message(shown) if isinstance(shown, Message) else rendering.view(shown)
        self.console.print(Panel(Group(*body), title=Text(title, "bold"), title_align="left", border_style="dim"))
        self.choices = rendering.choices

    def _fill_in(self, modal: Json) -> None:
        if modal["private_metadata"] == LOADING:
            # The app has yet to say what is in it.
            self.screen.wait(self.timeout)
            self.show()
            return
        inputs = [(block, element) for block, element in elements(modal["blocks"]) if block["type"] == "input"]
        if not inputs:
            if not any(elements(modal["blocks"])):
                self.person.close(modal)
            return
        try:
            typed = {block["block_id"]: self._field(block, element) for block, element in inputs}
        except (EOFError, KeyboardInterrupt):
            self.person.close(modal)
            return
        # A field left empty keeps what the app put there.
        outcome = self.person.submit(modal, {block: value for block, value in typed.items() if value})
        for block, fault in outcome.errors.items():
            self.console.print(Text(f"  {block}: {fault}", "yellow"))
        if outcome.ok:
            self.screen.wait(5)
            self.show()
        else:
            self.person.close(modal)

    def _field(self, block: Json, element: Json) -> Any:
        groups = element.get("option_groups", ())
        options = [*element.get("options", ()), *(each for group in groups for each in group["options"])]
        for number, option in enumerate(options, 1):
            self.console.print(Text(f"  {number}. {option['text']['text']}"))
        before = element.get("initial_value", "")
        answer = self.ask(f"  {block['label']['text']}{f' ({before})' if before else ''}: ").strip()
        if not options:
            return answer
        picked = [options[int(each) - 1]["value"] for each in answer.replace(",", " ").split() if each.isdigit()]
        if element["type"].startswith("multi") or element["type"] == "checkboxes":
            return picked
        return picked[0] if picked else None


def play_tour(
    workspace: Workspace, script: Iterable[Sequence[str]], *, console: Console, timeout: float = 90.0
) -> bool:
    """Play (person, place, text) after (person, place, text), printing questions and answers; True if all are answered.

    The place is a `#channel` or anything else for the Messages tab; the text is what one would type in the chat.
    """

    def nobody(prompt: str) -> str:
        raise EOFError

    chat: Chat | None = None
    answered = True
    for name, place, text in script:
        if chat is None or workspace.state.user(name).id != chat.person.user.id:
            chat = Chat(workspace, name, console=console, ask=nobody, timeout=timeout)
        chat.place = chat.channel(place) if place.startswith("#") else chat.person.direct
        who = Text.assemble((chat.person.user.real_name, "bold cyan"), (f" · {chat.screen.place(chat.place)}", "dim"))
        console.print(who)
        console.print(Padding(Text(to_plain(text, workspace.state)), (0, 0, 1, 2), expand=False))
        answered = chat.handle(text) and answered
    return answered
