"""The digest in Slack: `/trust digest`, and what is pressed about its lines; every press asks again who may."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.digest import blocks, slack_jobs
from bot.digest.content.opening import Record, record
from bot.digest.payloads import AnswerForm, AnswerPayload, CommandPayload, LineButton, PressPayload
from bot.digest.service import DigestService
from bot.errors import Refusal
from bot.meetings.room import Room
from bot.slack.block_kit import Block
from bot.slack.forms import in_form, typed
from bot.slack.modals import show
from bot.slack.payloads import Interaction, Press, SlashCommand, View
from knowledge.passages import Reader

Word = Callable[[SlashCommand, str, Ack], None]


class DigestListeners:
    """Listeners of the digest."""

    def __init__(self, room: Room, service: DigestService) -> None:
        self._room = room
        self._service = service

    def register(self, app: App) -> None:
        """Tell Bolt who listens to what."""
        app.action(blocks.SOURCE)(self.source)
        app.action(blocks.TAKE)(self.take)
        app.action(blocks.DISCUSSED)(self.discussed)
        app.action(blocks.ANSWER)(self.open_answer)
        app.view(blocks.ANSWER_VIEW)(in_form(self.answer))

    def words(self) -> Mapping[str, Word]:
        """Who handles which word after `/trust`."""
        return {"digest": self.command}

    def command(self, command: SlashCommand, rest: str, ack: Ack) -> None:
        """`/trust digest …`."""
        payload = CommandPayload(
            user=command.user_id, channel=command.channel_id, text=rest, response_url=command.response_url
        )
        self._room.take(f"digest:{command.trigger_id}"[:150], slack_jobs.COMMAND, payload, ack)

    def source(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Source”: the records behind a line, as far as whoever presses may read them."""
        ack()
        refs = LineButton.read_json(action.value).refs

        def sources() -> Block:
            found = records(refs, self._room, self._room.reader(body.user.id))
            return blocks.sources(found, len(refs) - len(found))

        show(client, body, sources)

    def take(self, ack: Ack, body: Interaction, action: Press) -> None:
        """“Take it on”."""
        self._press(slack_jobs.TAKE, ack, body, action)

    def discussed(self, ack: Ack, body: Interaction, action: Press) -> None:
        """“Discussed”: onto the next agenda of the body that meets here."""
        self._press(slack_jobs.DISCUSSED, ack, body, action)

    def open_answer(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Answer”."""
        ack()
        user, refs = body.user.id, LineButton.read_json(action.value).refs

        def form() -> Block:
            self._room.person(user)
            found = record(refs[0], self._room.service, self._room.reader(user))
            names = self._service.trust.names.schools.get(found.school or "", (self._service.trust.name,))
            held = _form(body, found.ref).model_dump_json()
            return blocks.answer_form(found, names[0], held)

        show(client, body, form)

    def answer(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """The answer that was written."""
        user, held = body.user.id, AnswerForm.read_json(view.private_metadata)
        text = typed(view, blocks.ANSWER_TEXT)
        if not text:
            ack(response_action="errors", errors={blocks.ANSWER_TEXT: "Write an answer."})
            return
        payload = AnswerPayload(user=user, channel=held.channel, thread=held.thread, ref=held.ref, text=text)
        self._room.take(f"view:{view.id}", slack_jobs.ANSWERED, payload, ack)

    def _press(self, kind: str, ack: Ack, body: Interaction, action: Press) -> None:
        user, pressed = body.user.id, LineButton.read_json(action.value)
        where = _form(body, pressed.refs[0])
        payload = PressPayload(
            user=user, channel=where.channel, thread=where.thread, ref=where.ref, digest=pressed.digest
        )
        self._room.take(f"{kind}:{user}:{action.action_ts}"[:150], kind, payload, ack)


def records(refs: Sequence[str], room: Room, reader: Reader) -> list[Record]:
    """The records of these refs that this reader may see; the same record once."""
    found: dict[str, Record] = {}
    for ref in refs:
        try:
            found.setdefault(":".join(ref.split(":")[:3]), record(ref, room.service, reader))
        except Refusal:
            continue
    return list(found.values())


def _form(body: Interaction, ref: str) -> AnswerForm:
    """The record that a press was about, and the thread of the digest that it was in."""
    container = body.container
    thread = container.thread_ts or (body.message.thread_ts if body.message else "") or container.message_ts
    return AnswerForm(channel=container.channel_id, thread=thread, ref=ref)
