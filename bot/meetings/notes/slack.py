"""Notes that come in and the review of what they propose, as Slack tells of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltResponse
from slack_sdk import WebClient

from bot.errors import Refusal
from bot.meetings import blocks
from bot.meetings.notes import blocks as shown
from bot.meetings.notes import jobs as slack_jobs
from bot.meetings.notes.draft import Draft, DraftAction
from bot.meetings.notes.editing import due_of
from bot.meetings.payloads import DraftForm, DraftPayload, FilePayload, PastedPayload
from bot.meetings.room import Room
from bot.slack.forms import in_form, picked, picked_day, ticked, typed
from bot.slack.modals import show
from bot.slack.payloads import EventEnvelope, FileEvent, Interaction, Press, SlashCommand, View

Heard = Mapping[str, Any]
Next = Callable[[], BoltResponse]
BOTH = "Give a day or words, not both."
NOT_THERE = "That is not in these notes any more. Close the form and look again."


class NotesListeners:
    """Listeners for `/trust notes`, for files, and for the review that the chair or the clerk does."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._drafts = room.service.drafts

    def register(self, app: App) -> None:
        """Tell Bolt who listens to what."""
        app.event("file_shared", middleware=[self.keep_file])(self.begin)
        app.view(shown.NOTES_VIEW)(in_form(self.pasted))
        app.action(shown.BRING)(self.bring)
        app.action(shown.TAKE_FILE)(self.take_file)
        app.action(shown.LEAVE_FILE)(self.leave_file)
        app.action(shown.REVIEW)(self.open_review)
        app.action(shown.WHICH)(self.open_which)
        app.view(shown.WHICH_VIEW)(in_form(self.which))
        app.action(shown.EDIT)(self.open_edit)
        app.action(shown.DROP)(self.drop)
        app.action(shown.KEEP)(self.drop)
        app.action(shown.OPEN_PART)(self.open_part)
        app.action(f"{shown.PAGE}.before")(self.turn)
        app.action(f"{shown.PAGE}.next")(self.turn)
        app.action(shown.ADD_ACTION)(self.open_add)
        app.action(shown.ADD_DECISION)(self.open_add)
        app.view(shown.ACTION_VIEW)(in_form(self.action))
        app.view(shown.DECISION_VIEW)(in_form(self.decision))
        app.action(shown.CONFIRM_AGAIN)(self.confirm_again)
        app.action(shown.DISCARD)(self.open_discard)
        app.view(shown.DISCARD_VIEW)(in_form(self.discard))
        app.view(shown.REVIEW_VIEW)(in_form(self.confirm))

    def keep_file(self, body: Heard, event: Heard, context: BoltContext, next: Next) -> BoltResponse:  # noqa: A002
        """Keep the news of a file before it is acknowledged."""
        shared = FileEvent.read_or_none(event)
        if shared and shared.user_id and shared.user_id != context.bot_user_id:
            key = EventEnvelope.read(body).event_id
            payload = FilePayload(user=shared.user_id, channel=shared.channel_id, file=shared.file_id)
            self._room.keep(key, slack_jobs.FILE, payload)
            context["kept"] = key
        return next()

    def begin(self, context: BoltContext) -> None:
        """Begin with what was kept, now that it is acknowledged."""
        if kept := context.get("kept"):
            self._room.inbox.start(kept)

    def command(self, command: SlashCommand, rest: str, ack: Ack) -> None:
        """`/trust notes`: open the form."""
        ack()

        def form() -> dict[str, object]:
            own = self._room.body_in(command.channel_id)
            return self._form(command.user_id, own.key if own else None)

        show(self._room.client, command, form)

    def bring(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Bring in the notes”, in a reminder."""
        ack()
        show(client, body, lambda: self._form(body.user.id, action.value))

    def pasted(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """The notes of the form."""
        text = "\n".join(part for field in shown.NOTES if (part := typed(view, field)))
        if not text:
            ack(response_action="errors", errors={shown.NOTES[0]: "Paste the notes first."})
            return
        day = picked_day(view, shown.DAY)
        if day and (fault := shown.is_to_come(day, self._room.service.tracking.today())):
            ack(response_action="errors", errors={shown.DAY: fault})
            return
        payload = PastedPayload(user=body.user.id, text=text, body=picked(view, shown.BODY) or None, day=day)
        self._room.take(f"view:{view.id}", slack_jobs.PASTED, payload, ack)

    def take_file(self, ack: Ack, body: Interaction, action: Press) -> None:
        """“Yes, read them”, about a file in a meeting's channel."""
        where = body.container.channel_id
        payload = FilePayload(user=body.user.id, channel=where, file=action.value, sure=True)
        self._room.take(f"file:{action.value}", slack_jobs.FILE, payload, ack)
        _vanish(body, "Thank you. Trustbot reads the notes.")

    def leave_file(self, ack: Ack, body: Interaction) -> None:
        """“No”."""
        ack()
        _vanish(body, "Then Trustbot leaves the file alone.")

    def open_review(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Review”."""
        ack()
        show(client, body, lambda: self._review(*self._find(body, action.value)))

    def turn(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """Another page of the review."""
        ack()
        draft, by = self._find(body, _held(body).draft)
        self._show(client, body.modal.id, self._review(draft, by, int(action.value)))

    def open_which(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Change” in the review, or “Answer” in a message."""
        ack()

        def form() -> dict[str, object]:
            draft, by = self._find(body, action.value)
            person = self._room.service.bodies.person(by)
            held = DraftForm(draft=draft.id, view=body.view.id if body.view else "").model_dump_json()
            return shown.which_form(draft, self._room.service.bodies, person.schools if person else (), held)

        show(client, body, form)

    def which(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """Which meeting it was."""
        held, user = DraftForm.read_json(view.private_metadata), body.user.id
        day = picked_day(view, shown.DAY)
        if day and (fault := shown.is_to_come(day, self._room.service.tracking.today())):
            ack(response_action="errors", errors={shown.DAY: fault})
            return
        readers = picked(view, shown.READERS)
        try:
            draft = self._drafts.set_meeting(
                held.draft,
                by := self._room.person(user),
                body=picked(view, shown.BODY) or None,
                day=day,
                chair=picked(view, shown.CHAIR) or None,
                clerk=picked(view, shown.CLERK) or None,
                audience=self._room.trust.audience(readers) if readers else None,
            )
        except Refusal as refusal:
            ack(response_action="errors", errors={shown.BODY: str(refusal)})
            return
        payload = DraftPayload(user=user, draft=draft.id)
        self._room.take(f"view:{view.id}", slack_jobs.PROPOSE, payload, ack)
        if held.view:
            self._show(client, held.view, self._review(draft, by))

    def open_edit(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Edit”."""
        ack()
        held = _held(body).model_copy(update={"item": action.value, "view": body.modal.id})

        def form() -> dict[str, object]:
            draft, _ = self._find(body, held.draft)
            for entry in draft.actions:
                if entry.id == action.value:
                    return shown.action_form(draft, entry, self._room.trust, held.model_dump_json())
            for decision in draft.decisions:
                if decision.id == action.value:
                    return shown.decision_form(decision, False, held.model_dump_json())
            raise Refusal(NOT_THERE)

        show(client, body, form)

    def open_add(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Add an action”, “Add a decision”."""
        ack()
        held = _held(body).model_copy(update={"item": "", "view": body.modal.id})

        def form() -> dict[str, object]:
            draft, _ = self._find(body, held.draft)
            if action.action_id == shown.ADD_ACTION:
                return shown.action_form(draft, None, self._room.trust, held.model_dump_json())
            return shown.decision_form(None, bool(draft.part_b), held.model_dump_json())

        show(client, body, form)

    def drop(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Drop”, “Take it back in”, and what a matter arising says of an earlier action."""
        ack()
        held, item = _held(body), action.value
        draft, by = self._find(body, held.draft)
        dropped = action.action_id == shown.DROP
        if item in {each.id for each in draft.actions}:
            draft = self._drafts.edit_action(draft.id, by, item, dropped=dropped)
        elif item in {decision.id for decision in draft.decisions}:
            draft = self._drafts.edit_decision(draft.id, by, item, dropped=dropped)
        else:
            draft = self._drafts.edit_matter(draft.id, by, item, closed=dropped)
        self._show(client, body.modal.id, self._review(draft, by, held.page))

    def action(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """An action as it was edited or added."""
        held = DraftForm.read_json(view.private_metadata)
        draft, by = self._find(body, held.draft)
        old = next((action for action in draft.actions if action.id == held.item), None)
        try:
            due, fault = self._due(view, draft, old)
        except ValueError:
            due, fault = None, BOTH
        if fault:
            ack(response_action="errors", errors={shown.DUE_WORDS: fault})
            return
        others = [each.strip() for each in typed(view, shown.OTHERS).split(",")]
        owners = [*blocks.named(ticked(view, shown.OWNERS)), *filter(None, others)]
        marks = ticked(view, shown.MARKS)
        try:
            if old is None:
                draft = self._drafts.add_action(
                    draft.id, by, typed(view, shown.TASK), owners, due or "", part_b=shown.PART_B in marks
                )
                if shown.DONE in marks:
                    draft = self._drafts.edit_action(draft.id, by, draft.actions[-1].id, done=True)
            else:
                before = [owner.person or owner.name for owner in old.owners]
                draft = self._drafts.edit_action(
                    draft.id, by, old.id, task=typed(view, shown.TASK), due=due,
                    owners=owners if owners != before else None,
                    done=shown.DONE in marks, dropped=shown.DROPPED in marks,
                )  # fmt: skip
        except Refusal as refusal:
            ack(response_action="errors", errors={shown.TASK: str(refusal)})
            return
        ack()
        self._show(client, held.view, self._review(draft, by, held.page))

    def decision(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """A decision as it was edited or added."""
        held = DraftForm.read_json(view.private_metadata)
        draft, by = self._find(body, held.draft)
        text, benefit = typed(view, shown.DECIDED), typed(view, shown.BENEFIT)
        try:
            if held.item:
                draft = self._drafts.edit_decision(draft.id, by, held.item, text=text, benefit=benefit)
            else:
                secret = shown.PART_B in ticked(view, shown.MARKS)
                draft = self._drafts.add_decision(draft.id, by, text, benefit, part_b=secret)
        except Refusal as refusal:
            ack(response_action="errors", errors={shown.DECIDED: str(refusal)})
            return
        ack()
        self._show(client, held.view, self._review(draft, by, held.page))

    def open_part(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Open this part”, of what is held closed as Part B."""
        ack()
        held, by = _held(body), self._room.person(body.user.id)
        try:
            draft, warning = self._drafts.open_section(held.draft, by, action.value), ""
        except Refusal as refusal:
            draft, warning = self._drafts.find(held.draft, by), str(refusal)
        self._show(client, body.modal.id, self._review(draft, by, held.page, warning))

    def open_discard(self, ack: Ack, body: Interaction, action: Press, client: WebClient) -> None:
        """“Throw these notes away”."""
        ack()
        show(client, body, lambda: shown.discard_form(self._find(body, action.value)[0]))

    def discard(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """They are thrown away."""
        self._drafts.discard(view.private_metadata, self._room.person(body.user.id))
        ack(response_action="clear")

    def confirm(self, ack: Ack, body: Interaction, view: View, client: WebClient) -> None:
        """“Confirm”: what stands in the way is said in place, the rest is done in the background."""
        held, user = DraftForm.read_json(view.private_metadata), body.user.id
        draft, by = self._find(body, held.draft)
        fault = " ".join(draft.must)
        if not self._drafts.may_confirm(draft, by):
            fault = slack_jobs.NOT_YOURS
        if fault:
            ack(response_action="update", view=self._review(draft, by, held.page, fault))
            return
        if draft.meeting:
            ack(response_action="update", view=self._review(draft, by, held.page))
            return
        # Two presses on one content are one confirmation, whoever presses and in however many windows.
        content = repr((draft.body, draft.date, draft.actions, draft.decisions, draft.matters, draft.opened))
        event = f"confirm:{draft.id}:{sha256(content.encode()).hexdigest()[:16]}"
        self._room.take(
            event, slack_jobs.CONFIRM, DraftPayload(user=user, draft=draft.id), ack, response_action="clear"
        )

    def confirm_again(self, ack: Ack, body: Interaction, action: Press) -> None:
        """“Try again”, where telling the owners failed: whoever was told already is not told twice."""
        payload = DraftPayload(user=body.user.id, draft=action.value)
        where = body.container
        self._room.take(f"again:{where.channel_id}:{where.message_ts}", slack_jobs.CONFIRM, payload, ack)

    def _form(self, user: str, own: str | None) -> dict[str, object]:
        person = self._room.service.bodies.person(self._room.person(user))
        return shown.notes_form(self._room.service.bodies, own, person.schools if person else ())

    def _due(self, view: View, draft: Draft, old: DraftAction | None) -> tuple[date | str | None, str]:
        """The day or the words that were given, None for no change, and what is wrong with them. ValueError where
        both were given."""
        words, day = typed(view, shown.DUE_WORDS), picked(view, shown.DUE_DAY)
        before = old.due.date.isoformat() if old and old.due.date else ""
        phrase = old.due.phrase if old else ""
        if day != before and words != phrase and day and words:
            raise ValueError(words)
        if day != before:
            return (date.fromisoformat(day) if day else "" if words == phrase else words), ""
        if words == phrase:
            return None, ""
        read = due_of(words, self._room.service.bodies, draft)
        return words, "" if read.certain else read.ask or "Say it in other words, or choose a day."

    def _find(self, body: Interaction, draft: str) -> tuple[Draft, str]:
        by = self._room.person(body.user.id)
        return self._drafts.find(draft, by), by

    def _review(self, draft: Draft, by: str, page: int = 0, warning: str = "") -> dict[str, object]:
        return shown.review(draft, page, warning, self._drafts.may_confirm(draft, by))

    def _show(self, client: WebClient, view: str, fresh: dict[str, object]) -> None:
        client.views_update(view_id=view, view=fresh)


def _held(body: Interaction) -> DraftForm:
    return DraftForm.read_json(body.modal.private_metadata)


def _vanish(body: Interaction, words: str) -> None:
    """Put words in place of a message that only its reader sees."""
    from slack_sdk.webhook import WebhookClient

    WebhookClient(body.response_url).send(text=words, replace_original=True, response_type="ephemeral")
