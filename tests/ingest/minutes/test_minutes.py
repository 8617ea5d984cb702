"""Minutes read as a proposal: meeting, actions, decisions, agenda items and matters arising, without a model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.trust import load
from bot.demo.sample import TRUST_FILE
from bot.meetings.notes.proposals import known_of
from ingest.minutes import About, Colleague, KnownNames, Proposal, propose
from ingest.readers.reading import Block, Reading
from tests.evaluation.minutes.measure import quotes

TRUST = known_of(load(TRUST_FILE))
DAY = date(2026, 11, 16)
HEAD = Block("Oakfield SLT minutes, 16 November 2026", "heading", 1, 1)
PRESENT = Block(
    "Present: Claire Dunmore (CD, chair), Hannah Birtle (HB), Imran Yusuf (IY). Clerk: Ruth Ellery.", page=1
)


def read(*blocks: Block | str, known: KnownNames = TRUST, about: About | None = None) -> Proposal:
    """A proposal from the blocks of one meeting's notes."""
    whole = [block if isinstance(block, Block) else Block(block, page=2) for block in blocks]
    notes = Block("1. Notes", "heading", 2, 2)
    return propose(Reading((HEAD, PRESENT, notes, *whole)), about or About("oakfield-slt", "oakfield", DAY), known)


def rows(*texts: str) -> list[Block]:
    """A table whose first row is its header."""
    return [Block(text, "row", page=3, header=at == 0) for at, text in enumerate(texts)]


def said(proposal: Proposal) -> list[tuple[str, tuple[str, ...], str]]:
    """Tasks, owners and due phrases."""
    return [(each.task, tuple(owner.name for owner in each.owners), each.due.phrase) for each in proposal.actions]


def test_the_meeting_is_known_by_body_school_day_and_people() -> None:
    meeting = read("Nothing was said.").meeting
    assert (meeting.body, meeting.school, meeting.date) == ("Oakfield senior leadership team", "oakfield", DAY)
    assert (meeting.chair, meeting.clerk) == ("Claire Dunmore", "Ruth Ellery")
    assert [(each.initials, each.person) for each in meeting.attendees][:2] == [
        ("CD", "claire-dunmore"), ("HB", "hannah-birtle"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "task", "owners", "phrase"),
    [
        ("Action: HB to ring the county by Friday.", "Ring the county", ("Hannah Birtle",), "by Friday"),
        ("ACTION – IY: send the forms, asap", "Send the forms", ("Imran Yusuf",), "asap"),
        ("(Action: CD & HB to plan the fair, 4/12/26)", "Plan the fair", ("Claire Dunmore", "Hannah Birtle"),
         "4/12/26"),
        ("The gate sticks. HB will email the caretaker before half term.", "Email the caretaker", ("Hannah Birtle",),
         "before half term"),
        ("Clerk/Kay Dicken to circulate the plan.", "Circulate the plan.", ("Clerk", "Kay Dicken"), ""),
        ("All to read the policy by the end of term.", "Read the policy", ("All",), "by the end of term"),
        ("Imran agreed to draft the letter, next week.", "Draft the letter, next week.", ("Imran Yusuf",), "next week"),
        ("Three quotes are needed. Action: site manager, by 31 September", "Three quotes are needed.",
         ("site manager",), "by 31 September"),
    ],
)  # fmt: skip
def test_running_text_names_task_owners_and_due(text: str, task: str, owners: tuple[str, ...], phrase: str) -> None:
    assert said(read(text)) == [(task, owners, phrase)]


@pytest.mark.parametrize(
    "text",
    [
        "It was agreed that Year 5 goes to the second sitting.",
        "The Head will continue to meet the nursery each week.",
        "SENDCo may circulate a list.",
        "Action: None",
        "Ms Boyle will be joining in January.",
        "HB reported that the council has painted the lines.",
        "The quorum is three and the meeting was quorate.",
        "Governors were invited to ask questions on the minutes.",
        "The Clerk to the governors sent apologies.",
        "KS2 2025 results were discussed with the School Improvement Partner to the trust.",
    ],
)
def test_what_looks_like_an_action_and_is_none(text: str) -> None:
    assert read(text).actions == ()


def test_an_action_in_table_margin_and_text_is_one() -> None:
    found = read(
        Block("2. Attendance", "heading", 2, 2),
        Block("Nine pupils are below 90 %. HB will telephone their families before Friday. | Action: HB", page=2),
        Block("Actions", "heading", 2, 3),
        *rows("Item | Action | By whom | By when", "2 | Telephone the families of nine pupils | HB | 20/11/26"),
    )
    [action] = found.actions
    assert set(action.found) == {"table", "margin", "text"}
    assert (action.due.date, action.page) == (date(2026, 11, 20), 3)
    assert action.quote == "2 | Telephone the families of nine pupils | HB | 20/11/26"


def test_a_row_whose_owner_and_date_have_two_words_is_one_action() -> None:
    table = rows(
        "Item | Action | By whom | By when",
        "4 | Visit Riverside to see phonics lessons | Eve Stone | 13 November",
    )
    assert said(read(*table)) == [("Visit Riverside to see phonics lessons", ("Eve Stone",), "13 November")]


def test_sub_items_of_one_owner_stay_apart() -> None:
    found = read(
        Block("48. Policies", "heading", 2, 2),
        Block("a. Asset plan – deferred to the next meeting | Action: Clerk", "item", page=2),
        Block("b. Online safety plan – deferred to the next meeting | Action: Clerk", "item", page=2),
    )
    assert [each.item for each in found.actions] == ["48a", "48b"]


def test_a_row_that_lost_its_lines_is_two_actions() -> None:
    found = read(
        Block("Actions", "heading", 2, 3),
        *rows(
            "ITEM | | BY WHOM | BY WHEN",
            "63b | Tell the clerk the final figure Forward the budget to the county | HB/Clerk HB | asap 5/5/27",
        ),
    )
    assert said(found) == [
        ("Tell the clerk the final figure", ("Hannah Birtle", "Clerk"), "asap"),
        ("Forward the budget to the county", ("Hannah Birtle",), "5/5/27"),
    ]


def test_a_broken_table_is_read_all_the_same() -> None:
    found = read(
        Block("Actions", "heading", 2, 3),
        *rows("Item | Action | Ow ner | Dead line", "2 | Ring the county | Han nah B | immedi ately"),
    )
    assert [(each.owners[0].person, each.due.state) for each in found.actions] == [("hannah-birtle", "asap")]


def test_completed_during_the_meeting_is_done() -> None:
    found = read("Action: HB to sign the form (completed during the meeting).", "Action: IY to file it by Friday.")
    assert [each.done for each in found.actions] == [True, False]


def test_matters_arising_close_earlier_actions_and_keep_the_open_ones() -> None:
    found = read(
        Block("3. Matters arising", "heading", 2, 2),
        *rows(
            "Action | Owner | Update",
            "Send the skills audit | Clerk | Completed on 2 October",
            "Three prices for the roof | Site manager | Carried forward",
        ),
    )
    assert [(each.text, each.closed) for each in found.matters] == [
        ("Send the skills audit", True), ("Three prices for the roof", False),
    ]  # fmt: skip
    assert [each.task for each in found.actions] == ["Three prices for the roof"]


def test_decisions_are_sentences_with_their_line() -> None:
    found = read("It was agreed that lettings end at nine. RESOLVED: that £9,000 be spent.", "HT to agree the minutes.")
    assert [each.text for each in found.decisions] == [
        "It was agreed that lettings end at nine.", "RESOLVED: that £9,000 be spent.",
    ]  # fmt: skip
    assert all(each.quote.startswith("It was agreed") and each.page == 2 for each in found.decisions)


def test_items_say_what_went_well_what_is_hard_and_what_is_asked() -> None:
    found = read(
        Block("4. Budget and finance", "heading", 2, 2),
        "Reading has improved. Supply costs are a worry. We would like help with the forecast.",
        Block("5. Wigwam", "heading", 2, 2),
        "Went well: the tent stood.",
    )
    _, finance, other = found.items
    assert (finance.id, other.id, other.heading) == ("finance", None, "Wigwam")
    assert [span.text for span in finance.went_well] == ["Reading has improved."]
    assert [span.text for span in finance.hard] == ["Supply costs are a worry."]
    assert [span.text for span in finance.asks] == ["We would like help with the forecast."]
    assert [span.text for span in other.went_well] == ["the tent stood."]


def test_initials_that_two_people_share_stay_as_written_and_are_asked() -> None:
    found = read("Also present: Ian Yates.", "IY to ring the county.")
    assert [owner.person for owner in found.actions[0].owners] == [None]
    assert said(found)[0][1] == ("IY",)
    assert any("IY" in ask for ask in found.asks)


def test_somebody_who_has_left_stays_as_written() -> None:
    [action] = read("Action: Nora Quick to return the keys.").actions
    assert [(owner.name, owner.person) for owner in action.owners] == [("Nora Quick", None)]


def test_the_next_meeting_is_the_one_that_the_minutes_name() -> None:
    found = read(
        "Action: HB to report to the next meeting.", Block("9. Date of next meeting", "heading", 2, 4), "7 December"
    )
    assert (found.meeting.following, found.actions[0].due.date) == (date(2026, 12, 7), date(2026, 12, 7))


def test_notes_without_date_body_or_trust_file_are_read_and_asked() -> None:
    found = propose(Reading((Block("HT to ring the county by Friday."),)), About(), KnownNames())
    assert "On which day was this meeting?" in found.asks
    assert "Which body met?" in found.asks
    [action] = propose(
        Reading((Block("Notes", "heading", 2), Block("HT to ring the county by Friday."))), About(), KnownNames()
    ).actions
    assert (action.due.date, action.due.certain) == (None, False)


def test_a_person_of_another_school_is_not_taken_for_one_of_this() -> None:
    people = (Colleague("a", "Ann Bell", schools=("elsewhere",)), Colleague("b", "Alan Brown", schools=("oakfield",)))
    [action] = read("Action: AB to ring the county.", known=replace(TRUST, people=people)).actions
    assert [owner.person for owner in action.owners] == ["b"]


def test_a_pack_of_400_pages_is_read() -> None:
    page = [Block(f"{n}. Item", "heading", 2, n) for n in range(1, 401)]
    body = [Block(f"Paper {n}. " + "The board noted the report and its figures. " * 60, page=n) for n in range(1, 401)]
    whole = [block for pair in zip(page, body, strict=True) for block in pair]
    found = read(*whole, "Action: HB to shred the pack by Friday.")
    assert [each.task for each in found.actions] == ["Shred the pack"]


LINES = st.lists(
    st.one_of(
        st.text(max_size=80),
        st.sampled_from(["Action:", "Action: ", "| | |", "HB to", "Present:", "ACTION – ", "All to read. HB", "a. |"]),
    ).filter(lambda text: "\n" not in text and bool(text.strip())),
    max_size=8,
)  # fmt: skip


@given(LINES, st.sampled_from(["paragraph", "item", "row", "heading"]))
def test_no_words_break_it_and_every_quote_stands_in_the_file(lines: list[str], kind: str) -> None:
    blocks = [Block(line, kind, 2 if kind == "heading" else 0) for line in lines]  # type: ignore[arg-type]
    found = read(*blocks)
    texts = {HEAD.text, PRESENT.text, "1. Notes", *lines}
    assert set(quotes(found)) <= texts


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("HB to send the forms to the office EOT.", "EOT"),
        ("HB to ring the county, COP Friday.", "COP Friday"),
        ("HB to update the COP.", ""),
        ("HB to report back in Spr 1.", "in Spr 1"),
        ("HB to return the form by return of email.", "by return of email"),
        ("HB to bring the plan to governors, Sept 26.", "Sept 26"),
        ("HB to find out what staff notice in September.", ""),
        ("HB to say how many staff took part, in September.", "in September"),
        ("HB to ask which books are missing by Friday.", "by Friday"),
    ],
)
def test_the_due_phrase_of_a_sentence_is_its_own_words(text: str, phrase: str) -> None:
    [action] = read(text).actions
    assert action.due.phrase == phrase


@pytest.mark.parametrize(
    ("words", "task"),
    [
        ("There was a discussion on the cost. HB explained the options. She will bring two prices. | Action: HB",
         "Bring two prices."),
        ("The Clerk confirmed that it has begun and governors are asked to let the Clerk know of any wishes. | All",
         "Let the Clerk know of any wishes."),
        ("Skills audit – this had been sent out and the Clerk will share the results. | Action: Clerk",
         "Share the results – skills audit"),
        ("It was agreed that HB should price the fence. There was a discussion on its height. | Action: HB",
         "Price the fence."),
        ("To approve that the catering contract be extended. There was a discussion on allergens. Agreed. | Action: HB",
         "The catering contract be extended"),
        ("To approve the advice of the committee that the yard be painted. Governors asked why. Agreed. | Action: HB",
         "The yard be painted"),
        ("To approve the value return and ensure submission to the county. Various comments were made. Agreed. | HB",
         "Ensure submission to the county: the value return"),
    ],
)  # fmt: skip
def test_an_owner_beside_narration_is_to_do_what_the_line_says_is_to_be_done(words: str, task: str) -> None:
    [action] = read(words).actions
    assert action.task == task


@pytest.mark.parametrize(
    ("text", "task", "owner"),
    [
        ("Hannah Birtle has rung the diocese and has had no reply. She will ring them again.", "Ring them again.",
         "Hannah Birtle"),
        ("Imran Yusuf had sent two models to the office and he will work with them to write a policy.",
         "Work with them to write a policy.", "Imran Yusuf"),
        ("Hannah Birtle rang the diocese. She will follow this up.", "Follow this up: Hannah Birtle rang the diocese",
         "Hannah Birtle"),
        ("Playground – HB will check the funding.", "Check the funding.", "Hannah Birtle"),
        ("The visits were set and HB should speak to the team leader before the end of term.",
         "Speak to the team leader", "Hannah Birtle"),
        ("Action – Julie will advertise in the newsletter.", "Advertise in the newsletter.", "Julie"),
        ("Action: PE Working Group to meet on Friday.", "Meet on Friday.", "PE Working Group"),
    ],
)  # fmt: skip
def test_a_promise_within_a_sentence_or_of_he_and_she_is_an_action(text: str, task: str, owner: str) -> None:
    [action] = read(text).actions
    assert (action.task, [each.name for each in action.owners]) == (task, [owner])


@pytest.mark.parametrize(
    "text",
    [
        "The Head and the Clerk met. They will be on leave.",
        "Governors asked about the hall. It will be painted.",
        "Hannah Birtle said that the school will continue to grow and she will be away in May.",
        "Heads of all schools reported. He will write to parents.",
        "It was agreed that Hannah Birtle should progress the works.",
        "HB should know the rules.",
    ],
)
def test_what_nobody_sure_promises_is_no_action(text: str) -> None:
    assert read(text).actions == ()


def test_what_is_told_and_then_marked_is_one_action() -> None:
    found = read(
        "It is too early to tell and HB will provide comparative data next time.",
        Block("Action HB: comparative data for the autumn", "heading", 3),
    )
    assert len(found.actions) == 1


def test_two_posts_side_by_side_in_a_cell_have_a_task_each() -> None:
    table = rows(
        "Item | Action | By whom | By when",
        "28 | Return to be signed Budget dates to be sent | Chair Clerk | 31/03/2027 asap",
    )
    assert said(read(Block("Actions", "heading", 2, 3), *table)) == [
        ("Return to be signed", ("Chair",), "31/03/2027"), ("Budget dates to be sent", ("Clerk",), "asap"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "row",
    ["[Item] | [Action] | [Name] | xx/xx", "1 | [Insert action] | HB | dd/mm/yy", "2 | Action 1 | | ",
     "3 | ______ | HB | asap", "4 | Click or tap here to enter text. | | ", "5 | [Agenda item e.g. trips, cover] | | ",
     "6 | <task> | <owner> | "],
)  # fmt: skip
def test_a_blank_of_a_form_is_no_action(row: str) -> None:
    assert read(Block("Actions", "heading", 2, 3), *rows("Item | Action | By whom | By when", row)).actions == ()


def test_blanks_beside_a_task_leave_it_without_owner_and_date() -> None:
    table = rows("Item | Action | By whom | By when", "1 | Ring the county | [Name] | xx/xx/xx")
    [action] = read(Block("Actions", "heading", 2, 3), *table).actions
    assert (action.task, action.owners, action.due.state, action.due.certain) == ("Ring the county", (), "none", False)


def test_what_is_no_blank_stays_an_action() -> None:
    found = read(
        "Action: HB to write to [name of parent] by Friday.", "Ring the county. [Action: IY]", "[ ] Clerk to file it."
    )
    assert [owner.name for each in found.actions for owner in each.owners] == ["Hannah Birtle", "Imran Yusuf", "Clerk"]


def test_an_agendas_empty_columns_move_no_words() -> None:
    table = rows("Agenda item | Priority | Actions and communication | Who / when?",
                 "Line management and cover | Every Tuesday | Any items to be put here: • [Item]")  # fmt: skip
    assert read(*table).actions == ()


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("To approve that the yard be painted. There was a discussion on colours. Agreed.",
         "To approve that the yard be painted. Agreed."),
        ("The PTA are to be thanked and governors agreed that the funds may be spent.",
         "The PTA are to be thanked and governors agreed that the funds may be spent."),
        ("Terms of reference agreed and to be placed on the agenda.",
         "Terms of reference agreed and to be placed on the agenda."),
        ("It was agreed that pupils may be admitted in May.", "It was agreed that pupils may be admitted in May."),
        ("Ratified: first aid policy and uniform policy.", "Ratified: first aid policy and uniform policy."),
        ("Lettings: recommended to FGB for ratification.", "Lettings: recommended to FGB for ratification."),
    ],
)  # fmt: skip
def test_a_decision_is_told_with_what_it_is_about(text: str, decision: str) -> None:
    assert [each.text for each in read(text).decisions] == [decision]


@pytest.mark.parametrize(
    "text",
    [
        "Ann Bell sent apologies, which were accepted.",
        "Apologies were received from Ann Bell and accepted.",
        "The meeting was not quorate, so the minutes could not be approved.",
        "If the request cannot be approved, the head will meet the teacher.",
        "Short changes may be agreed with the line manager.",
        "Action – Recommend that the finance policy be adopted.",
        "It was agreed that [insert what was agreed].",
        "HB to send the list to the office.",
        "Bank balance to be confirmed, accounts to be prepared.",
    ],
)
def test_what_looks_like_a_decision_and_is_none(text: str) -> None:
    assert read(text).decisions == ()


def test_lettered_outcomes_of_one_line_are_decisions_each() -> None:
    found = read("a. Uniform policy: approved. b. Complaints policy: deferred. c. Lettings policy: approved.")
    assert [each.text for each in found.decisions] == ["Notes: Uniform policy: approved.", "Lettings policy: approved."]


def test_the_word_action_alone_after_a_sentence_marks_it() -> None:
    found = read("The minutes belong under Governors. It was agreed that Hannah Birtle would do this. ACTION")
    assert said(found) == [("Do this: The minutes belong under Governors", ("Hannah Birtle",), "")]
    assert [each.text for each in found.decisions] == ["It was agreed that Hannah Birtle would do this."]


def test_a_promise_under_matters_arising_is_an_action_and_a_closed_one_is_none() -> None:
    found = read(
        Block("3. Matters arising", "heading", 2, 2),
        "Supervisor for the yard – HB will check the funding.",
        "Reading corner – IY agreed to ask the PTA. Actioned.",
        "IY to send the skills audit.",
    )
    assert said(found) == [("Check the funding.", ("Hannah Birtle",), "")]


def test_a_bracket_says_the_task() -> None:
    found = read(Block("Actions", "heading", 2, 3), Block("Speakers for parents (HB to find two)", "item", page=3))
    assert said(found) == [("Find two – Speakers for parents", ("Hannah Birtle",), "")]


def test_initials_with_a_surname_own_what_they_stand_beside() -> None:
    found = read(Block("Actions", "heading", 2, 3), Block("Website updated (PMcWatt/SKelly)", "item", page=3))
    assert said(found) == [("Website updated", ("PMcWatt", "SKelly"), "")]


def test_of_two_due_phrases_the_certain_one_is_taken() -> None:
    found = read("HB to bring a breakdown by year to governors by Friday.")
    assert (found.actions[0].due.phrase, found.actions[0].due.certain) == ("by Friday", True)


def test_a_number_that_a_narrow_column_broke_still_joins_table_and_margin() -> None:
    found = read(
        Block("Actions", "heading", 2, 3),
        *rows("Item | Action | By whom | By when", "16/262 7 | Check the asset list | HB | asap"),
        Block("16/2627 Assets", "heading", 2, 3),
        Block("The asset list was looked at. | Action: HB", page=3),
    )
    assert [each.task for each in found.actions] == ["Check the asset list"]


def test_two_initials_side_by_side_in_a_margin_are_two_people_with_a_task_each() -> None:
    found = read("The website was shown. HB agreed to look into its use. IY to send the licence to the county. | HB IY")
    assert said(found) == [
        ("Look into its use.", ("Hannah Birtle",), ""), ("Send the licence to the county.", ("Imran Yusuf",), ""),
    ]  # fmt: skip


def test_what_is_yet_to_be_done_is_taken_before_what_is_told() -> None:
    [action] = read("Action points were updated. Board to be reviewed. Minutes are now on the website. | HB").actions
    assert action.task == "Board to be reviewed."


@pytest.mark.parametrize(
    ("text", "task", "owner"),
    [
        ("Mrs. Emily Clark to manage the book sale.", "Manage the book sale.", "Mrs. Emily Clark"),
        ("A governor has resigned, therefore the Clerk will organise an election.", "Organise an election.", "Clerk"),
        ("8. (ii) Development Governor to update the visit form – outstanding ACTION", "Update the visit form",
         "Development Governor"),
    ],
)  # fmt: skip
def test_titles_turns_and_numbers_hide_no_owner(text: str, task: str, owner: str) -> None:
    [action] = read(text).actions
    assert (action.task, [each.name for each in action.owners]) == (task, [owner])


@pytest.mark.parametrize(
    "told",
    ["Playground update. The trim trail comes on 30 June 2015.",
     "The minutes of the meeting held on 22 April 2015 have been agreed. The trail comes on 30 June 2015."],
)  # fmt: skip
def test_the_meetings_day_is_that_of_its_title_and_no_other(told: str) -> None:
    blocks = (Block("Minutes for the Parent Council Meeting 8th June 2015", "heading", 1), Block(told))
    assert propose(Reading(blocks), About(), KnownNames()).meeting.date == date(2015, 6, 8)
