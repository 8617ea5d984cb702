"""What language models were used for: a line a call without any words, the month's budget, and figures of both."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import DateTime, Engine, Float, Integer, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.config.settings import Budget, Prices
from bot.runtime.db import Base
from knowledge.llm.model import Use
from prompts import Prompt

MILLION = 1_000_000

# Its level is set apart by the process that runs: these lines hold figures only, and an operator wants them.
log = logging.getLogger(__name__)


class ModelCallRow(Base):
    """One question to a model; `cost` in pounds, None where no prices are set. Nobody's words, and nobody's name."""

    __tablename__ = "model_calls"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    model: Mapped[str] = mapped_column(String(120))
    prompt: Mapped[str] = mapped_column(String(40))
    ended: Mapped[str] = mapped_column(String(20))
    tokens_in: Mapped[int] = mapped_column(Integer)
    tokens_out: Mapped[int] = mapped_column(Integer)
    seconds: Mapped[float] = mapped_column(Float)
    cost: Mapped[float | None] = mapped_column(Float)


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """What was used in some days: calls by how they ended, tokens, pounds (None: no prices set), median seconds."""

    calls: dict[str, int]
    tokens_in: int
    tokens_out: int
    cost: float | None
    median_seconds: float | None

    def as_json(self) -> dict[str, object]:
        """The published shape of these figures."""
        return asdict(self)

    def lines(self) -> list[str]:
        """The figures as people read them; nothing where no model was asked."""
        if not self.calls:
            return []
        ended = ", ".join(f"{count} {name}" for name, count in self.calls.items())
        cost = "" if self.cost is None else f" £{self.cost:.2f}."
        took = "" if self.median_seconds is None else f" Median {self.median_seconds:.1f} s."
        total = sum(self.calls.values())
        return [
            f"Language model: {total} calls ({ended}).",
            f"  Tokens: {self.tokens_in:,} in, {self.tokens_out:,} out.{cost}{took}",
        ]


class Ledger:
    """Keeps count of one model's use against the month's budget; a month begins in the trust's own time."""

    def __init__(
        self, engine: Engine, now: Callable[[], datetime], budget: Budget | None, prices: Prices | None
    ) -> None:
        self._engine = engine
        self._now = now
        self._budget = budget
        self._prices = prices

    def allows(self) -> bool:
        """Whether this month's budget is not used up."""
        if self._budget is None:
            return True
        month = self._now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        what = ModelCallRow.tokens_in + ModelCallRow.tokens_out
        used = func.sum(ModelCallRow.cost if self._budget.unit == "pounds" else what)
        with Session(self._engine) as session:
            return float(session.scalar(select(used).where(ModelCallRow.at >= month.astimezone(UTC))) or 0) < (
                self._budget.most
            )

    def note(self, model: str, prompt: Prompt, use: Use, ended: str) -> None:
        """Write a call down, and say its figures in the log."""
        cost = self._cost(use)
        row = ModelCallRow(
            id=uuid.uuid4().hex, at=self._now().astimezone(UTC), model=model[:120],
            prompt=f"{prompt.name}/{prompt.version}", ended=ended, tokens_in=use.tokens_in, tokens_out=use.tokens_out,
            seconds=use.seconds, cost=cost,
        )  # fmt: skip
        with Session(self._engine) as session, session.begin():
            session.add(row)
        said = "unknown" if cost is None else f"£{cost:.5f}"
        log.info(
            "model %s, prompt %s/%d: %s; tokens %d in, %d out; %.2f s, tries %d; cost %s",
            model, prompt.name, prompt.version, ended, use.tokens_in, use.tokens_out, use.seconds, use.tries, said,
        )  # fmt: skip

    def _cost(self, use: Use) -> float | None:
        if self._prices is None:
            return None
        return (use.tokens_in * self._prices.tokens_in + use.tokens_out * self._prices.tokens_out) / MILLION


def figures(engine: Engine, now: datetime, days: int) -> ModelFigures:
    """What was used in the last so many days."""
    since = now.astimezone(UTC) - timedelta(days=days)
    with Session(engine) as session:
        rows = list(session.scalars(select(ModelCallRow).where(ModelCallRow.at >= since)))
    calls: dict[str, int] = {}
    for row in rows:
        calls[row.ended] = calls.get(row.ended, 0) + 1
    seconds = sorted(row.seconds for row in rows)
    priced = [row.cost for row in rows if row.cost is not None]
    return ModelFigures(
        dict(sorted(calls.items())),
        sum(row.tokens_in for row in rows),
        sum(row.tokens_out for row in rows),
        sum(priced) if priced else None,
        seconds[len(seconds) // 2] if seconds else None,
    )
