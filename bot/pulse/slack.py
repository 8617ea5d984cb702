"""The pulse in Slack: its listeners, its words after `/trust`, its part of App Home."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.errors import Refusal
from bot.pulse import blocks
from bot.pulse.model import FIVE_TESTS_INSTEAD, PANEL_LEAST, Choice, Collaboration, Test
from bot.pulse.payloads import Invitation
from bot.pulse.results import blocks as blocks_results
from bot.pulse.results import picture
from bot.pulse.results.report import Results
from bot.pulse.room import Room
from bot.pulse.sealed.safe import SafeShut
from bot.pulse.service import NOT_SHOWN, NOT_YOURS
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block
from bot.slack.forms import chosen_conversations, in_form, people_by_school, picked, ticked, typed
from bot.slack.modals import show
from bot.slack.payloads import Interaction, Press, SlashCommand, View

Word = Callable[[SlashCommand, str, Ack], None]
NOBODY = "Choose people, groups or channels to ask."
BLANK = "Only blanks stand here. Say it in words."
TOO_FEW = "Only {count} people would be asked. " + FIVE_TESTS_INSTEAD
NOT_NOW = "Slack does not answer as it should just now. Try again in a minute."
NOTHING = "There is nothing of the pulse to show you yet."
NO_COLLABORATION = "Open a collaboration first: `/trust collaborations`."


class PulseListeners:
    """Listeners for collaborations, plans, answers and results."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._service = room.service

    def register(self, app: App) -> None:
        """Tell Bolt who listens to what."""
        app.action(blocks.ANSWER)(self.open_form)
        app.view(blocks.ANSWER_VIEW)(in_form(self.answer))
        app.action(blocks.OPEN)(self.open_collaboration)
        app.action(blocks.CHANGE)(self.open_collaboration)
        app.view(blocks.COLLABORATION_VIEW)(in_form(self.put_collaboration))
        app.view(blocks.PLAN_VIEW)(in_form(self.plan))
        app.action(blocks.CLOSE)(self.confirm_close)
        app.view(blocks.CLOSE_VIEW)(in_form(self.close))
        app.action(blocks.STOP)(self.stop)
        app.action(blocks.RESULTS)(self.results)
        app.action(blocks.CSV)(self.send_csv)

    def words(self) -> Mapping[str, Word]:
        """Who handles which word after `/trust`."""
        return {"pulse": self.open_plan, "collaborations": self.collaborations}

    def home(self, user: str) -> Sequence[Block]:
        """This room's part of somebody's App Home."""
        ident = self._room.ident(user)
        asked = [
            (wave, about, self._room.outbox.permalink(f"pulse-ask:{wave.id}:{ident}"))
            for wave, about in self._service.open_for(ident)
        ]
        published = self._service.published(self._room.people.reader(user), ident)[: blocks.LISTED]
        return blocks_results.home(asked, published)

    def open_form(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Answer”, in an invitation."""
        ack()
        held = Invitation.read_json(action.value)

        def form() -> Block:
            wave = self._service.form(held.wave, self._room.ident(body.user.id), held.token)
            return blocks.answer_form(wave, held.token)

        show(client, body, form)

    def answer(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """The form: the answer is sealed and stored before it is acknowledged, and nothing else is kept of it, or done
        because of it, that would show on the disk."""
        held, user = Invitation.read_json(view.private_metadata), body.user.id
        count = sum(1 for block in view.blocks if block.block_id.startswith("s") and block.type == "input")
        choices = [Choice(int(picked(view, f"s{number}") or 0)) for number in range(count)]
        comment = typed(view, blocks.COMMENT)
        said = self._service.answer(held.wave, self._room.ident(user), held.token, choices, comment)
        ack(response_action="update", view=blocks.thanks(said))

    def collaborations(self, command: SlashCommand, rest: str, ack: Ack) -> None:
        """`/trust collaborations`."""
        ack()

        def register() -> Block:
            by, service = self._room.person(command.user_id), self._service
            listed = service.collaborations()
            may = frozenset(each.id for each in listed if service.may_lead(by, each))
            return blocks.register(listed, self._room.trust, service.today(), may, service.may_lead(by))

        show(self._room.client, command, register)

    def open_collaboration(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Open a collaboration”, or “Change”."""
        ack()

        def form() -> Block:
            by, service = self._room.person(body.user.id), self._service
            before = service.collaboration(action.value) if action.action_id == blocks.CHANGE else None
            if not service.may_lead(by, before):
                raise Refusal(NOT_YOURS)
            everybody = people_by_school(self._room.trust)
            lead = before.lead if before else by.id
            people = kit.select_in_groups(blocks.LEAD, everybody, "Choose one", [lead], several=False)
            return blocks.collaboration_form(self._room.trust, people, service.today(), before)

        show(client, body, form)

    def put_collaboration(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """The form of a collaboration."""
        by = self._room.person(body.user.id)
        start, end = picked(view, blocks.START), picked(view, blocks.END)
        blank = [each for each in (blocks.NAME, blocks.OUTCOME) if not typed(view, each).strip()]
        if blank:
            ack(response_action="errors", errors=dict.fromkeys(blank, BLANK))
            return
        try:
            self._service.put(
                by,
                view.id,
                view.private_metadata or None,
                name=typed(view, blocks.NAME),
                schools=ticked(view, blocks.SCHOOLS),
                outcome=typed(view, blocks.OUTCOME),
                lead=picked(view, blocks.LEAD),
                start=date.fromisoformat(start) if start else self._service.today(),
                end=date.fromisoformat(end) if end else None,
                partners=[each.strip() for each in typed(view, blocks.PARTNERS).split(",") if each.strip()],
                checklist=[typed(view, test.name.casefold()) for test in Test],
            )
        except Refusal as refusal:
            ack(response_action="errors", errors={blocks.END: str(refusal)})
            return
        ack(response_action="update", view=kit.modal("Collaborations", [kit.section("It is in the register.")]))

    def open_plan(self, command: SlashCommand, rest: str, ack: Ack) -> None:
        """`/trust pulse`: what is under way, and the form for a new one for those who may ask."""
        ack()
        show(self._room.client, command, lambda: self._plans(command.user_id, command.channel_id))

    def _plans(self, user: str, here: str) -> Block:
        service = self._service
        mine = self.home(user)
        by = self._room.people.member(user).person
        leads = [
            collaboration
            for collaboration in service.collaborations(running=True)
            if by and service.may_lead(by, collaboration)
        ]
        if by is None or not (leads or service.may_lead(by)):
            return kit.modal("Pulse", mine or [kit.section(NOTHING)])
        plans = [
            (plan, about, day)
            for plan, about in service.plans()
            if service.may_lead(by, about) and (day := service.next_wave(plan, about))
        ]
        above = blocks.overview(service.running(by), plans, mine)
        return self._plan_form(above, leads, here)

    def plan(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """The form that plans a pulse."""
        by, service = self._room.person(body.user.id), self._service
        channels, where = chosen_conversations(view, blocks.CHANNELS), chosen_conversations(view, blocks.WHERE)
        asked = [
            *(f"person:{each}" for each in ticked(view, blocks.PEOPLE)),
            *ticked(view, blocks.GROUPS),
            *(f"channel:{channel}" for channel in channels),
        ]
        errors = {}
        for field, conversations in ((blocks.CHANNELS, channels), (blocks.WHERE, where)):
            for conversation in conversations:
                try:
                    self._room.must_be_in(conversation)
                except Refusal as refusal:
                    errors[field] = str(refusal)
        count = 0 if errors else len(self._room.asked(tuple(asked)))
        if not errors and count < PANEL_LEAST:
            errors[blocks.GROUPS] = TOO_FEW.format(count=count) if asked else NOBODY
        closes = picked(view, blocks.CLOSES)
        if not errors:
            try:
                plan = service.plan(
                    by,
                    view.id,
                    picked(view, blocks.ABOUT),
                    asked,
                    date.fromisoformat(picked(view, blocks.OPENS)),
                    date.fromisoformat(closes) if closes else None,
                    where[0] if where else "",
                    [typed(view, blocks.OWN1), typed(view, blocks.OWN2)],
                    recurring=blocks.EACH_HALF in ticked(view, blocks.REPEAT),
                )
            except Refusal as refusal:
                errors[blocks.OPENS] = str(refusal)
        if errors:
            ack(response_action="errors", errors=errors)
            return
        about = service.collaboration(plan.collaboration)
        ack(response_action="update", view=blocks.planned(plan, about, count))

    def confirm_close(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Close now”."""
        ack()

        def question() -> Block:
            by = self._room.person(body.user.id)
            found = next((each for each in self._service.running(by) if each.wave == action.value), None)
            if found is None:
                raise Refusal(NOT_YOURS)
            return blocks.confirm_close(found)

        show(client, body, question)

    def close(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """The confirmation: no more answers are taken; the clock's next tick counts them."""
        try:
            self._service.close_early(view.private_metadata, self._room.person(body.user.id))
        except SafeShut as shut:
            raise Refusal(NOT_NOW) from shut
        ack(response_action="update", view=blocks.closed())

    def stop(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Call it off”."""
        ack()

        def done() -> Block:
            self._service.stop(self._room.person(body.user.id), action.value)
            return kit.modal("Pulse", [kit.section("It is called off. What is open already goes on to its day.")])

        show(client, body, done)

    def results(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Results”, in App Home or over the form."""
        ack()

        def results() -> Block:
            found = self._seen(action.value, body.user.id)
            return blocks_results.view(found, _alt(found))

        show(client, body, results)

    def send_csv(self, ack: Ack, body: Interaction, action: Press) -> None:
        """“Send me the table”."""
        ack()
        user = body.user.id
        found = self._seen(action.value, user)
        outbox, key = self._room.outbox, f"pulse-csv:{found.wave.id}:{user}:{body.modal.id}"
        name = f"pulse-{found.wave.id}.csv"
        outbox.upload(key, outbox.direct(user), name, found.csv().encode("utf-8-sig"), f"{found.collaboration.name}")

    def _seen(self, wave: str, user: str) -> Results:
        found = self._service.results(wave)
        if not self._service.may_see(found, self._room.people.reader(user), self._room.ident(user)):
            raise Refusal(NOT_SHOWN)
        return found

    def _plan_form(self, above: Sequence[Block], leads: Sequence[Collaboration], here: str) -> Block:
        if not leads:
            return kit.modal("Pulse", [*above, kit.section(NO_COLLABORATION)])
        people = kit.select_in_groups(blocks.PEOPLE, people_by_school(self._room.trust), "Choose people")
        opens = self._service.next_opening()
        known = here if here.startswith(("C", "G")) and self._room.bot_is_in(here) else ""
        return blocks.plan_form(above, leads, people, self._room.trust, opens, known)


def _alt(results: Results) -> str:
    """The figures in words."""
    if not results.figures:
        return ""
    return picture.alt_text(results.collaboration.name, results.wave.statements, results.waves)
