"""What happens to kept wishes for agendas, returns and explanations: worked out from the records, posted once."""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.errors import SlackApiError

from bot.errors import Refusal
from bot.meetings.agenda import documents as agenda_writing
from bot.meetings.model import Body, Return, ReturnItem
from bot.meetings.payloads import AgendaPayload, DecisionPayload, ReturnPayload
from bot.meetings.records import blocks as shown
from bot.meetings.room import Room
from bot.runtime.inbox import Handler
from bot.runtime.payload import job
from bot.slack.people.people import MembershipUnknown

EXPLAIN, AGENDA, POST_AGENDA, RETURN = (
    "meetings.explain", "meetings.agenda", "meetings.post_agenda", "meetings.return",
)  # fmt: skip
OF_THE_TRUST = ("chief-executive", "executive")
NOT_THERE = frozenset({"not_in_channel", "channel_not_found"})
NO_BODY = "There is no such body in the trust file."
NO_CHANNEL = "Trustbot is not in #{name}. Invite it there with `/invite @Trustbot`, then press again."
UNKNOWN = "Slack did not say who is in that channel, so nothing was posted. Try again in a few minutes."
LEFT = "You are not in that channel, so nothing was posted."


class RecordJobs:
    """Each may run twice, after a crash: what was sent and posted is found again."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._outbox = room.outbox

    def handlers(self) -> Mapping[str, Handler]:
        """Who handles which kind of kept event."""
        return {
            EXPLAIN: job(DecisionPayload, self.explain),
            AGENDA: job(AgendaPayload, self.agenda),
            POST_AGENDA: job(AgendaPayload, self.post_agenda),
            RETURN: job(ReturnPayload, self.send_return),
        }

    def explain(self, event: str, payload: DecisionPayload) -> None:
        """The draft of an explanation, as a message to whoever wants it."""
        found = self._room.service.explain(payload.decision, self._room.reader(payload.user))
        self._outbox.post(f"explained:{event}", self._outbox.direct(payload.user), *shown.explained(found))

    def agenda(self, event: str, payload: AgendaPayload) -> None:
        """A draft agenda for whoever wants it, from what he may see; the files in its thread."""
        user, body = payload.user, self._body(payload)
        found = self._room.service.planning.agenda(body, self._room.reader(user), payload.day)
        channel = self._outbox.direct(user)
        key = f"agenda:{event}"
        thread = self._outbox.post(key, channel, *shown.agenda(found, bool(body.channel)))
        name = f"agenda-{body.key}" + (f"-{found.date.isoformat()}" if found.date else "")
        title = f"Agenda: {body.name}"
        for suffix, content in (
            ("docx", agenda_writing.docx(found)),
            ("md", agenda_writing.markdown(found).encode()),
        ):
            self._outbox.upload(f"{key}:{suffix}", channel, f"{name}.{suffix}", content, title, thread)

    def post_agenda(self, event: str, payload: AgendaPayload) -> None:
        """The draft agenda where the body meets, from what everybody there may read."""
        user, body = payload.user, self._body(payload)
        channel = self._room.channel_named(body.channel or "")
        if channel is None:
            raise Refusal(NO_CHANNEL.format(name=body.channel))
        try:
            there = self._room.people.channel(channel)
        except MembershipUnknown as error:
            raise Refusal(UNKNOWN) from error
        if user not in {member.id for member in there.members}:
            raise Refusal(LEFT)
        found = self._room.service.planning.agenda(body, there.reader, payload.day)
        try:
            key = f"agenda:{event}"
            thread = self._outbox.post(key, channel, *shown.agenda(found, channel=False))
            name = f"agenda-{body.key}" + (f"-{found.date.isoformat()}" if found.date else "")
            content = agenda_writing.docx(found)
            self._outbox.upload(f"{key}:docx", channel, f"{name}.docx", content, f"Agenda: {body.name}", thread)
            markdown = agenda_writing.markdown(found).encode()
            self._outbox.upload(f"{key}:md", channel, f"{name}.md", markdown, f"Agenda: {body.name}", thread)
        except SlackApiError as error:
            if error.response.get("error") in NOT_THERE:
                raise Refusal(NO_CHANNEL.format(name=body.channel)) from error
            raise

    def send_return(self, event: str, payload: ReturnPayload) -> None:
        """Record a return and show it to the trust: in the channel of its executive if all there may read it, else to
        each of its leaders."""
        user = payload.user
        by = self._room.person(user)
        planning = self._room.service.planning
        items = [
            ReturnItem(ident, name, words.well, words.hard, words.ask)
            for ident, name, _ in planning.items
            if (words := payload.told.get(ident))
        ]
        sent = planning.send(payload.meeting, by, items)
        school = self._room.trust.names.schools[sent.school][0]
        message = shown.returned(sent, school, self._room.name(by))
        where = self._to_trust(sent, event, message)
        self._outbox.post(f"return-thanks:{event}", self._outbox.direct(user), *shown.thanks(sent, where))

    def _to_trust(self, sent: Return, event: str, message: shown.Message) -> str:
        """Post a return; says where."""
        leaders = {each.id for each in self._room.trust.people if set(each.roles) & set(OF_THE_TRUST)}
        groups = {group.id for group in self._room.trust.groups if set(group.roles) & set(OF_THE_TRUST)}
        names = [
            meeting.channel for meeting in self._room.trust.meetings if meeting.channel and meeting.group in groups
        ]
        for name in names:
            channel = self._room.channel_named(name)
            if channel and self._all_may_read(channel, sent):
                self._outbox.post(f"return:{event}", channel, *message)
                return f"#{name.lstrip('#')}"
        told = []
        for leader in sorted(leaders):
            person = self._room.service.bodies.person(leader)
            account = self._room.account(leader)
            if person and account and self._room.trust.reader(person).may_read(sent.audience):
                self._outbox.post(f"return:{event}:{leader}", self._outbox.direct(account), *message)
                told.append(person.name)
        return ", ".join(told) or "the trust's records; nobody of its executive is in Slack"

    def _all_may_read(self, channel: str, sent: Return) -> bool:
        try:
            return self._room.people.channel(channel).reader.may_read(sent.audience)
        except MembershipUnknown:
            return False

    def _body(self, payload: AgendaPayload) -> Body:
        body = self._room.service.bodies.by_key(payload.body)
        if body is None:
            raise Refusal(NO_BODY)
        return body
