"""Which addresses may be shown as links: those of listed hosts, as a browser would open them."""

from __future__ import annotations

import pytest

from knowledge.library.links import is_host, may_link

HOSTS = {"fernhill.sharepoint.com", "*.fernhill.example"}


@pytest.mark.parametrize(
    "url",
    [
        "https://fernhill.sharepoint.com/sites/policies/lettings.pdf",
        "https://FERNHILL.sharepoint.com:443/a?b=c#d",
        "https://fernhill.example/policies",
        "https://files.oak.fernhill.example/policies",
    ],
)
def test_an_address_of_a_listed_host_is_shown(url: str) -> None:
    assert may_link(url, HOSTS)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.ly/pay",
        "https://evil.sharepoint.com/pay",
        "https://fernhill.sharepoint.com.evil.ly/pay",
        "https://notfernhill.example/pay",
        "https://fernhill.sharepoint.com@evil.ly/pay",
        "https://evil.ly#@fernhill.sharepoint.com",
        "https://evil.ly\\.fernhill.example/pay",
        "https://evil.ly/\\fernhill.example",
        "https:evil.ly/fernhill.example",
        "https://fernhill.sharepoint.com:8443/pay",
        "https://fernhіll.example/pay",  # a letter of another script
        "https://fernhill.example./pay",
        "javascript://fernhill.example/%0aalert(1)",
        "ftp://fernhill.example/a",
        "https://[::1]/a",
        "https://10.0.0.1/a",
        "https://fernhill.example/a\u202eb",
        "",
    ],
)
def test_every_other_address_is_not(url: str) -> None:
    assert not may_link(url, HOSTS)
    assert not may_link(url, ())


@pytest.mark.parametrize(
    "host", ["fernhill.example", "*.fernhill.example", "fernhill.sharepoint.com", "drive.google.com"]
)
def test_a_host_of_ones_own_may_be_listed(host: str) -> None:
    assert is_host(host)


@pytest.mark.parametrize(
    "host",
    ["*", "*.com", "*.sch.uk", "*.sharepoint.com", "https://fernhill.example", "fernhill", "10.0.0.1", "a.b/c", ""],
)
def test_all_the_world_may_not(host: str) -> None:
    assert not is_host(host)
