"""Web API: uploading files in Slack's three steps, and their particulars."""

from __future__ import annotations

from bot.demo.workspace.api.methods import Arguments, Site, SlackError, method
from bot.demo.workspace.state import BOT_USER, File, Json
from bot.demo.workspace.wire.events import file_json

LARGEST = 1_073_741_824


@method("files.getUploadURLExternal", "files:write", needs=["filename", "length"], per_minute=100)
def upload_url(site: Site, given: Arguments) -> Json:
    size = given.number("length", 0)
    if not 0 < size <= LARGEST:
        raise SlackError("invalid_arguments")
    state = site.state
    file = File(
        state.number("F"), given.text("filename"), BOT_USER, size, int(state.clock()), alt=given.text("alt_txt")
    )
    state.files[file.id] = file
    return {"upload_url": f"{state.base_url}/upload/v1/{file.id}", "file_id": file.id}


@method("files.completeUploadExternal", "files:write", needs=["files"], per_minute=100)
def complete(site: Site, given: Arguments) -> Json:
    wanted = given.parsed("files")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(each, dict) for each in wanted):
        raise SlackError("invalid_arguments")
    for each in wanted:
        file = site.state.files.get(each.get("id"))
        if file is None or not file.content:
            raise SlackError("file_not_found")
        file.title, file.ready = each.get("title") or file.name, True
    ids = [each["id"] for each in wanted]
    channels = given.text("channels").split(",") if "channels" in given else [given.text("channel_id")]
    for channel in filter(None, channels):
        site.changes.share(
            site.channel(channel), BOT_USER, ids, given.text("initial_comment"), given.text("thread_ts") or None
        )
    return {"files": [file_json(site.state, each) for each in ids]}


def readable(site: Site, key: str) -> File:
    """The file, if the app shares a conversation with it or made it; `file_not_found` otherwise."""
    file = site.state.files.get(key)
    if file is None or not file.ready:
        raise SlackError("file_not_found")
    shared = any(BOT_USER in site.state.channels[each].members for each in file.channels)
    if file.user != BOT_USER and not shared:
        raise SlackError("file_not_found")
    return file


@method("files.info", "files:read", needs=["file"])
def info(site: Site, given: Arguments) -> Json:
    file = readable(site, given.text("file"))
    return {"file": file_json(site.state, file.id), "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.delete", "files:write", needs=["file"])
def delete(site: Site, given: Arguments) -> Json:
    file = readable(site, given.text("file"))
    if file.user != BOT_USER:
        raise SlackError("cant_delete_file")
    del site.state.files[file.id]
    return {}
