"""Files go up in Slack's three steps and down only with the token."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.demo.workspace import Workspace
from bot.demo.workspace.state import BOT_USER


def fetch(url: str, token: str = "") -> tuple[int, bytes]:
    """The status and body of a download."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.request("GET", parts.path, headers={"Authorization": f"Bearer {token}"} if token else {})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


def test_the_app_uploads_a_file_into_a_thread(client: WebClient, workspace: Workspace) -> None:
    question = workspace.as_user("ann").mention("general", "the digest?")
    uploaded = client.files_upload_v2(
        filename="digest.csv", content="a,b\n1,2\n", title="Digest", channel=question.channel,
        thread_ts=question.ts, initial_comment="Here it is",
    )["file"]  # fmt: skip
    [message] = workspace.replies(question)
    assert (message.text, message.files, message.user) == ("Here it is", (uploaded["id"],), BOT_USER)
    assert client.files_info(file=uploaded["id"])["file"]["title"] == "Digest"
    assert fetch(uploaded["url_private"], workspace.bot_token) == (200, b"a,b\n1,2\n")
    assert fetch(uploaded["url_private"])[0] == 302
    client.files_delete(file=uploaded["id"])
    assert fetch(uploaded["url_private"], workspace.bot_token)[0] == 404


def test_a_file_of_a_person_is_told_and_readable_where_the_app_is(client: WebClient, workspace: Workspace) -> None:
    message = workspace.as_user("ann").upload("heads", "minutes.txt", b"Present: all", "Our <minutes>")
    events = [each["event"] for each in workspace.delivery.told]
    assert [each["type"] for each in events] == ["message", "file_shared"]
    assert (events[0]["subtype"], events[0]["text"]) == ("file_share", "Our &lt;minutes&gt;")
    told = events[0]["files"][0]
    assert fetch(told["url_private_download"], workspace.bot_token) == (200, b"Present: all")
    secret = workspace.as_user("bob").upload("secret", "secret.txt", b"x")
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_info(file=secret.files[0])
    assert len(workspace.delivery.told) == 2
    assert message.files == (told["id"],)


def test_an_upload_that_does_not_fit_what_was_announced_is_refused(client: WebClient, workspace: Workspace) -> None:
    announced = client.files_getUploadURLExternal(filename="a.txt", length=3)
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_completeUploadExternal(files=[{"id": announced["file_id"], "title": "A"}])
    workspace.state.files[announced["file_id"]].size = 2
    parts = urlsplit(announced["upload_url"])
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.request("POST", parts.path, b"abc")
    assert connection.getresponse().status == 400
    connection.close()
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        client.files_getUploadURLExternal(filename="a.txt", length=0)
    with pytest.raises(SlackRequestError):
        client.files_upload_v2(filename="a.txt")
