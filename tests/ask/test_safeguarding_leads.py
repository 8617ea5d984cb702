"""Whom to speak to about a child at risk, out of the trust file."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.ask.safeguarding_leads import lead_line, schools_without, without_number
from bot.config.trust import Trust, load
from bot.errors import Refusal
from tests.conftest import ENCODER_CACHE

TRUST = Trust.model_validate(
    {
        "name": "Alder Trust",
        "schools": [
            {"id": "oak", "name": "Oakfield Primary School", "also": ["Oakfield"], "phase": "primary"},
            {"id": "marsh", "name": "Marsh Lane Academy", "phase": "secondary"},
            {"id": "elm", "name": "Elm Grove School", "phase": "special"},
        ],
        "people": [
            {"id": "dee", "name": "Dee Dale", "roles": ["dsl"], "schools": ["oak"], "phone": "01632 960101"},
            {"id": "des", "name": "Des Dunn", "roles": ["deputy-dsl"], "schools": ["oak"], "phone": "07700 900101"},
            {"id": "di", "name": "Di Drew", "roles": ["deputy-dsl"], "schools": ["oak"]},
            {"id": "lou", "name": "Lou Lane", "roles": ["dsl"], "schools": ["marsh"], "phone": "01632 960102"},
            {"id": "fay", "name": "Fay Field", "schools": ["oak"]},
            {"id": "eli", "name": "Eli East", "schools": ["elm"]},
            {"id": "pat", "name": "Pat Page", "schools": ["oak", "marsh"]},
            {"id": "cat", "name": "Cat Crown", "roles": ["executive"]},
        ],
    }
)
OAK = (
    "Speak now to Dee Dale, designated safeguarding lead at Oakfield: 01632 960101. "
    "Deputies: Des Dunn, 07700 900101; Di Drew."
)
ALL = (
    "Speak now to the designated safeguarding lead. Oakfield: Dee Dale, 01632 960101 · "
    "Marsh Lane Academy: Lou Lane, 01632 960102."
)
TOLD = "a lad said his dad shuts him in the garage"


def line(trust: Trust, asker: str | None, question: str = TOLD) -> str:
    return lead_line(trust, question, trust.person(asker) if asker else None)


def with_people(*people: dict[str, object]) -> Trust:
    known = TRUST.model_dump(mode="json", exclude_defaults=True)
    return Trust.model_validate({**known, "people": [*known["people"], *people]})


def test_the_lead_and_the_deputies_of_ones_own_school() -> None:
    assert line(TRUST, "fay") == OAK


def test_a_school_that_is_named_comes_first() -> None:
    named = line(TRUST, "fay", f"{TOLD} at Marsh Lane Academy")
    assert named == "Speak now to Lou Lane, designated safeguarding lead at Marsh Lane Academy: 01632 960102."
    assert line(TRUST, None, f"at Oakfield {TOLD}") == OAK


@pytest.mark.parametrize("asker", ["cat", "pat", None])
def test_without_one_school_all_are_named_in_a_line(asker: str | None) -> None:
    assert line(TRUST, asker) == ALL


def test_a_school_without_a_lead_has_that_of_the_trust() -> None:
    assert line(TRUST, "eli") == ""
    central = with_people({"id": "tia", "name": "Tia Tor", "roles": ["dsl"], "phone": "01632 960100"})
    assert line(central, "eli") == "Speak now to Tia Tor, 01632 960100, designated safeguarding lead of the trust."
    assert line(central, "fay") == OAK


def test_a_deputy_alone_is_named_as_one() -> None:
    trust = with_people({"id": "ed", "name": "Ed Ely", "roles": ["deputy-dsl"], "schools": ["elm"]})
    assert line(trust, "eli") == "Speak now to Ed Ely, deputy designated safeguarding lead at Elm Grove School."


def test_a_lead_is_told_that_it_is_theirs_and_a_deputy_is_not_sent_to_themselves() -> None:
    assert line(TRUST, "dee") == (
        "You are a designated safeguarding lead at Oakfield, so this is yours to act on now. "
        "To talk it over: Des Dunn, 07700 900101; Di Drew."
    )
    assert line(TRUST, "lou").endswith("so this is yours to act on now.")
    assert "Deputy: Di Drew." in line(TRUST, "des")


def test_a_large_trust_names_that_of_the_trust_or_nobody() -> None:
    schools = [{"id": f"s{n}", "name": f"School {n}", "phase": "primary"} for n in range(9)]
    leads = [{"id": f"d{n}", "name": f"Dee {n}", "roles": ["dsl"], "schools": [f"s{n}"]} for n in range(9)]
    assert line(Trust.model_validate({"name": "T", "schools": schools, "people": leads}), None) == ""
    leads.append({"id": "tia", "name": "Tia Tor", "roles": ["dsl"]})
    large = Trust.model_validate({"name": "T", "schools": schools, "people": leads})
    assert line(large, None) == "Speak now to Tia Tor, designated safeguarding lead of the trust."


def test_what_the_file_lacks_is_known() -> None:
    assert schools_without(TRUST) == ["Elm Grove School"]
    assert without_number(TRUST) == ["Di Drew"]


def test_the_sample_names_a_lead_and_a_deputy_with_numbers_for_each_school() -> None:
    sample = load(Path(__file__).parents[2] / "bot" / "demo" / "sample" / "trust.yaml")
    assert schools_without(sample) == without_number(sample) == []
    assert line(sample, "ella-knox") == (
        "Speak now to Hannah Birtle, designated safeguarding lead at Oakfield: 01632 960101. "
        "Deputy: Claire Dunmore, 07700 900121."
    )


@pytest.mark.parametrize("phone", ["01632 960101", "+44 (0)1632 960101", "01632 960101 ext 12"])
def test_telephone_numbers_as_people_write_them(phone: str) -> None:
    assert with_people({"id": "x", "name": "X Y", "phone": phone}).people[-1].phone == phone


@pytest.mark.parametrize("written", ["ask the office", '"<!channel>"', "x"])
def test_what_is_no_telephone_number_is_refused_with_its_line(tmp_path: Path, written: str) -> None:
    file = tmp_path / "trust.yaml"
    file.write_text(
        "name: T\nschools:\n  - {id: a, name: A, phase: primary}\n"
        f"people:\n  - id: x\n    name: X Y\n    phone: {written}\n"
    )
    with pytest.raises(Refusal, match=r"line 7, people\.0\.phone: .* write its digits in quotes"):
        load(file)


def test_the_doctor_says_which_school_names_no_lead(home: Path) -> None:
    from bot.cli.doctor import examine
    from bot.config.settings import Settings

    file = home / "trust.yaml"
    (home / "encoder").symlink_to(ENCODER_CACHE)
    written = TRUST.model_dump(mode="json", exclude_defaults=True)
    file.write_text(yaml.safe_dump(written))
    found = [each for each in examine(Settings(home=home, trust_file=file)) if each.part == "safeguarding leads"]
    assert [each.state for each in found] == ["note", "note"]
    assert "Elm Grove School" in found[0].seen
    assert "Di Drew" in found[1].seen
