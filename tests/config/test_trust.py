"""The trust file: what it gives to readers and names, and what it says of a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import trust
from bot.errors import Refusal
from knowledge.passages import EVERYONE, Audience

GOOD = """\
name: Fernhill Learning Trust
schools:
  - id: oakfield
    name: Oakfield Primary School
    phase: primary
    also: [Oakfield]
  - id: riverside
    name: Riverside Academy
    phase: secondary
people:
  - id: ada
    name: Ada Price
    email: ada.price@fernhill.example
    roles: [headteacher]
    schools: [oakfield]
  - id: ben
    name: Ben Cole
    slack: U012
    roles: [trustee]
groups:
  - id: trustees
    name: Trust board
    also: [the board]
    roles: [trustee]
    meets: true
library:
  - path: policies
  - path: oakfield
    audience: oakfield
    school: oakfield
  - path: board
    audience: [trustees, person:ada]
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "trust.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_people_read_what_their_school_groups_and_roles_open(tmp_path: Path) -> None:
    loaded = trust.load(written(tmp_path, GOOD))
    ada, ben = loaded.reader(loaded.person("ada.PRICE@fernhill.example")), loaded.reader(loaded.person("U012"))
    stranger = loaded.reader(loaded.person("nobody"))
    oakfield, board = loaded.audience("oakfield"), loaded.audience("trustees + person:ada")
    assert [reader.may_read(EVERYONE) for reader in (ada, ben, stranger)] == [True, True, True]
    assert [reader.may_read(oakfield) for reader in (ada, ben, stranger)] == [True, False, False]
    assert [reader.may_read(board) for reader in (ada, ben, stranger)] == [True, True, False]


def test_names_hold_every_way_to_say_a_school_or_a_body(tmp_path: Path) -> None:
    names = trust.load(written(tmp_path, GOOD)).names
    assert names.schools["oakfield"] == ("Oakfield Primary School", "Oakfield")
    assert names.bodies["trustees"] == ("Trust board", "the board")


def test_folders_are_found_beside_the_file(tmp_path: Path) -> None:
    loaded = trust.load(written(tmp_path, GOOD))
    assert loaded.folder == tmp_path
    assert [folder.audience for folder in loaded.library][:2] == [("everyone",), ("oakfield",)]


@pytest.mark.parametrize(
    ("before", "after", "line", "key", "mend"),
    [
        ("phase: secondary", "phase: upper", 9, "schools.1.phase", "primary"),
        ("    email: ada", "    e-mail: ada", 13, "people.0.e-mail", "spelling"),
        ("    name: Ben Cole\n", "", 16, "people.1.name", "missing"),
        ("schools: [oakfield]", "schools: [okfield]", 15, "people.0.schools", "not under `schools`"),
        ("person:ada]", "governors]", 32, "library.2.audience", "'governors'"),
        ("  - id: riverside", "  - id: oakfield", 7, "schools.1.id", "give each its own"),
        ("id: trustees", "id: oakfield", 21, "groups.0.id", "rename one"),
        ("id: oakfield\n    name", "id: Oak Field\n    name", 3, "schools.0.id", "small letters, digits and hyphens"),
        ("schools: [oakfield]", "schools: oakfield", 15, "people.0.schools", "a list is wanted here"),
    ],
)
def test_a_mistake_is_named_with_line_key_and_mend(
    tmp_path: Path, before: str, after: str, line: int, key: str, mend: str
) -> None:
    assert before in GOOD
    with pytest.raises(Refusal) as refused:
        trust.load(written(tmp_path, GOOD.replace(before, after, 1)))
    assert f"line {line}, {key}: " in str(refused.value)
    assert mend in str(refused.value)


@pytest.mark.parametrize("day", ["2026-09-31", "31 September", "2nd Sept 2026", "5"])
def test_a_day_that_no_calendar_has_is_refused_in_its_line(tmp_path: Path, day: str) -> None:
    terms = f"terms:\n  - name: Autumn\n    start: {day}\n    end: 2026-12-18\n"
    with pytest.raises(Refusal) as refused:
        trust.load(written(tmp_path, GOOD + terms))
    line = GOOD.count("\n") + 3
    assert f"line {line}, terms.0.start: " in str(refused.value)
    assert "2026-09-01" in str(refused.value)


def test_a_key_that_stands_twice_is_refused_and_not_forgotten(tmp_path: Path) -> None:
    again = "people:\n  - {id: zoe, name: Zoe New}\n"
    with pytest.raises(Refusal, match=rf"line {GOOD.count(chr(10)) + 1}, people: this key stands twice"):
        trust.load(written(tmp_path, GOOD + again))


@pytest.mark.parametrize(
    ("more", "key", "mend"),
    [
        (
            "people:\n  - {id: a, name: A, email: x@y.z}\n  - {id: b, name: B, email: X@y.z}\n",
            "people.1.email",
            "of A above",
        ),
        ("library:\n  - {path: p, audience: s}\n  - {path: ./p, audience: everyone}\n", "library.1.path", "say once"),
        ("groups:\n  - {id: everyone, name: Everybody}\n", "groups.0.id", "whole workspace"),
        (
            "terms:\n  - {name: Autumn, start: 2026-09-01, end: 2026-12-18, "
            "half_term: {start: 2025-10-26, end: 2025-10-30}}\n",
            "terms.0.half_term",
            "does not lie within Autumn",
        ),
        (
            "terms:\n  - {name: Autumn, start: 2026-09-01, end: 2026-12-18}\n"
            "  - {name: Spring, start: 2026-12-01, end: 2027-03-25}\n",
            "terms.1",
            "overlaps a term above",
        ),
    ],
)
def test_what_two_entries_claim_is_refused(tmp_path: Path, more: str, key: str, mend: str) -> None:
    with pytest.raises(Refusal) as refused:
        trust.load(written(tmp_path, f"name: T\nschools:\n  - {{id: s, name: S, phase: primary}}\n{more}"))
    assert f", {key}: " in str(refused.value)
    assert mend in str(refused.value)


def test_one_wrong_entry_is_one_mistake(tmp_path: Path) -> None:
    text = "name: X\nschools:\n  - {id: a, name: A, phase: big}\nretention: {audit: for ever}\n"
    with pytest.raises(Refusal) as refused:
        trust.load(written(tmp_path, text))
    phase, audit = str(refused.value).splitlines()
    assert "line 3, schools.0.phase: 'big' is not known here: write one of" in phase
    assert audit.endswith('line 4, retention.audit: write a number of days, 2 or more, or "keep".')


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "empty"), ("- a\n- b\n", "mapping"), ("name: [\n", "line 2"), ("name: T\nfolder: x\n", "line 2")],
)
def test_what_is_no_trust_file_is_said_to_be_none(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        trust.load(written(tmp_path, text))


def test_a_missing_or_unreadable_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no trust file"):
        trust.load(tmp_path / "trust.yaml")
    (tmp_path / "trust.yaml").write_bytes(b"name: caf\xe9")
    with pytest.raises(Refusal, match="UTF-8"):
        trust.load(tmp_path / "trust.yaml")


def test_an_unknown_audience_lists_those_that_exist(tmp_path: Path) -> None:
    loaded = trust.load(written(tmp_path, GOOD))
    with pytest.raises(Refusal, match="everyone, oakfield, riverside, trustees"):
        loaded.audience("governors")
    assert loaded.audience("everyone") == EVERYONE
    assert Audience.parse("b+a").name == "a+b"


def test_nonsense_dates_and_zones_are_refused_with_a_mend(tmp_path: Path) -> None:
    terms = "terms:\n  - name: Autumn\n    start: 2026-12-18\n    end: 2026-09-02\n"
    with pytest.raises(Refusal, match=r"terms\.0: .*swap the two dates"):
        trust.load(written(tmp_path, GOOD + terms))
    with pytest.raises(Refusal, match="Europe/London"):
        trust.load(written(tmp_path, GOOD + "time_zone: Mars/Olympus\n"))


def test_digests_and_who_reads_returns(tmp_path: Path) -> None:
    path = tmp_path / "trust.yaml"

    def load(text: str) -> trust.Trust:
        path.write_text(text, encoding="utf-8")
        return trust.load(path)

    more = "agenda: [{id: send, name: SEND}]\nreturns: [trustees]\ndigests:\n  - {channel: '#execs', schools: all}\n"
    good = GOOD + more
    found = load(good)
    assert found.digests[0].channel == "execs"
    assert found.digests[0].schools == ()
    assert found.returns == ("trustees",)
    assert load(good + "  - {channel: heads, at: 9:30}\n").digests[1].at.isoformat() == "09:30:00"
    for wrong, why in (
        ("  - {channel: execs}\n", "a channel has one"),
        ("  - {channel: heads, at: '22:00'}\n", "07:45"),
        ("  - {channel: heads, day: saturday}\n", "monday"),
        ("  - {channel: heads, schools: [nowhere]}\n", "not under `schools`"),
        ("  - {channel: heads, items: [parking]}\n", "not under `agenda`"),
    ):
        with pytest.raises(Refusal, match=why):
            load(good + wrong)
    with pytest.raises(Refusal, match="not under `groups`"):
        load(good.replace("returns: [trustees]", "returns: [nobody]"))


@pytest.mark.parametrize("host", ["*", "https://fernhill.example", "*.sharepoint.com"])
def test_hosts_of_links_are_hosts_of_ones_own(tmp_path: Path, host: str) -> None:
    text = "name: X\nschools:\n  - {id: a, name: A, phase: primary}\nlinks: {hosts: [%s]}\n"
    path = tmp_path / "trust.yaml"
    path.write_text(text % '"*.Fernhill.example", fernhill.sharepoint.com')
    assert trust.load(path).links.hosts == ("*.fernhill.example", "fernhill.sharepoint.com")
    path.write_text(text % f'"{host}"')
    with pytest.raises(Refusal, match=r"line 4, links\.hosts: .* is no host of your own: write one such as"):
        trust.load(path)
