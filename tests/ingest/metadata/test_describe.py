"""What a document is, from what is declared of it and from its own first page and name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.metadata.describe import FolderRule, describe
from ingest.readers.reading import Block, Reading, Unreadable
from knowledge.library.versions import in_force
from knowledge.passages import EVERYONE, Audience, Document, Kind, Names, Status

NAMES = Names(
    "Elmfield Trust",
    {
        "thorn": ("Thornbury Primary School", "Thornbury"),
        "lea": ("Lea Valley Academy", "Lea Valley"),
        "lea-infants": ("Lea Valley Infant School", "Lea Infants"),
    },
    {"exec": ("Executive Team", "Exec"), "thorn-lgb": ("Thornbury Governing Body",)},
)
RULE = FolderRule(EVERYONE)
Say = Callable[..., Document]


@pytest.fixture
def say(tmp_path: Path) -> Say:
    """Describe a file of this name that reads as these lines (cells of a row parted by ` | `)."""

    def describing(
        name: str,
        *lines: str,
        title: str | None = None,
        rule: FolderRule = RULE,
        names: Names = NAMES,
        sidecar: str = "",
        **properties: str,
    ) -> Document:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines), "utf-8")
        if sidecar:
            path.with_name(f"{path.name}.yaml").write_text(sidecar, "utf-8")
        blocks = tuple(Block(line, "row" if " | " in line else "paragraph") for line in lines)
        reading = Reading(blocks or (Block("words"),), title=title, properties=properties)
        return describe(path, reading, rule, names, tmp_path)

    return describing


@pytest.mark.parametrize(
    ("lines", "began", "review"),
    [
        (("Date approved: 12/5/20", "Review date: Spring 2023"), (2020, 5, 12), (2023, 4, 15)),
        (("Approved by FGB 12th May 2020", "Date of next review May 2022"), (2020, 5, 12), (2022, 5, 31)),
        (("DATE OF ADOPTION: March 2021", "DATE OF NEXT REVIEW: MARCH 2022"), (2021, 3, 1), (2022, 3, 31)),
        (("DATE OF REVIEW: April 2018", "DATE OF NEXT REVIEW: July 2021"), (2018, 4, 1), (2021, 7, 31)),
        (("Approved by | Date | Next review", "The board | 12 May 2021 | May 2023"), (2021, 5, 12), (2023, 5, 31)),
        (("Approved by: | The board | Date: 2/9/24", "Next review due by: | June 2026"), (2024, 9, 2), (2026, 6, 30)),
        (("Reviewed: May 2019, May 2020, June 2021", "Next review due: May 2022"), (2021, 6, 1), (2022, 5, 31)),
        (("Elmfield Trust Approved by the board, 9 May 2025. To be reviewed May 2027.",), (2025, 5, 9), (2027, 5, 31)),
        (("Adopted: Nov 19", "Review: Nov 21"), (2019, 11, 1), (2021, 11, 30)),
        (("This policy was adopted by the governors on 3.9.21",), (2021, 9, 3), None),
        (("Effective from 1 September 2024. It replaces the policy of 2019.",), (2024, 9, 1), None),
        (("Version | Date | Change", "1.0 | Sept 2018 | First", "2.0 | Sept 2023 | Law"), (2023, 9, 1), None),
        (("September 2025",), (2025, 9, 1), None),
        (("Academic year 2025-26",), (2025, 9, 1), None),
        (("TO BE REVIEWED BY: Learning Committee", "We follow the Act of 2010 and guidance of May 2022."), None, None),
    ],
)
def test_dates_beside_their_labels(
    say: Say, lines: tuple[str, ...], began: tuple[int, int, int] | None, review: tuple[int, int, int] | None
) -> None:
    document = say("behaviour.pdf", "Behaviour Policy", *lines)
    assert (document.date, document.review) == (began and date(*began), review and date(*review))


@pytest.mark.parametrize(
    ("name", "began", "version"),
    [
        ("lettings-policy-2021-03.pdf", date(2021, 3, 1), "March 2021"),
        ("2018-lettings-policy.pdf", date(2018, 1, 1), "2018"),
        ("Lettings Policy Sept 24.docx", date(2024, 9, 1), "September 2024"),
        ("lettings_policy_v2.1_final.docx", None, "2.1"),
        ("2019-2022-lettings-policy.pdf", date(2019, 1, 1), "2019-2022"),
        ("lettings-policy.pdf", None, None),
    ],
)
def test_a_file_name_dates_what_its_pages_do_not(say: Say, name: str, began: date | None, version: str | None) -> None:
    document = say(name, "Lettings Policy", "Rooms may be hired.")
    assert (document.date, document.version, document.kind) == (began, version, Kind.POLICY)


def test_the_first_page_wins_over_the_file_name(say: Say) -> None:
    assert say("2021-uniform-policy.pdf", "Uniform Policy", "Adopted: May 2019").date == date(2019, 5, 1)


@pytest.mark.parametrize(
    ("name", "title", "kind"),
    [
        ("complaints policy form.docx", "Complaint form", Kind.FORM),
        ("minutes of the policy committee.docx", None, Kind.MINUTES),
        ("report on the action plan.docx", None, Kind.REPORT),
        ("scheme-of-delegation-2025.pdf", None, Kind.POLICY),
        ("term-dates-2022-2023.pdf", None, Kind.CALENDAR),
        ("privacy-notice-visitors.pdf", None, Kind.NOTICE),
        ("Accessibility_Plan.pdf", None, Kind.PLAN),
        ("staffHandbook.pdf", None, Kind.GUIDANCE),
        ("leadership_weekly_agenda.docx", None, Kind.AGENDA),
        ("heads meeting 5.11.25.docx", None, Kind.MINUTES),
        ("x.docx", "Wellbeing charter", Kind.POLICY),
        ("guidance notes on trips.docx", None, Kind.GUIDANCE),
        ("minutes/5.11.25.docx", None, Kind.MINUTES),
        ("photo.pdf", None, Kind.OTHER),
    ],
)
def test_the_kind_is_the_head_of_the_name(say: Say, name: str, title: str | None, kind: Kind) -> None:
    assert say(name, "Some words.", title=title).kind is kind


def test_minutes_are_known_by_their_marks_and_named_by_body_and_day(say: Say) -> None:
    document = say(
        "full-board-meeting-29.3.21.pdf",
        "THORNBURY PRIMARY SCHOOL BOARD OF GOVERNORS",
        "COMMITTEE Full Governing Body DATE 29/03/2021",
        "Attendance: A, B. Apologies: C. Clerk: D. Matters arising from the minutes of the last meeting.",
        title="THORNBURY PRIMARY SCHOOL BOARD OF GOVERNORS",
    )
    assert (document.kind, document.school, document.body) == (Kind.MINUTES, "thorn", "Full Governing Body")
    assert document.date == date(2021, 3, 29)
    assert document.title == "Thornbury Primary School Full Governing Body minutes, 29 March 2021"


@pytest.mark.parametrize(
    ("lines", "body", "day"),
    [
        (("Minutes of the Executive Team", "Monday 3rd March 2025, 9.00 am"), "exec", (2025, 3, 3)),
        (
            ("BOARD OF GOVERNORS", "COMMITTEE; Estates Committee DATE; 25/01/2021 28/09/2020"),
            "Estates Committee",
            (2021, 1, 25),
        ),
        (("COMMITTEE Learning & Growth Committee DATE 08/03/2021",), "Learning and Growth Committee", (2021, 3, 8)),
        (
            ("Minutes of the previous meeting held on 7 July 2020", "Held on 13th October 2020", "LGB"),
            "Local Governing Body",
            (2020, 10, 13),
        ),
        (("Date of next meeting: 3/2/26", "Trust Board", "Date of meeting: 24/11/25"), "Trust Board", (2025, 11, 24)),
    ],
)
def test_the_meetings_day_is_not_that_of_another_meeting(
    say: Say, lines: tuple[str, ...], body: str, day: tuple[int, int, int]
) -> None:
    document = say("minutes.pdf", *lines)
    assert (document.body, document.date) == (body, date(*day))


def test_six_digits_in_a_name_are_read_as_the_page_bears_out(say: Say) -> None:
    assert say("minutes 210125.pdf", "Meeting", "We met in the hall.", "So agreed on 25 January 2021.").date == date(
        2021, 1, 25
    )
    assert say("minutes 210125.pdf", "Meeting", "We met in the hall.").date is None


@pytest.mark.parametrize(
    ("name", "lines", "status"),
    [
        ("policy.docx", ("Uniform Policy", "DRAFT for consultation"), Status.DRAFT),
        ("draft uniform policy.docx", ("Uniform Policy",), Status.DRAFT),
        ("drafts/uniform policy.docx", ("Uniform Policy",), Status.DRAFT),
        (
            "uniform policy.docx",
            ("Uniform Policy", "This policy has been superseded by that of 2024"),
            Status.SUPERSEDED,
        ),
        ("uniform policy.docx", ("Uniform Policy", "This policy supersedes that of 2021"), Status.APPROVED),
        ("archive/uniform policy.docx", ("Uniform Policy",), Status.SUPERSEDED),
        ("uniform policy OLD.docx", ("Uniform Policy",), Status.SUPERSEDED),
        (
            "uniform policy.docx",
            ("Uniform Policy", "Drafts are seen by the governors before they vote."),
            Status.APPROVED,
        ),
    ],
)
def test_the_status_as_name_and_page_say_it(say: Say, name: str, lines: tuple[str, ...], status: Status) -> None:
    assert say(name, *lines).status is status


@pytest.mark.parametrize(
    ("name", "written", "lines", "title"),
    [
        ("2020-lettings-policy.pdf", None, ("Rooms", "Letting Policy"), "Letting Policy"),
        (
            "2021-health-safety-policy.pdf",
            "THE OTHER SCHOOL",
            ("HEALTH AND SAFETY", "(H&S) POLICY"),
            "Health and Safety (H&S) Policy",
        ),
        ("wellbeing-charter.docx", "Wellbeing", ("Wellbeing", "Charter"), "Wellbeing Charter"),
        ("streamline meetings.pptx", "DfE presentation template", ("Reducing workload",), "Streamline meetings"),
        ("2019-2022-accessibility-plan.pdf", "Microsoft Word - x.doc", (), "Accessibility plan 2019-2022"),
        ("kcsie.pdf", "Keeping children safe", ("Statutory guidance",), "Keeping children safe"),
        ("x.docx", None, ("Thornbury Primary School", "Charging Policy"), "Charging Policy"),
        ("term-dates-2022-23.pdf", "Contents", ("M 5 12 19",), "Term dates 2022-23"),
    ],
)
def test_the_title_makes_sense(say: Say, name: str, written: str | None, lines: tuple[str, ...], title: str) -> None:
    assert say(name, *lines, title=written).title == title


@pytest.mark.parametrize(
    "name",
    [
        "behaviour-policy-2019.pdf",
        "Behaviour Policy 2021-22.docx",
        "Copy of Behaviour policy (1).pdf",
        "behaviour_policy_v2_FINAL.pdf",
        "draft behaviour policy.docx",
        "Behaviour Policy Sept 24 approved.pdf",
        "The Behaviour Policy (draft for comment).docx",
        "Thornbury Primary School Behaviour Policy.pdf",
        "BEHAVIOUR POLICY - Spring 2020.pdf",
        "behaviour policy 12.5.20.pdf",
    ],
)
def test_versions_of_one_policy_are_one_family(say: Say, name: str) -> None:
    thornbury = FolderRule(EVERYONE, school="thorn")
    first = say("behaviour policy.pdf", "Our rules.", rule=thornbury)
    assert say(name, "Our rules.", rule=thornbury).family == first.family


@pytest.mark.parametrize(
    "name",
    [
        "behaviour policy for staff 2021.pdf",
        "positive behaviour policy.pdf",
        "behaviour plan.pdf",
        "behaviour policy form.docx",
        "behaviour policy year 2.pdf",
        "behaviour policy appendix 1.pdf",
        "example behaviour policy.pdf",
        "behaviour policy summary.pdf",
    ],
)
def test_policies_that_are_only_alike_are_kept_apart(say: Say, name: str) -> None:
    assert say(name, "Our rules.").family != say("behaviour policy 2020.pdf", "Our rules.").family


def test_the_same_policy_of_two_schools_is_two_families(say: Say) -> None:
    listed = {
        say("behaviour policy.pdf", school, "Behaviour Policy").family
        for school in ("Thornbury Primary School", "Lea Valley Academy")
    }
    nobody = Names()
    unlisted = {
        say("behaviour policy.pdf", school, "Behaviour Policy", names=nobody).family
        for school in ("Hill Top Primary School", "Marsh Lane Infant School", "Trust policy")
    }
    assert (len(listed), len(unlisted)) == (2, 3)


def test_several_years_of_one_policy_leave_the_latest_approved_in_force(say: Say) -> None:
    old = say("uniform-policy-2019.pdf", "Uniform Policy", "Adopted: May 2019")
    now = say("uniform-policy-2022.pdf", "Uniform Policy", "Adopted: June 2022")
    draft = say("uniform-policy-2024-draft.docx", "Uniform Policy", "Adopted: June 2024")
    assert in_force([old, now, draft]) == {old.id: False, now.id: True, draft.id: False}


def test_minutes_of_one_committee_are_each_a_family(say: Say) -> None:
    one, other = (say(f"exec minutes {day}.docx", "Executive Team") for day in ("3.3.25", "10.3.25"))
    assert one.family != other.family
    assert one.in_force
    assert other.in_force


@pytest.mark.parametrize(
    ("lines", "school"),
    [
        (("Thornbury Primary School", "Trips"), "thorn"),
        (("Lea Valley Infant School", "Trips"), "lea-infants"),
        (("Trips", "We learned from Thornbury how to do it."), None),
        (("Trips", "Thornbury Primary School and Lea Valley Academy"), None),
        (("Trips", "School | Lead", "1. Who", "Thornbury Primary School | AB", "Lea Valley Academy | CD"), None),
    ],
)
def test_the_school_is_the_one_at_the_head(say: Say, lines: tuple[str, ...], school: str | None) -> None:
    assert say("trips policy.docx", *lines).school == school


def test_front_matter_beats_the_sidecar_beats_the_folder_beats_the_page(say: Say) -> None:
    rule = FolderRule(EVERYONE, kind=Kind.GUIDANCE, school="lea", status=Status.DRAFT)
    sidecar = "title: From the sidecar\nkind: report\nschool: Thornbury\nreview: Spring 2027\nversion: 2.10\n"
    lines = ("Uniform Policy", "Adopted: May 2019", "Next review: May 2021")
    document = say("uniform policy.md", *lines, rule=rule, sidecar=sidecar, title="Front", kind="plan", date="5/4/2022")
    assert (document.title, document.kind, document.date) == ("From the sidecar", Kind.PLAN, date(2022, 4, 5))
    assert (document.school, document.version, document.review) == ("thorn", "2.10", date(2027, 4, 15))
    assert document.status is Status.DRAFT


def test_a_pdfs_own_properties_are_no_front_matter(say: Say) -> None:
    assert say("uniform policy.pdf", "Uniform Policy", kind="nonsense", status="final").kind is Kind.POLICY


@pytest.mark.parametrize(
    ("sidecar", "said"),
    [
        ("title: A\nkind: polisy\n", r"b\.pdf\.yaml, line 2, kind: 'polisy' is no kind of document: write one of"),
        ("titel: A\n", r"line 1, titel: this key is not known here\. Known are title, kind"),
        ("date: sometime\n", r"line 1, date: 'sometime' is no date"),
        ("kind: policy\nschool: Nowhere\n", r"line 2, school: 'Nowhere' is no school of the trust file"),
        ("url: www.example.org\n", r"line 1, url: is no web address"),
        ("status: [a, b]\n", r"line 1, status: "),
        ("kind: 'policy\n", r"line \d+: this is not valid YAML"),
        ("- kind\n", r"line 1: write one `key: value` a line"),
        ("x: &a [1]\ny: [*a, *a]\n", r"line 1, x: this key is not known"),
    ],
)
def test_a_mistake_in_a_sidecar_is_named_by_line_and_key(say: Say, sidecar: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        say("b.pdf", "Words.", sidecar=sidecar)


def test_a_mistake_in_front_matter_is_named_by_key_and_other_keys_are_passed_over(say: Say) -> None:
    assert say("b.md", "Words.", tags="x", layout="y").kind is Kind.OTHER
    with pytest.raises(Unreadable, match="its front matter, kind: 'polisy' is no kind"):
        say("b.md", "Words.", kind="polisy")


def test_an_empty_sidecar_says_nothing(say: Say) -> None:
    assert say("uniform policy.pdf", "Uniform Policy", sidecar="# nothing yet\n").kind is Kind.POLICY


def test_a_declared_audience_may_narrow_the_folders_but_never_widen_it(say: Say) -> None:
    governors = FolderRule(Audience(frozenset({"governors", "exec"})))
    assert say("a.pdf", "Words.", sidecar="audience: exec\n").audience.name == "exec"
    assert say("b.pdf", "Words.", sidecar="audience: [exec]\n", rule=governors).audience.name == "exec"
    with pytest.raises(Unreadable, match="wider than its folder's"):
        say("c.pdf", "Words.", sidecar="audience: everyone\n", rule=governors)


def test_a_declared_family_joins_what_no_rule_would(say: Say) -> None:
    one = say("anti-bullying.pdf", "Anti-Bullying Policy", sidecar="family: bullying\n")
    other = say("respect policy.pdf", "Respect Policy", sidecar="family: bullying\n")
    assert one.family == other.family == "bullying"


def test_a_document_keeps_its_id_as_long_as_it_stays_where_it_is(say: Say) -> None:
    before, after = say("a.pdf", "Old words."), say("a.pdf", "New words.")
    assert before.id == after.id
    assert replace(before, family=after.family) == after
    assert say("other/a.pdf", "Old words.").id != before.id


@given(
    name=st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/"), min_size=1, max_size=60),
    lines=st.lists(st.text(max_size=120), max_size=8),
    title=st.none() | st.text(max_size=60),
)
def test_any_words_are_described_without_an_error(name: str, lines: list[str], title: str | None) -> None:
    blocks = tuple(Block(line, "row" if " | " in line else "paragraph") for line in lines)
    path = Path("/nowhere") / f"{name}.pdf"
    document = describe(path, Reading(blocks, title=title), RULE, NAMES, path.parent)
    assert document.title.strip()
    assert document.family
