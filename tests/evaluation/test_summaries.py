"""On the sample trust: summaries hold more than simple rules do, and known changes between versions are found."""

from __future__ import annotations

import pytest

from knowledge.embedding.encoder import Encoder
from knowledge.passages import OPERATOR
from knowledge.skills.versions.diff import Differences, differences
from tests.evaluation import summaries
from tests.evaluation.__main__ import TODAY
from tests.evaluation.build import Built, build

# Old and new version, then pairs of a few words of a sentence that was and of the one that is: read by eye.
CHANGES = (
    (
        "lettings-policy-2023.pdf", "lettings-policy-2026.md",
        (
            ("£14.00", "£18.00"), ("£28.00", "£34.00"), ("deposit of £50", "deposit of £100"),
            ("least 10 working days", "least 15 working days"), ("£2 million", "£5 million"),
            ("less than 14 days", "less than 7 days"), ("end by 10.30 pm", "end by 11.00 pm"),
            ("All income", "Four fifths"), ("consent of the local governing", "headteacher's written consent"),
        ),
    ),
    (
        "attendance-policy-2023.md", "attendance-policy-2026.md",
        (
            ("96 %", "95.5 %"), ("by 9.00 am", "by 8.30 am"), ("fifth day of unexplained", "third day of unexplained"),
            ("third day of one illness", "fifth day of one illness"), ("two weeks ahead", "four school weeks ahead"),
            ("£120", "£160"), ("eight weeks", "six weeks"), ("After 20 school days", "absent for ten school days"),
            ("first Monday", "every Friday"), ("open at 8.50 am", "open at 8.45 am"),
        ),
    ),
    (
        "behaviour-policy-2022.md", "behaviour-policy-2025.md",
        (
            ("up to 45 minutes", "up to 60 minutes"), ("up to 30 minutes", "no more than 15 minutes"),
            ("six detentions", "four detentions"), ("five consecutive", "two consecutive"),
            ("within three school days", "before the pupil returns"), ("within two working days", "within 24 hours"),
            ("once a term", "every half term"),
        ),
    ),
)  # fmt: skip
DRAFT = ("behaviour-policy-2025.md", "behaviour-policy-2027-draft.md")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Built:
    return build(tmp_path_factory.mktemp("summaries"), encoder, TODAY)


def test_there_are_summaries_of_both_sets_and_each_asks_for_its_own_document() -> None:
    wanted = summaries.load()
    assert len({each.document for each in wanted}) == len(wanted) >= 12
    assert {each.set for each in wanted} == {"fit", "held"}


@pytest.mark.slow
def test_summaries_hold_more_of_what_matters_than_first_sentences_do(built: Built) -> None:
    results = summaries.measure(built)
    assert all(each.right and each.words <= 220 for each in results)
    for name in ("fit", "held"):
        part = [each for each in results if each.wanted.set == name]
        ours = sum(each.facts for each in part)
        assert ours >= sum(each.lead for each in part) + 0.1 * len(part)
        assert ours >= sum(each.sections for each in part) + 0.1 * len(part)


def _compared(built: Built, old: str, new: str) -> Differences:
    by_name = {each.file_name: each for each in built.library.documents(OPERATOR)}
    one, other = by_name[old], by_name[new]
    before, after = (list(built.library.contents(OPERATOR, each.id).values()) for each in (one, other))
    return differences(one, before, other, after)


@pytest.mark.slow
@pytest.mark.parametrize(("old", "new", "known"), CHANGES)
def test_known_changes_are_paired(built: Built, old: str, new: str, known: tuple[tuple[str, str], ...]) -> None:
    changed = [(each.old.text, each.new.text) for each in _compared(built, old, new).changed]
    found = [pair for pair in known if any(pair[0] in was and pair[1] in now for was, now in changed)]
    assert len(found) >= 0.9 * len(known), set(known) - set(found)


@pytest.mark.slow
def test_what_only_one_version_says_is_new_or_gone(built: Built) -> None:
    found = _compared(built, "lettings-policy-2023.pdf", "lettings-policy-2026.md")
    assert any("vaping" in each.text for each in found.new)
    assert any("parking spaces" in each.text for each in found.gone)
    assert not any("unhappy" in each.text or "Equality Act" in each.text for each in (*found.new, *found.gone))
