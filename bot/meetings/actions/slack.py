"""What is pressed about an action, wherever it is shown; every press asks again who may."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.errors import Refusal
from bot.meetings import blocks
from bot.meetings.actions import blocks as shown
from bot.meetings.actions.lists import Lists
from bot.meetings.model import Action
from bot.meetings.notes import jobs as slack_jobs
from bot.meetings.payloads import ActionForm, ListChoice, NotMinePayload, OwnersPayload, Place, Snooze
from bot.meetings.room import Room
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block
from bot.slack.forms import in_form, ticked, typed
from bot.slack.modals import show
from bot.slack.payloads import Interaction, Press, SlashCommand, View
from knowledge.passages import Reader

LOCKS = 16


class ActionListeners:
    """Done, Snooze, Reassign, Not mine: in a message, in a list, on App Home; each is shown anew in place."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._tracking = room.service.tracking
        self._lists = Lists(room)
        self._locks = [Lock() for _ in range(LOCKS)]

    def register(self, app: App) -> None:
        """Tell Bolt who listens to what."""
        app.action(shown.DONE)(self.done)
        app.action(shown.REOPEN)(self.reopen)
        app.action(shown.SNOOZE)(self.snooze)
        app.action(shown.REASSIGN)(self.open_reassign)
        app.view(shown.REASSIGN_VIEW)(in_form(self.reassign))
        app.action(shown.NOT_MINE)(self.open_not_mine)
        app.view(shown.NOT_MINE_VIEW)(in_form(self.not_mine))
        app.action(shown.LIST)(self.open_list)
        for each in self._lists.menus:
            app.action(f"{shown.FILTER}.{each}")(self.narrow)
        app.action(f"{shown.LIST_PAGE}.before")(self.turn)
        app.action(f"{shown.LIST_PAGE}.next")(self.turn)

    def command(self, command: SlashCommand, rest: str, ack: Ack) -> None:
        """`/trust actions`, with words such as “overdue”, “Oakfield”, “done”."""
        ack()
        user = command.user_id
        show(self._room.client, command, lambda: self._lists.view(user, self._lists.choice(rest)))

    def home(self, user: str) -> Sequence[Block]:
        """“My actions”."""
        person = self._room.people.member(user).person
        if person is None:
            return []
        mine = self._tracking.actions(self._room.reader(user), person=person.id)
        waiting = len(self._room.service.drafts.waiting(person.id))
        return list(shown.section_home(mine, waiting, self._tracking.today()))

    def done(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Done”."""
        self._change(ack, body, client, "done", lambda by: self._tracking.done(action.value, by))

    def reopen(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Open it again”."""
        self._change(ack, body, client, "reopen", lambda by: self._tracking.reopen(action.value, by))

    def snooze(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Snooze”, until tomorrow, Friday or the next meeting."""
        until, _, ident = action.chosen.partition(":")
        chosen = Snooze.read({"until": until, "action": ident})
        self._change(ack, body, client, "snooze", lambda by: self._tracking.snooze(chosen.action, by, chosen.until))

    def open_reassign(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Reassign”."""
        ack()

        def form() -> Block:
            found, held = self._to_change(body, action.value)
            return shown.reassign_form(found, self._room.trust, held)

        show(client, body, form)

    def reassign(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """Who takes it over."""
        held, user = ActionForm.read_json(view.private_metadata), body.user.id
        owners = blocks.named(ticked(view, shown.OWNERS))
        try:
            action = self._tracking.reassign(held.action, by := self._room.person(user), owners)
        except Refusal as refusal:
            ack(response_action="errors", errors={shown.OWNERS: str(refusal)})
            return
        others = tuple(person for person in action.people if person != by)
        payload = OwnersPayload(user=user, action=action.id, people=others)
        self._room.take(f"view:{view.id}", slack_jobs.PASSED_ON, payload, ack)
        self._again(held, user, client, {action.id: shown.became(action, self._room.name(by), "reassign")})

    def open_not_mine(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Not mine”."""
        ack()

        def form() -> Block:
            found, held = self._to_change(body, action.value)
            if self._room.person(body.user.id) not in found.people:
                raise Refusal("This action is not assigned to you.")
            return shown.not_mine_form(found, held)

        show(client, body, form)

    def not_mine(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """It is somebody else's; where nobody is left, the chair is told."""
        held, user, note = ActionForm.read_json(view.private_metadata), body.user.id, typed(view, shown.NOTE)
        try:
            action = self._tracking.not_mine(held.action, by := self._room.person(user), note)
        except Refusal as refusal:
            ack(response_action="errors", errors={shown.NOTE: str(refusal)})
            return
        payload = NotMinePayload(user=user, action=action.id, note=note)
        self._room.take(f"view:{view.id}", slack_jobs.NOT_MINE, payload, ack)
        self._again(held, user, client, {action.id: shown.became(action, self._room.name(by), "not mine")})

    def open_list(self, ack: Ack, body: Interaction, client: WebClient) -> None:
        """“Show all actions”."""
        ack()
        user = body.user.id
        show(client, body, lambda: self._lists.view(user, ListChoice()))

    def narrow(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """One of the menus over a list."""
        ack()
        held = ListChoice.read_json(body.modal.private_metadata).model_dump()
        menu = action.action_id.removeprefix(f"{shown.FILTER}.")
        chosen = ListChoice.read({**held, menu: action.chosen, "page": 0})
        client.views_update(view_id=body.modal.id, view=self._lists.view(body.user.id, chosen))

    def turn(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """Another page of a list."""
        ack()
        held = ListChoice.read_json(body.modal.private_metadata).model_dump()
        chosen = ListChoice.read({**held, "page": action.value})
        client.views_update(view_id=body.modal.id, view=self._lists.view(body.user.id, chosen))

    def _change(
        self, ack: Ack, body: Interaction, client: WebClient, what: str, change: Callable[[str], Action]
    ) -> None:
        """Change an action before the press is acknowledged, where that is soon, so that none is lost; then show it
        anew."""
        user = body.user.id
        action = change(by := self._room.person(user))
        ack()
        self._again(_where(body), user, client, {action.id: shown.became(action, self._room.name(by), what)})

    def _to_change(self, body: Interaction, ident: str) -> tuple[Action, str]:
        """An action that whoever pressed may change, and what its form carries along."""
        user = body.user.id
        found = self._tracking.find(ident, self._room.reader(user))
        if not self._tracking.may_change(found, self._room.person(user)):
            raise Refusal("Only its owner, the chair, the clerk or a leader of the school can change this action.")
        return found, ActionForm(**_where(body).model_dump(), action=ident).model_dump_json()

    def _again(self, where: Place, user: str, client: WebClient, notes: dict[str, str]) -> None:
        """Show anew what the press was in."""
        if where.kind == "home":
            self._room.show_home(user)
        elif where.kind == "list":
            client.views_update(view_id=where.view, view=self._lists.view(user, where.chosen))
        elif where.kind == "message":
            self._show_message(where.channel, where.ts, self._room.reader(user), client, notes)

    def _show_message(self, channel: str, ts: str, reader: Reader, client: WebClient, notes: dict[str, str]) -> None:
        with self._locks[hash((channel, ts)) % LOCKS]:
            history = client.conversations_history(channel=channel, latest=ts, oldest=ts, inclusive=True, limit=1)
            message: dict[str, Any] | None = next((each for each in history["messages"] if each["ts"] == ts), None)
            if message is None:
                return
            everything = {action.id: action for action in self._tracking.actions(reader, "all")}
            fresh = shown.again(message.get("blocks") or [], everything.get, self._tracking.today(), notes)
            client.chat_update(channel=channel, ts=ts, text=message.get("text") or " ", blocks=kit.fit(fresh))


def _where(body: Interaction) -> Place:
    """What was pressed in, so that it can be shown anew."""
    view = body.view
    if view:
        if view.type == "home":
            return Place(kind="home")
        return Place(kind="list", view=view.id, chosen=ListChoice.read_json(view.private_metadata or "{}"))
    if body.container.is_ephemeral:
        return Place(kind="whisper")
    return Place(kind="message", channel=body.container.channel_id, ts=body.container.message_ts)
