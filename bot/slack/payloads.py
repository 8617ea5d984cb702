"""What Slack sends, as far as Trustbot reads it: commands, presses, forms, shortcuts and events."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from bot.runtime.payload import Payload

Id = Annotated[str, Field(min_length=1)]
# Slack sends null where a text, a list or a mapping is empty.
Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
Blocks = Annotated[tuple[dict[str, Any], ...], BeforeValidator(lambda value: () if value is None else value)]


class User(Payload):
    """Who did it."""

    id: Id


class Option(Payload):
    """A choice of a menu."""

    value: str


class FieldValue(Payload):
    """What somebody put into a field of a form, whichever kind of field it is."""

    value: str | None = None
    selected_option: Option | None = None
    selected_options: tuple[Option, ...] | None = None
    selected_date: str | None = None
    selected_conversation: str | None = None
    selected_conversations: tuple[str, ...] | None = None


class ViewState(Payload):
    """The fields of a form, by block and by action."""

    values: dict[str, dict[str, FieldValue]]


class ViewBlock(Payload):
    """A block of a view."""

    type: str
    block_id: str = ""


class View(Payload):
    """A modal or an App Home: one that was pressed in, or a form that was sent."""

    id: Id
    type: str = "modal"
    private_metadata: Text = ""
    blocks: tuple[ViewBlock, ...] = ()
    state: ViewState | None = None

    def field(self, name: str) -> FieldValue:
        """What is in a field; its block and its element have the same name."""
        return self.state.values.get(name, {}).get(name, FieldValue()) if self.state else FieldValue()

    @property
    def filled(self) -> tuple[str, ...]:
        """The names of the form's fields, in order."""
        return tuple(self.state.values) if self.state else ()


class Container(Payload):
    """Where something was pressed."""

    channel_id: Text = ""
    message_ts: Text = ""
    thread_ts: Text = ""
    is_ephemeral: bool = False


class Message(Payload):
    """A message that a press or a shortcut is about."""

    ts: Id
    thread_ts: Text = ""
    text: Text = ""
    blocks: Blocks = ()
    attachments: Blocks = ()


class Trigger(Payload):
    """Whatever lets a modal be opened; `view` is the one that it came from."""

    trigger_id: Id
    view: View | None = None


class Interaction(Trigger):
    """A press, or a form that was sent."""

    user: User
    container: Container = Container()
    message: Message | None = None
    response_url: Text = ""

    @property
    def modal(self) -> View:
        """The view that was pressed in; Malformed where it was none."""
        return View.read(self.view)


class Press(Payload):
    """The button that was pressed or the menu that was chosen from."""

    action_id: Id
    action_ts: Text = ""
    value: Text = ""
    selected_option: Option | None = None

    @property
    def chosen(self) -> str:
        """The value of the choice; Malformed where nothing was chosen."""
        return Option.read(self.selected_option).value


class SlashCommand(Trigger):
    """`/trust` and what was written after it."""

    user_id: Id
    channel_id: Id
    channel_name: Text = ""
    text: Text = ""
    response_url: Text = ""


class Conversation(Payload):
    """A channel, by its id."""

    id: Id


class Shortcut(Trigger):
    """A shortcut on a message."""

    user: User
    channel: Conversation
    message: Message


class EventEnvelope(Payload):
    """What an event comes in; the same event has the same id, however often it comes."""

    event_id: Id


class Edited(Payload):
    """When a message was changed last."""

    ts: Text = ""


class PostedMessage(Payload):
    """A message as it was posted or changed."""

    ts: Id
    user: Text = ""
    bot_id: Text = ""
    subtype: str | None = None
    thread_ts: Text = ""
    text: Text = ""
    files: Blocks = ()
    edited: Edited | None = None


class MessageEvent(PostedMessage):
    """A message or a mention; `message` is the message as it is now where it was changed."""

    channel: Id
    channel_type: Text = ""
    message: PostedMessage | None = None
    previous_message: PostedMessage | None = None


class FileEvent(Payload):
    """A file that was shared."""

    user_id: Text = ""
    channel_id: Id
    file_id: Id


class HomeEvent(Payload):
    """Somebody opened Trustbot's App Home, or its Messages tab."""

    user: Id
    channel: Text = ""
    tab: Text = ""


class ChannelEvent(Payload):
    """Somebody came or went."""

    type: Id
    channel: Annotated[Conversation, BeforeValidator(lambda value: {"id": value} if isinstance(value, str) else value)]
    user: Text = ""

    @property
    def where(self) -> str:
        """The channel's id."""
        return self.channel.id


def _with_id(account: dict[str, Any]) -> dict[str, Any]:
    User.model_validate(account)
    return account


class PersonEvent(Payload):
    """Somebody is new or has changed: Slack's whole account."""

    user: Annotated[dict[str, Any], AfterValidator(_with_id)]


class Failed(Payload):
    """Whatever failed, as far as it says who is to be told, and where."""

    type: Text = ""
    trigger_id: Text = ""
    view: View | None = None
    user: User | None = None
    user_id: Text = ""
