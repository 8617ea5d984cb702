"""The picture of a pulse, and the same in words."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from datetime import date
from itertools import combinations, pairwise

import pytest
from PIL import Image

from bot.pulse.model import STATEMENTS, Choice, Response, Statement
from bot.pulse.results import picture
from bot.pulse.results.picture import Shown, alt_text, png
from bot.pulse.results.publish import Figures, figures
from tests.pulse.conftest import drawn

OWN = Statement("own-1", None, "The minibus helps.")


def _shown(count: int, month: int) -> Shown:
    dice = random.Random(month)
    responses = [Response(frozenset(), (*drawn(dice), Choice.AGREE)) for _ in range(count)]
    return Shown(date(2026, month, 8), figures(responses, 11))


@pytest.mark.parametrize("waves", [(_shown(31, 2),), (_shown(31, 2), _shown(12, 5), _shown(44, 11))])
def test_the_picture_is_as_wide_as_a_phone_shows_sharply(waves: Sequence[Shown]) -> None:
    with Image.open(io.BytesIO(png("Reading across the hub", (*STATEMENTS, OWN), waves))) as drawn_:
        assert drawn_.format == "PNG"
        assert drawn_.width == 1080
        grey = drawn_.convert("L").resize((54, 120)).getextrema()
    assert grey[0] < 140 < 250 < grey[1]


def test_a_withheld_statement_is_drawn_and_told_as_not_shown() -> None:
    whole = _shown(31, 2).figures
    part = Shown(date(2026, 2, 8), Figures(31, (None, *whole.statements[1:])))
    assert png("Reading", (*STATEMENTS, OWN), [part]).startswith(b"\x89PNG")
    said = alt_text("Reading", (*STATEMENTS, OWN), [part])
    assert f"{STATEMENTS[0].about('Reading')} Not shown." in said
    assert "Purpose:" not in said


def test_the_words_hold_every_figure_and_fit_slacks_limit() -> None:
    waves = [_shown(31, 2), _shown(44, 11)]
    said = alt_text("Reading across the hub", (*STATEMENTS, OWN), waves)
    assert len(said) <= 2000
    for statement, figure in zip((*STATEMENTS, OWN), waves[-1].figures.statements, strict=True):
        assert figure is not None
        shares = "/".join(map(str, (*figure.shares[1:], figure.shares[0])))
        wording = statement.about("Reading across the hub")
        assert f"{wording} {figure.percent} % ({figure.low} to {figure.high}): {shares}." in said
    assert "Weakest test: " in said
    assert "since the last wave: no clear change" in said


def test_a_long_name_is_said_once_where_slacks_limit_asks_for_it() -> None:
    name = "Reading, writing and oracy together across the northern hub of the trust"
    said = alt_text(name, (*STATEMENTS, OWN), [_shown(31, 2), _shown(44, 11)])
    assert len(said) <= 2000
    assert said.count(name) == 1


def test_below_twenty_no_change_is_called() -> None:
    said = alt_text("Reading", (*STATEMENTS, OWN), [_shown(31, 2), _shown(12, 11)])
    assert said.count("too few to call a change") == 5


def test_neighbouring_colours_differ_in_lightness_for_every_eye() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2

    order = list(picture.COLOURS.values())
    light = [lightness(each) for each in order]
    assert all(abs(one - other) > 0.1 for one, other in pairwise(light))
    assert len({each for pair in combinations(order, 2) for each in pair}) == 6
