"""Web API: streamed messages, and the status, title and prompts of an assistant's thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.demo.workspace.api.chat import check_blocks, check_metadata, place, stream_runs, thread_of, with_ids
from bot.demo.workspace.api.methods import Arguments, Site, SlackError, invalid, method
from bot.demo.workspace.block_rules.tables import faults_in_blocks
from bot.demo.workspace.state import BOT_USER, TEAM, Json, Message, Status
from bot.demo.workspace.wire.events import message_json

LONGEST_MARKDOWN, MOST_LOADING, MOST_PROMPTS, STATUS_LASTS = 12_000, 10, 4, 120.0


@dataclass(frozen=True, slots=True)
class StreamPart:
    """What one call adds to a stream."""

    text: str = ""
    blocks: tuple[Json, ...] = ()
    tasks: tuple[Json, ...] = ()


def _piece(site: Site, given: Arguments) -> StreamPart:
    chunks = given.parsed("chunks") or []
    if not isinstance(chunks, list) or not all(isinstance(each, dict) for each in chunks):
        raise SlackError("invalid_chunks")
    words = [given.text("markdown_text"), *(str(c.get("text", "")) for c in chunks if c.get("type") == "markdown_text")]
    text = "".join(words)
    if len(text) > LONGEST_MARKDOWN:
        raise SlackError("msg_too_long")
    blocks: list[Json] = []
    tasks: list[Json] = []
    for index, chunk in enumerate(chunks):
        match chunk.get("type"):
            case "markdown_text" | "plan_update":
                pass
            case "task_update":
                tasks.append(_task(chunk, index))
            case "blocks":
                faults = faults_in_blocks(chunk.get("blocks"), "message", f"/chunks/{index}/blocks")
                if faults:
                    raise invalid("invalid_blocks", faults)
                blocks += with_ids(site, chunk["blocks"])
            case other:
                raise SlackError("invalid_chunks", detail=f"unsupported chunk type: {other}")
    return StreamPart(text, tuple(blocks), tuple(tasks))


def _task(chunk: Json, index: int) -> Json:
    card = {"type": "task_card", "task_id": chunk.get("id"), "title": chunk.get("title"), "status": chunk.get("status")}
    if "sources" in chunk:
        card["sources"] = chunk["sources"]
    if faults := faults_in_blocks([card], "message", f"/chunks/{index}"):
        raise invalid("invalid_chunks", faults)
    return card


def _grown(message: Message, piece: StreamPart) -> dict[str, Any]:
    fresh = {task["task_id"]: task for task in piece.tasks}
    kept = [fresh.pop(block.get("task_id", ""), block) for block in message.blocks]
    return {"text": message.text + piece.text, "blocks": (*kept, *fresh.values(), *piece.blocks)}


@method("chat.startStream", "chat:write", needs=["channel", "thread_ts"], per_minute=20)
def start(site: Site, given: Arguments) -> Json:
    channel = place(site, given)
    thread = thread_of(site, channel, given)
    if channel.kind != "im":
        for name in ("recipient_team_id", "recipient_user_id"):
            if name not in given:
                raise SlackError(f"missing_{name}")
        if given.text("recipient_team_id") != TEAM:
            raise SlackError("team_not_found")
        site.user(given.text("recipient_user_id"))
    piece = _piece(site, given)
    fields = _grown(Message(channel.id, "", BOT_USER, ""), piece)
    message = site.changes.post(channel, BOT_USER, thread_ts=thread, streaming=True, markdown=True, **fields)
    site.state.streams[(channel.id, message.ts)] = site.state.clock()
    return {"channel": channel.id, "ts": message.ts}


def _running(site: Site, given: Arguments) -> Message:
    message = site.message(site.channel(given.text("channel")), given.text("ts"))
    if message.user != BOT_USER:
        raise SlackError("message_not_owned_by_app")
    if not stream_runs(site, message):
        raise SlackError("message_not_in_streaming_state")
    return message


@method("chat.appendStream", "chat:write", needs=["channel", "ts"], per_minute=100)
def append(site: Site, given: Arguments) -> Json:
    message = _running(site, given)
    site.state.change(message, **_grown(message, _piece(site, given)))
    return {"channel": message.channel, "ts": message.ts}


@method("chat.stopStream", "chat:write", needs=["channel", "ts"], per_minute=20)
def stop(site: Site, given: Arguments) -> Json:
    message = _running(site, given)
    fields = _grown(message, _piece(site, given))
    last = given.parsed("blocks") or []
    check_blocks(last)
    fields["blocks"] = (*fields["blocks"], *with_ids(site, last))
    if "metadata" in given:
        fields["metadata"] = check_metadata(given.parsed("metadata"))
    after = site.changes.edit(message, streaming=False, **fields)
    del site.state.streams[(message.channel, message.ts)]
    return {"channel": after.channel, "ts": after.ts, "message": message_json(site.state, after, metadata=True)}


@method(
    "assistant.threads.setStatus", "chat:write", "assistant:write", needs=["channel_id", "thread_ts"], per_minute=600
)
def set_status(site: Site, given: Arguments) -> Json:
    channel = site.channel(given.text("channel_id"))
    message = site.state.messages.get(channel.id, {}).get(given.text("thread_ts"))
    if message is None:
        raise SlackError("invalid_thread_ts")
    loading: Iterable[Any] = given.parsed("loading_messages") or ()
    words = tuple(str(each) for each in loading)
    if len(words) > MOST_LOADING:
        raise invalid("invalid_arguments", [f"[ERROR] no more than {MOST_LOADING} items allowed: loading_messages"])
    key = (channel.id, message.root)
    if given.text("status"):
        site.state.statuses[key] = Status(given.text("status"), words, site.state.clock() + STATUS_LASTS)
    else:
        site.state.statuses.pop(key, None)
    return {}


@method("assistant.threads.setTitle", "assistant:write", needs=["channel_id", "thread_ts", "title"], per_minute=100)
def set_title(site: Site, given: Arguments) -> Json:
    channel = site.channel(given.text("channel_id"))
    site.state.titles[(channel.id, given.text("thread_ts"))] = given.text("title")
    return {}


@method("assistant.threads.setSuggestedPrompts", "assistant:write", needs=["channel_id", "prompts"], per_minute=100)
def set_prompts(site: Site, given: Arguments) -> Json:
    channel = site.channel(given.text("channel_id"))
    prompts = given.parsed("prompts")
    whole = isinstance(prompts, list) and all(
        isinstance(prompt, dict) and prompt.get("title") and prompt.get("message") for prompt in prompts
    )
    if not whole or not 0 < len(prompts) <= MOST_PROMPTS:
        raise invalid("invalid_arguments", [f"[ERROR] prompts must be 1 to {MOST_PROMPTS} titles with messages"])
    silently_nowhere = site.manifest.agent_view and "thread_ts" in given
    if not silently_nowhere:
        site.state.prompts[channel.id] = prompts
    return {}
