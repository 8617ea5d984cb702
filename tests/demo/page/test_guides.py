"""The guides in the page: shown to whoever opened the printed address, whole, and with nothing in them that acts."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from bot.demo.workspace.page import guides as drawn
from bot.guides.pages import NAMES, Guide, guides
from tests.demo.page.conftest import Open, Site


def test_without_the_printed_address_no_guide_is_shown(site: Site) -> None:
    for path in ("/guides", "/guides/heads"):
        answer = httpx.get(site.url + path)
        assert answer.status_code == 403
        assert "For heads" not in answer.text


def test_the_people_and_every_window_lead_to_the_guides(site: Site) -> None:
    client = site.client()
    for path in ("/", "/as/ann/messages", "/as/ann/home"):
        assert 'href="/guides"' in client.get(path).text


@pytest.mark.parametrize("guide", guides(), ids=lambda guide: guide.name)
def test_every_guide_is_shown_and_what_it_links_to_is_there(site: Site, guide: Guide) -> None:
    client = site.client()
    shown = client.get(f"/guides/{guide.name}")
    assert shown.status_code == 200
    assert f'<h1 id="{drawn.anchor(guide.title)}">{guide.title}</h1>' in shown.text
    assert "script-src 'self'" in shown.headers["content-security-policy"]
    for target in set(re.findall(r'(?:href|src)="([^"]+)"', shown.text)):
        address = urlsplit(urljoin(f"/guides/{guide.name}", target))
        if target.startswith("#"):
            assert f'id="{target[1:]}"' in shown.text
        elif not address.netloc:
            there = client.get(address.path)
            assert there.status_code == 200, target
            assert not address.fragment or f'id="{address.fragment}"' in there.text, target


def test_the_list_says_what_each_is_for_and_an_unknown_one_leads_back_to_it(site: Site) -> None:
    client = site.client()
    listed, unknown = client.get("/guides"), client.get("/guides/parents")
    assert (listed.status_code, unknown.status_code) == (200, 404)
    for answer in (listed, unknown):
        assert all(f'<dt><a href="/guides/{name}">' in answer.text for name in NAMES)


def test_nothing_in_a_guide_acts() -> None:
    text = (
        "# T\n\nA <script>alert(1)</script> [x](javascript:alert(1)) [y](data:text/html,z) ![p](//evil.example/p.png)"
        "\n\n<iframe src='https://evil.example'></iframe>\n\n| a <b> | c |\n|---|---|\n| `<i>` | d |\n"
    )
    shown = str(drawn.html(Guide("t", "T", "", text)))
    assert "<script" not in shown
    assert "<iframe" not in shown
    assert "javascript:" not in re.sub(r">[^<]*<", "><", shown)
    assert "evil.example" not in re.sub(r">[^<]*<", "><", shown)
    assert 'data-column="a &lt;b&gt;"' in shown


@pytest.mark.parametrize("width", [390, 1200])
def test_a_guide_fits_the_window(site: Site, tab: Open, width: int) -> None:
    shown = tab("ann")
    shown.set_viewport_size({"width": width, "height": 800})
    for name in NAMES:
        shown.goto(f"{site.url}/guides/{name}")
        assert shown.evaluate("document.documentElement.scrollWidth") <= width, name
