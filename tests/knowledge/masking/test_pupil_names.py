"""Likely pupils' names go, the same pupil is the same letter, and adults stay."""

from __future__ import annotations

from knowledge.masking.pupil_names import Masker

MASKER = Masker(["Hannah Birtle", "Leo Marsh"])


def test_a_pupil_has_one_letter_throughout_a_document() -> None:
    found = MASKER.mask(
        [
            "Zara Quill in Year 5 was suspended. Ben Oduya (Y6) was excluded for a day.",
            "Ben came back on Monday. Zara's mother was told. Zara Quill's attendance is good.",
        ]
    )
    assert found.texts == (
        "Pupil A in Year 5 was suspended. Pupil B (Y6) was excluded for a day.",
        "Pupil B came back on Monday. Pupil A's mother was told. Pupil A's attendance is good.",
    )
    assert (found.count, found.people) == (5, 2)


def test_letters_that_the_document_uses_already_are_not_given_again() -> None:
    found = MASKER.mask(["Pupil A was excluded. Zara Quill in Year 5 was suspended."])
    assert found.texts == ("Pupil A was excluded. Pupil B in Year 5 was suspended.",)


def test_names_of_staff_stay_and_a_pupil_may_share_a_first_name() -> None:
    text = "Leo Marsh leads on behaviour. Leo Tandy in Year 3 was suspended."
    assert MASKER.mask([text]).texts == ("Leo Marsh leads on behaviour. Pupil A in Year 3 was suspended.",)


def test_without_a_concern_nothing_is_masked() -> None:
    text = "Zara Quill in Year 5 won the poetry cup."
    assert MASKER.mask([text]).texts == (text,)
    assert MASKER.mask([text]).count == 0


def test_a_question_may_be_typed_in_small_letters() -> None:
    assert MASKER.question("can liam carter in year 5 be excluded for biting") == (
        "can Pupil A in year 5 be excluded for biting",
        1,
    )


def test_masking_twice_changes_nothing_more() -> None:
    once = MASKER.question("Zara Quill (Y5) has asthma, and Ben Oduya in Year 6 has an EHCP")[0]
    assert MASKER.question(once) == (once, 0)


def test_more_than_twenty_six_pupils_have_letters() -> None:
    names = [f"Liam {chr(65 + n // 26)}{chr(97 + n % 26)}sson" for n in range(30)]
    found = MASKER.mask([f"{name} in Year 5 was suspended." for name in names])
    assert found.people == 30
    assert "Pupil AD in Year 5" in found.texts[-1]
