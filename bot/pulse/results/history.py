"""Reads what was published of waves, beside that of the waves before."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.pulse import model, register, store
from bot.pulse.model import Wave
from bot.pulse.results.picture import Shown
from bot.pulse.results.publish import Figures
from bot.pulse.results.report import Results


class Showing:
    """What was published. Whoever shows it asks first whom it is for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def results(self, wave_id: str) -> Results | None:
        """What was published of a wave; None where nothing was."""
        with Session(self._engine) as session:
            wave, publication = store.find_wave(session, wave_id), store.publication(session, wave_id)
            about = register.collaboration(session, wave.collaboration) if wave else None
            if wave is None or publication is None or about is None:
                return None
            shown = []
            for ident in store.of_collaboration(session, wave.collaboration):
                before, published = store.find_wave(session, ident), store.publication(session, ident)
                if before and published and published.whole and before.closes <= wave.closes:
                    shown.append(Shown(before.closes, _aligned(published.whole, before, wave)))
            plan = register.plan(session, wave.plan)
            return Results(
                about, wave, publication, tuple(shown), store.asked(session, (wave_id, *publication.pooled)),
                plan.channel if plan else "", wave_id in store.held(session, about.id),
            )  # fmt: skip


def _aligned(figures: Figures, wave: Wave, latest: Wave) -> Figures:
    """The figures of an earlier wave beside the latest one's statements: the trust's own may be others each time."""
    if wave.id == latest.id:
        return figures
    common = len(model.STATEMENTS)
    return Figures(figures.answered, figures.statements[:common] + (None,) * (len(latest.statements) - common))
