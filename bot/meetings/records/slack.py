"""Decisions, agendas and returns, as Slack tells of them."""

from __future__ import annotations

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.errors import Refusal
from bot.meetings.model import Body, Meeting
from bot.meetings.payloads import (
    ALL,
    AgendaButton,
    AgendaPayload,
    DecisionChoice,
    DecisionPayload,
    ReturnForm,
    ReturnPayload,
    words_by_item,
)
from bot.meetings.records import blocks as shown
from bot.meetings.records import jobs
from bot.meetings.room import Room
from bot.slack import block_kit as kit
from bot.slack.forms import in_form, picked, picked_day, typed
from bot.slack.modals import show
from bot.slack.payloads import Interaction, Press, SlashCommand, View

MEETINGS = 60
RETURNS = 12
NO_RETURN = (
    "There are no confirmed notes of a meeting of your school yet. Bring them in with `/trust notes` first: the return "
    "is filled in from them."
)
NO_AGENDA = "The trust file lists no meeting whose records you may read."


class RecordListeners:
    """Listeners for `/trust decisions`, `/trust agenda` and `/trust return`."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._tracking = room.service.tracking

    def register(self, app: App) -> None:
        """Tell Bolt who listens to what."""
        for menu in ("school", "meeting"):
            app.action(f"{shown.DECISION_FILTER}.{menu}")(self.narrow)
        app.action(f"{shown.DECISION_PAGE}.before")(self.turn)
        app.action(f"{shown.DECISION_PAGE}.next")(self.turn)
        app.action(shown.EXPLAIN)(self.open_explanation)
        app.view(shown.EXPLAIN_VIEW)(in_form(self.explain))
        app.view(shown.AGENDA_VIEW)(in_form(self.agenda))
        app.action(shown.POST_AGENDA)(self.post_agenda)
        app.action(shown.RETURN)(self.open_return)
        app.action(shown.AFTER)(self.choose_meeting)
        app.action(shown.MORE)(self.more_items)
        app.view(shown.RETURN_VIEW)(in_form(self.send_return))

    def decisions(self, command: SlashCommand, rest: str, ack: Ack) -> None:
        """`/trust decisions`, with the name of a school after it or without."""
        ack()
        said = rest.casefold()
        schools = self._room.trust.names.schools.items()
        school = next((key for key, names in schools if any(name.casefold() in said for name in names)), "")
        show(self._room.client, command, lambda: self._decisions(command.user_id, DecisionChoice(school=school)))

    def narrow(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """One of the menus over the list."""
        ack()
        menu = action.action_id.removeprefix(f"{shown.DECISION_FILTER}.")
        held = DecisionChoice.read_json(body.modal.private_metadata).model_dump()
        chosen = DecisionChoice.read({**held, menu: action.chosen, "page": 0})
        client.views_update(view_id=body.modal.id, view=self._decisions(body.user.id, chosen))

    def turn(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """Another page of the list."""
        ack()
        held = DecisionChoice.read_json(body.modal.private_metadata).model_dump()
        chosen = DecisionChoice.read({**held, "page": action.value})
        client.views_update(view_id=body.modal.id, view=self._decisions(body.user.id, chosen))

    def open_explanation(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Explain it”."""
        ack()

        def explanation() -> kit.Block:
            reader = self._room.reader(body.user.id)
            return shown.explanation(self._room.service.explain(action.value, reader))

        show(client, body, explanation)

    def explain(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """“Send me the draft”."""
        payload = DecisionPayload(user=body.user.id, decision=view.private_metadata)
        self._room.take(f"view:{view.id}", jobs.EXPLAIN, payload, ack)

    def open_agenda(self, command: SlashCommand, rest: str, ack: Ack) -> None:
        """`/trust agenda`."""
        ack()

        def form() -> kit.Block:
            readable = self._readable(command.user_id)
            if not readable:
                raise Refusal(NO_AGENDA)
            here = self._room.body_in(command.channel_id)
            own = here.key if here in readable else None
            return shown.agenda_form(readable, own)

        show(self._room.client, command, form)

    def agenda(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """“Draft it”."""
        day = picked_day(view, shown.DAY)
        if day and (fault := shown.is_past(day, self._tracking.today())):
            ack(response_action="errors", errors={shown.DAY: fault})
            return
        payload = AgendaPayload(user=body.user.id, body=picked(view, shown.BODY), day=day)
        self._room.take(f"view:{view.id}", jobs.AGENDA, payload, ack)

    def post_agenda(self, ack: Ack, body: Interaction, action: Press) -> None:
        """“Post in #…”: once for each draft, whoever presses how often."""
        asked = AgendaButton.read_json(action.value)
        payload = AgendaPayload(user=body.user.id, body=asked.body, day=asked.day)
        container = body.container
        event = f"agenda:{container.channel_id}:{container.message_ts}"
        self._room.take(event, jobs.POST_AGENDA, payload, ack)

    def return_command(self, command: SlashCommand, rest: str, ack: Ack) -> None:
        """`/trust return`."""
        ack()
        show(self._room.client, command, lambda: self._return(command.user_id, "", []))

    def open_return(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Open the return”, in a reminder."""
        ack()
        show(client, body, lambda: self._return(body.user.id, action.value, []))

    def choose_meeting(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """After which meeting."""
        ack()
        view = self._return(body.user.id, action.chosen, [])
        client.views_update(view_id=body.modal.id, view=view)

    def more_items(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """Another item of the standard agenda."""
        ack()
        held = ReturnForm.read_json(body.modal.private_metadata)
        view = self._return(body.user.id, held.meeting, [*held.extra, action.chosen])
        client.views_update(view_id=body.modal.id, view=view)

    def send_return(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """“Send”."""
        held, user = ReturnForm.read_json(view.private_metadata), body.user.id
        self._room.service.planning.form(held.meeting, self._room.person(user))
        told = words_by_item({field: words for field in view.filled if (words := typed(view, field))})
        payload = ReturnPayload(user=user, meeting=held.meeting, told=told)
        self._room.take(f"view:{view.id}", jobs.RETURN, payload, ack)

    def _decisions(self, user: str, chosen: DecisionChoice) -> dict[str, object]:
        reader = self._room.reader(user)
        found = self._tracking.decisions(reader, meeting=chosen.meeting or None, school=chosen.school or None)
        schools = [("All schools", ALL), *((school.name, school.id) for school in self._room.trust.schools)]
        meetings = [("All meetings", ALL), *((m.title, m.id) for m in self._tracking.meetings(reader)[:MEETINGS])]
        menus = [
            kit.select(
                f"{shown.DECISION_FILTER}.{name}", [kit.option(text, value) for text, value in options], "Choose",
                value or ALL,
            )
            for name, options, value in (
                ("school", schools, chosen.school), ("meeting", meetings, chosen.meeting),
            )
        ]  # fmt: skip
        return shown.decisions(found, menus, chosen)

    def _readable(self, user: str) -> list[Body]:
        bodies, reader = self._room.service.bodies, self._room.reader(user)
        return [each for each in bodies.all() if (audience := bodies.audience(each)) and reader.may_read(audience)]

    def _return(self, user: str, meeting: str, extra: list[str]) -> dict[str, object]:
        planning, by = self._room.service.planning, self._room.person(user)
        mine = self._returnable(user, by)
        if not mine:
            raise Refusal(NO_RETURN)
        form = planning.form(meeting or mine[0].id, by)
        return shown.return_form(form, mine, extra, [(ident, name) for ident, name, _ in planning.items])

    def _returnable(self, user: str, by: str) -> list[Meeting]:
        """The last meetings of schools after which this person may send a return, the latest first."""
        bodies = self._room.service.bodies
        person = bodies.person(by)
        return [
            meeting
            for meeting in self._tracking.meetings(self._room.reader(user))
            if person
            and meeting.body.school in self._room.trust.names.schools
            and bodies.may_confirm(person, meeting.body, meeting.chair, meeting.clerk, meeting.audience)
        ][:RETURNS]
