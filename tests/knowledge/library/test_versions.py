"""Which version of a document is in force."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.library.versions import in_force, number
from knowledge.passages import EVERYONE, Audience, Document, Kind, Status

GOVERNORS = Audience(frozenset({"governors"}))


def version(
    ident: str,
    when: date | None = None,
    *,
    kind: Kind = Kind.POLICY,
    label: str | None = None,
    status: Status = Status.APPROVED,
    audience: Audience = EVERYONE,
    family: str = "policy/-/behaviour",
) -> Document:
    return Document(ident, ident, ident, ident, kind, audience, family, date=when, version=label, status=status)


def standing(*documents: Document, today: date | None = None) -> set[str]:
    return {ident for ident, stands in in_force(documents, today).items() if stands}


def test_the_latest_approved_version_is_in_force() -> None:
    assert standing(version("old", date(2019, 9, 1)), version("new", date(2021, 9, 1))) == {"new"}


def test_each_family_is_judged_by_itself() -> None:
    other = version("other", date(2015, 1, 1), family="policy/-/lettings")
    assert standing(version("old", date(2019, 9, 1)), other, version("new", date(2021, 9, 1))) == {"new", "other"}


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUPERSEDED])
def test_a_later_draft_or_a_withdrawn_version_replaces_nothing(status: Status) -> None:
    assert standing(version("old", date(2019, 9, 1)), version("new", date(2021, 9, 1), status=status)) == {"old"}


def test_a_draft_alone_is_not_in_force() -> None:
    assert standing(version("only", status=Status.DRAFT)) == set()


def test_version_numbers_decide_where_dates_do_not() -> None:
    day = date(2021, 9, 1)
    assert standing(version("two", day, label="v2.10"), version("one", day, label="2.9")) == {"two"}
    assert standing(version("two", label="2"), version("one", label="1.5")) == {"two"}


def test_where_no_order_can_be_told_both_stand() -> None:
    assert standing(version("dated", date(2021, 9, 1)), version("undated")) == {"dated", "undated"}
    assert standing(version("one"), version("copy")) == {"one", "copy"}
    assert standing(version("numbered", label="3"), version("dated", date(2021, 9, 1))) == {"numbered", "dated"}


@pytest.mark.parametrize("kind", [Kind.MINUTES, Kind.AGENDA, Kind.REPORT])
def test_minutes_agendas_and_reports_stand_for_themselves(kind: Kind) -> None:
    early = version("early", date(2019, 9, 1), kind=kind, status=Status.DRAFT)
    assert standing(early, version("late", date(2021, 9, 1), kind=kind)) == {"early", "late"}


def test_a_version_that_fewer_may_read_does_not_replace_the_one_that_all_may_read() -> None:
    wide, narrow = version("wide", date(2019, 9, 1)), version("narrow", date(2021, 9, 1), audience=GOVERNORS)
    assert standing(wide, narrow) == {"wide", "narrow"}
    assert standing(version("wide", date(2021, 9, 1)), version("narrow", date(2019, 9, 1), audience=GOVERNORS)) == {
        "wide"
    }


def test_a_version_of_tomorrow_replaces_nothing_today() -> None:
    now, coming = version("now", date(2025, 9, 1)), version("coming", date(2026, 9, 1))
    assert standing(now, coming, today=date(2026, 7, 1)) == {"now"}
    assert standing(now, coming, today=date(2026, 9, 1)) == {"coming"}


def test_calendars_of_other_years_stand_until_they_are_over() -> None:
    years = [version(str(year), date(year, 9, 1), kind=Kind.CALENDAR) for year in (2024, 2025, 2026, 2027)]
    assert standing(*years) == {"2024", "2025", "2026", "2027"}
    assert standing(*years, today=date(2026, 11, 22)) == {"2026", "2027"}


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("2.10", (2, 10)),
        ("v3", (3,)),
        ("Version 2", (2,)),
        ("March 2021", None),
        ("2021", None),
        ("final", None),
        (None, None),
    ],
)
def test_a_version_number_is_told_from_a_year(label: str | None, expected: tuple[int, ...] | None) -> None:
    assert number(label) == expected
