"""Who may use the page: this machine alone, through the printed address, and no other site's page through a browser."""

from __future__ import annotations

import socket

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect as open_socket

from tests.demo.page.conftest import Site

DO = "/as/ann/do/say"
WORDS = {"place": "messages", "text": "hello"}


def test_it_listens_on_this_machine_alone(site: Site) -> None:
    (listening,) = site.workspace.server._server.servers[0].sockets
    assert listening.getsockname()[0] == "127.0.0.1"


def test_without_the_printed_address_nothing_is_shown(site: Site) -> None:
    for path in ("/", "/as/ann/messages", "/as/ann/home", "/as/ann/file/F1", "/?key=wrong", "/?key=%C3%BC"):
        answer = httpx.get(site.url + path)
        assert answer.status_code == 403
        assert "Ann" not in answer.text
    assert httpx.post(site.url + DO, json=WORDS, headers={"origin": site.url}).status_code == 403
    assert site.workspace.direct("ann") == []


def test_the_key_is_taken_once_into_a_cookie_that_scripts_and_other_sites_do_not_get(site: Site) -> None:
    answer = httpx.get(site.url, params={"key": site.page.guard.key})
    cookie = answer.headers["set-cookie"].casefold()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert answer.headers["location"] == "/"


def test_another_start_has_another_key(site: Site) -> None:
    assert httpx.get(site.url, cookies={f"workspace-{httpx.URL(site.url).port}": "x" * 32}).status_code == 403


@pytest.mark.parametrize("path", ["/", DO, "/api/auth.test", "/static/main.js"])
def test_another_name_for_this_machine_is_refused(site: Site, path: str) -> None:
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "[::2]", ""):
        answer = site.client().request("GET", path, headers={"host": host})
        assert answer.status_code in (400, 403), host


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", [DO, "/clock/monday", "/tour/0/0", "/api/chat.postMessage"])
def test_what_another_site_sends_changes_nothing(site: Site, path: str, headers: dict[str, str]) -> None:
    client = site.client(**headers)
    more = {"token": site.workspace.bot_token, "channel": site.workspace.state.channel("general").id}
    assert client.post(path, json=WORDS | more).status_code == 403
    assert site.workspace.direct("ann") == []
    assert site.workspace.messages("general") == []
    assert site.struck == []


def test_a_deed_says_where_it_comes_from(site: Site) -> None:
    client = site.client()
    del client.headers["origin"]
    assert client.post(DO, json=WORDS).status_code == 403
    assert client.post(DO, json=WORDS, headers={"origin": site.url}).json() == {"ok": True}


def test_a_socket_is_opened_by_the_page_alone(site: Site) -> None:
    address = site.url.replace("http", "ws") + "/as/ann/messages/live"
    cookie = f"workspace-{httpx.URL(site.url).port}={site.page.guard.key}"
    for origin, given in (("https://evil.example", cookie), (site.url, "workspace=x"), (None, cookie)):
        headers = {"cookie": given}
        with pytest.raises(InvalidStatus), open_socket(address, origin=origin, additional_headers=headers):  # type: ignore[arg-type]
            pass
    with open_socket(address, origin=site.url, additional_headers={"cookie": cookie}) as opened:  # type: ignore[arg-type]
        assert "Messages" in str(opened.recv(10))


def test_every_page_forbids_scripts_and_frames_of_others(site: Site) -> None:
    client = site.client()
    for path in ("/", "/as/ann/messages", "/as/ann/home", "/as/nobody/messages"):
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "<script>" not in answer.text
        assert " onclick=" not in answer.text
        assert " style=" not in answer.text


def test_files_of_a_channel_are_open_to_who_sees_it_and_only_pictures_are_shown_in_place(site: Site) -> None:
    ann = site.workspace.as_user("ann")
    secret = ann.upload("heads", "plan.html", b"<script>alert(1)</script>").files[0]
    picture = ann.upload("general", "chart.png", b"\x89PNG").files[0]
    client = site.client()
    assert client.get(f"/as/bob/file/{secret}").status_code == 404
    assert client.get(f"/as/guy/file/{picture}").status_code == 404
    own = client.get(f"/as/ann/file/{secret}")
    assert own.content == b"<script>alert(1)</script>"
    assert own.headers["content-type"] == "application/octet-stream"
    assert own.headers["content-disposition"] == "attachment"
    assert client.get(f"/as/bob/file/{picture}").headers["content-type"] == "image/png"


def test_a_page_shows_nobody_what_they_may_not_see(site: Site) -> None:
    heads = site.workspace.state.channel("heads").id
    site.workspace.as_user("ann").say("heads", "for heads alone")
    client = site.client()
    assert client.get(f"/as/ann/{heads}").status_code == 200
    assert client.get(f"/as/bob/{heads}").status_code == 404
    refused = client.post("/as/bob/do/say", json={"place": heads, "text": "let me in"}).json()
    assert refused == {"ok": False, "words": "You are not in that channel"}
    target = f"m:{heads}:{site.workspace.messages('heads')[0].ts}"
    assert not client.post("/as/bob/do/shortcut", json={"shortcut": "ask.about", "target": target}).json()["ok"]


def test_what_is_no_json_is_refused_in_words(site: Site) -> None:
    for body in (b"", b"[]", b"{", b"\xff"):
        told = site.client().post(DO, content=body).json()
        assert told == {"ok": False, "words": "That did not work."}


def test_nothing_else_answers_on_the_port(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", int(httpx.URL(site.url).port or 0))) as raw:
        raw.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert raw.recv(64).split()[1] in (b"400", b"403")
