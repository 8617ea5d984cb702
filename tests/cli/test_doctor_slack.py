"""What `trustbot doctor` sees of Slack: scopes where Slack says them, and addresses that name nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.doctor import Finding, examine
from bot.config.settings import Settings
from bot.demo.workspace import Workspace
from bot.demo.workspace.manifest import Manifest
from bot.slack import manifest

TRUST = """\
name: Alder
schools: [{id: fern, name: Fern, phase: primary}]
people: [{id: eve, name: Eve Ellis, email: eve@alder.example}]
"""


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace.start(manifest.path(), rates=None) as workspace:
        workspace.add_user("eve", "Eve Ellis", email="eve@alder.example")
        yield workspace


def findings(workspace: Workspace, warm_home: Path) -> dict[str, list[Finding]]:
    trust_file = warm_home / "trust.yaml"
    trust_file.write_text(TRUST)
    settings = Settings(
        home=warm_home, trust_file=trust_file, bot_token=workspace.bot_token, app_token=workspace.app_token,
        slack_api_url=workspace.api_url,
    )  # fmt: skip
    found: dict[str, list[Finding]] = {}
    for finding in examine(settings):
        found.setdefault(finding.part, []).append(finding)
    return found


def test_all_is_good_where_each_address_names_one_account(workspace: Workspace, warm_home: Path) -> None:
    found = findings(workspace, warm_home)
    assert [each.state for each in found["scopes"] + found["people"]] == ["good", "good"]


def test_scopes_that_slack_does_not_say_are_not_called_missing(workspace: Workspace, warm_home: Path) -> None:
    workspace.api.tells_scopes = False
    (scopes,) = findings(workspace, warm_home)["scopes"]
    assert scopes.state == "note"
    assert "did not say" in scopes.seen


def test_a_scope_that_is_missing_is_named(warm_home: Path) -> None:
    known = Manifest.read(manifest.path())
    older = Manifest(scopes=known.scopes - {"mpim:read"})
    with Workspace.start(older, rates=None) as workspace:
        (scopes,) = findings(workspace, warm_home)["scopes"]
    assert (scopes.state, scopes.seen) == ("wrong", "missing mpim:read")


def test_addresses_that_name_nobody_are_listed(workspace: Workspace, warm_home: Path) -> None:
    workspace.add_user("eve2", "E Ellis", email="EVE@alder.example")
    (people,) = findings(workspace, warm_home)["people"]
    assert people.state == "wrong"
    assert "“E Ellis” and “Eve Ellis”" in people.seen or "“Eve Ellis” and “E Ellis”" in people.seen
    assert "`slack:`" in people.mend
