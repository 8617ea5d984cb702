"""What leaders do with collaborations and pulses: open, plan, answer, close, read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.ask.safeguarding_leads import lead_line
from bot.config.trust import CurrentTrust, Person, Trust
from bot.errors import Refusal
from bot.pulse import model, panel, register, store
from bot.pulse.model import Choice, Collaboration, Headline, Member, Overview, Plan, Running, Wave
from bot.pulse.results.history import Showing
from bot.pulse.results.report import Results, Seats
from bot.pulse.sealed import answers
from bot.pulse.sealed.closing import Closing
from bot.pulse.sealed.safe import Safe
from bot.pulse.sealed.sealing import OldKeys
from knowledge.passages import Audience, Reader
from knowledge.safety.check import AtRisk
from knowledge.safety.patterns import child_at_risk, signpost
from knowledge.school.calendar import SchoolCalendar

OF_THE_TRUST = frozenset({"chief-executive", "executive"})
NO_COLLABORATION = "There is no such collaboration. `/trust collaborations` lists those there are."
NO_PULSE = "There is no such pulse. `/trust pulse` lists those there are."
NOT_YOURS = "Pulses and collaborations are opened by the collaboration's lead, headteachers and the executive team."
NOT_SHOWN = "The results of this pulse are for those who were asked, and for the channel that they were posted in."
PAST = "That day is past. Choose a day from today on."
TOO_FEW = (
    "Only {count} of the trust file's people are named, and a pulse asks at least eight: of fewer no figures could be "
    "shown."
)
TOO_EARLY = (
    "A pulse closes before its day only once at least eight people, and at least half of its panel, have answered. "
    "That is not so yet. It closes by itself after {day}."
)
CLOSED = answers.CLOSED


@dataclass(frozen=True, slots=True)
class Form:
    """What an invitation's form asks, and what its writer said before, if anything."""

    wave: Wave
    collaboration: Collaboration
    choices: tuple[Choice, ...] | None
    comment: str


class PulseService:
    """The verbs of the pulse. Who is who comes from the trust file; `seats` says who is in a channel, and the secrets
    of open waves lie in the `safe`: without it, as on the command line, nothing is opened or counted."""

    def __init__(
        self,
        engine: Engine,
        old_keys: OldKeys,
        trust: CurrentTrust,
        now: Callable[[], datetime],
        safe: Safe | None = None,
        seats: Callable[[str], Seats | None] | None = None,
        at_risk: AtRisk = child_at_risk,
    ) -> None:
        self._engine = engine
        self._current = trust
        self._now = now
        self._seats = seats
        self._at_risk = at_risk
        self.closing = Closing(engine, old_keys, safe, at_risk)
        self._showing = Showing(engine)

    @property
    def trust(self) -> Trust:
        """The trust as it is now."""
        return self._current.present

    @property
    def _calendar(self) -> SchoolCalendar:
        return self.trust.calendar(None)

    def today(self) -> date:
        """This day in the trust's zone."""
        return self._now().astimezone(self.trust.zone).date()

    def collaborations(self, *, running: bool = False) -> list[Collaboration]:
        """The register, or what of it has not ended."""
        with Session(self._engine) as session:
            found = register.collaborations(session)
        return [each for each in found if each.runs(self.today())] if running else found

    def collaboration(self, ident: str) -> Collaboration:
        """One of the register; a Refusal where there is none."""
        with Session(self._engine) as session:
            found = register.collaboration(session, ident)
        if found is None:
            raise Refusal(NO_COLLABORATION)
        return found

    def may_lead(self, by: Person, collaboration: Collaboration | None = None) -> bool:
        """Whether this person may open or change it, or any new one, and ask a pulse about it."""
        if collaboration and collaboration.lead == by.id:
            return True
        if OF_THE_TRUST & set(by.roles) or "administrator" in by.roles:
            return True
        heads = "headteacher" in by.roles
        return heads and (collaboration is None or bool(set(by.schools) & set(collaboration.schools)))

    def put(self, by: Person, key: str, changed: str | None, **fields: object) -> Collaboration:
        """Open a collaboration (its id follows from `key`, so that the same form opens one), or change one.

        `fields` are those of `model.opened`. A Refusal where something is missing or the person may not.
        """
        before = self.collaboration(changed) if changed else None
        if not self.may_lead(by, before):
            raise Refusal(NOT_YOURS)
        name = str(fields["name"])
        found = model.opened(changed or _ident(name, key), **fields)  # type: ignore[arg-type]
        with Session(self._engine) as session, session.begin():
            register.put_collaboration(session, found)
        return found

    def plan(
        self,
        by: Person,
        key: str,
        collaboration: str,
        asked: Sequence[str],
        opens: date,
        closes: date | None,
        channel: str = "",
        own: Sequence[str] = (),
        *,
        recurring: bool = False,
    ) -> Plan:
        """Decide to ask; the same `key` decides once. A Refusal where the days or the statements do not allow it."""
        about = self.collaboration(collaboration)
        if not self.may_lead(by, about):
            raise Refusal(NOT_YOURS)
        if opens < self.today():
            raise Refusal(PAST)
        days = model.school_days(self._calendar, opens, closes) if closes else model.OPEN_SCHOOL_DAYS
        model.may_open(about, self._calendar, opens, days)
        wordings = tuple(each.wording for each in model.own_statements(own))
        ident = f"p{hashlib.sha256(key.encode()).hexdigest()[:12]}"
        made = Plan(ident, about.id, tuple(asked), opens, days, recurring, wordings, channel, by.id)
        with Session(self._engine) as session, session.begin():
            register.put_plan(session, made)
        return made

    def plan_of(self, wave: Wave) -> Plan | None:
        """The plan that a wave is of."""
        with Session(self._engine) as session:
            return register.plan(session, wave.plan)

    def next_opening(self) -> date | None:
        """The next day on which a pulse may open, to be offered first."""
        term = self._calendar.term_from(self.today())
        return model.next_opening(self._calendar, self.today(), term.end) if term else None

    def stop(self, by: Person, plan: str) -> None:
        """Open no more waves of this plan."""
        with Session(self._engine) as session, session.begin():
            found = register.plan(session, plan)
            if found is None:
                raise Refusal(NO_PULSE)
            about = register.collaboration(session, found.collaboration)
            if about is None or not self.may_lead(by, about):
                raise Refusal(NOT_YOURS)
            register.stop_plan(session, plan)

    def plans(self) -> list[tuple[Plan, Collaboration]]:
        """The plans that were not stopped and of which a wave is still to come."""
        with Session(self._engine) as session:
            about = {each.id: each for each in register.collaborations(session)}
            found = [(each, about[each.collaboration]) for each in register.plans(session, going_on=True)]
        return [(plan, each) for plan, each in found if self.next_wave(plan, each)]

    def next_wave(self, plan: Plan, about: Collaboration) -> date | None:
        """The day on which the next wave of a plan opens that has not opened yet."""
        with Session(self._engine) as session:
            opened = {wave for wave, _ in store.opened_of(session, plan.id)}
        openings = plan.openings(self._calendar, about.end)
        return next((day for day in openings if day >= self.today() and plan.wave(day) not in opened), None)

    def due(self) -> Iterator[tuple[Plan, Collaboration, date, bool]]:
        """The waves that were to open by today and have not: (plan, collaboration, day, whether it can open today)."""
        today = self.today()
        with Session(self._engine) as session:
            about = {each.id: each for each in register.collaborations(session)}
            found = [
                (plan, {wave for wave, _ in store.opened_of(session, plan.id)})
                for plan in register.plans(session, going_on=True)
            ]
        for plan, waves in found:
            each = about[plan.collaboration]
            openings = plan.openings(self._calendar, min(today, each.end))
            if openings and plan.wave(openings[-1]) not in waves:
                half = self._calendar.end_of_half(openings[-1])
                may = half is not None and today <= half and model.fits(self._calendar, today, plan.days)
                yield plan, each, openings[-1], may and each.runs(today)

    def open(
        self, plan: Plan, opening: date, people: Iterable[str], present: Callable[[Iterable[str]], Iterable[str]]
    ) -> Wave:
        """Open the wave of this plan, today: it asks the collaboration's panel, into which these people come as far as
        the panel's rule lets them. `present` says who of some people can still be asked. A Refusal where they are too
        few."""
        about = self.collaboration(plan.collaboration)
        wanted = [Member(each, self._slices(each)) for each in people]
        with Session(self._engine) as session:
            before = store.panels(session, about.id)
        seated = panel.seated(before, wanted, self.today())
        there = frozenset(present([member.person for member in seated.members]))
        asked = [member for member in seated.members if member.person in there]
        made = model.wave(
            plan.wave(opening), about, asked, self.today(), self._calendar, plan.own, plan.days, plan.id,
            len(seated.members),
        )  # fmt: skip
        self.closing.open(made, seated)
        return made

    def running(self, person: Person | None) -> list[Running]:
        """The open waves of collaborations that this person leads (None: the operator, all)."""
        with Session(self._engine) as session:
            found = []
            for ident in store.waves(session, store.OPEN):
                wave = store.find_wave(session, ident)
                about = register.collaboration(session, wave.collaboration) if wave else None
                if wave and about and (person is None or self.may_lead(person, about)):
                    found.append(Running(ident, about.id, about.name, wave.opens, wave.closes, len(wave.roster)))
            return found

    def overview(self) -> list[Overview]:
        """The register with all its pulses, for the operator."""
        planned = [(plan, about.id, self.next_wave(plan, about)) for plan, about in self.plans()]
        running = self.running(None)
        found = []
        for each in self.collaborations():
            with Session(self._engine) as session:
                published = store.of_collaboration(session, each.id)
            to_come = tuple((plan.id, day) for plan, about, day in planned if about == each.id and day)
            going = tuple(wave for wave in running if wave.collaboration == each.id)
            found.append(Overview(each.id, each.name, each.end, to_come, going, tuple(published)))
        return found

    def plan_from_outside(
        self,
        person: str,
        collaboration: str,
        asked: Sequence[str],
        opens: date,
        closes: date | None,
        *,
        recurring: bool,
    ) -> Plan:
        """`plan` from the command line, as a person of the trust file; a Refusal for whom or what the file does not
        know. The same words plan the same pulse once."""
        by = self.trust.person(person)
        if by is None:
            raise Refusal(
                f"The trust file knows nobody called {person!r}. Give an id, an e-mail address or a full name."
            )
        known = {f"person:{each.id}" for each in self.trust.people}
        known |= {f"group:{each.id}" for each in self.trust.groups} | {
            f"school:{each.id}" for each in self.trust.schools
        }
        if unknown := [each for each in asked if each not in known]:
            raise Refusal(f"{unknown[0]!r} is nobody of the trust file. Write person:ID, group:ID or school:ID.")
        if (count := len(self._named(asked))) < model.PANEL_LEAST:
            raise Refusal(TOO_FEW.format(count=count))
        key = " ".join((collaboration, *sorted(asked), opens.isoformat()))
        return self.plan(by, key, collaboration, asked, opens, closes, recurring=recurring)

    def _named(self, asked: Sequence[str]) -> set[str]:
        """The people of the trust file whom these selectors name."""
        groups = {f"group:{each.id}": each for each in self.trust.groups}
        found: set[str] = set()
        for each in self.trust.people:
            own = {f"person:{each.id}", *(f"school:{school}" for school in each.schools)}
            of = (groups[key] for key in asked if key in groups)
            if own & set(asked) or any(each.id in group.people or set(each.roles) & set(group.roles) for group in of):
                found.add(each.id)
        return found

    def open_for(self, person: str) -> list[tuple[Wave, Collaboration]]:
        """The waves that this person may answer now; whether he has is shown to nobody."""
        with Session(self._engine) as session:
            listed = [store.find_wave(session, wave) for wave in store.open_for(session, person)]
            about = {each.id: each for each in register.collaborations(session)}
        today = self.today()
        return [(wave, about[wave.collaboration]) for wave in listed if wave and wave.is_open(today)]

    def form(self, wave_id: str, person: str, token: str) -> Form:
        """The form behind an invitation, as its writer left it; a Refusal where it is not his or has closed."""
        wave, about = self._open_wave(wave_id)
        if person not in {member.person for member in wave.roster}:
            raise Refusal(answers.NOT_ASKED)
        choices, comment = self.closing.written_before(wave_id, token) or (None, "")
        return Form(wave, about, choices, comment)

    def answer(self, wave_id: str, person: str, token: str, choices: Sequence[Choice], comment: str) -> str | None:
        """Take an answer, in place of what its writer said before. Returns whom its writer is pointed to, where the
        comment reads like a safeguarding matter; such a comment is never published."""
        self._open_wave(wave_id)
        answers.answer(self._engine, wave_id, person, token, choices, comment)
        if not self._at_risk(comment):
            return None
        trust = self.trust
        return signpost(lead_line(trust, comment, trust.person(person)))

    def close(self, wave_id: str) -> bool:
        """Count a wave and record what it comes to; done again, it changes nothing. False where its answers cannot be
        read, because the secret is gone from the safe."""
        names = [person.name for person in self.trust.people]
        return self.closing.close(wave_id, names, self.today())

    def close_early(self, wave_id: str, by: Person | None) -> None:
        """Take no more answers of a wave before its day; the running bot counts it next. `by` None is the operator. A
        Refusal where the person may not, or too few have answered: how many have is not said."""
        wave, about = self._open_wave(wave_id)
        if by is not None and not self.may_lead(by, about):
            raise Refusal(NOT_YOURS)
        asked = max(wave.panel, len(wave.roster))
        replied = len(self.closing.replied(wave_id))
        if replied < model.PANEL_LEAST or 2 * replied < asked:
            raise Refusal(TOO_EARLY.format(day=f"{wave.closes.day} {wave.closes:%B}"))
        with Session(self._engine) as session, session.begin():
            store.begin_to_close(session, wave_id)

    def may_close(self, wave_id: str, by: Person) -> bool:
        """Whether this person may close it before its day, once enough have answered."""
        _, about = self._open_wave(wave_id)
        return self.may_lead(by, about)

    def results(self, wave_id: str) -> Results:
        """What was published of a wave; a Refusal where nothing was. Whoever shows it asks `may_see` first."""
        found = self._showing.results(wave_id)
        if found is None:
            raise Refusal(NO_PULSE)
        return found

    def results_for(self, wave_id: str, person: str) -> Results:
        """What was published of a wave, for a person of the trust file or on its roster; a Refusal where it is not for
        him."""
        found = self.results(wave_id)
        known = self.trust.person(person)
        if not self.may_see(found, None, known.id if known else person):
            raise Refusal(NOT_SHOWN)
        return found

    def audience(self, about: Collaboration) -> Audience:
        """Who may know what the register says of a collaboration: its schools, its lead, and the executive of the
        trust. Its pulses' results are for fewer: see `may_see`."""
        groups = {each.id for each in self.trust.groups if OF_THE_TRUST & set(each.roles)}
        leaders = {f"person:{each.id}" for each in self.trust.people if OF_THE_TRUST & set(each.roles)}
        return Audience(frozenset({*about.schools, *groups, *leaders, f"person:{about.lead}"}))

    def may_see(self, results: Results, reader: Reader | None, person: str | None) -> bool:
        """Whether results are for somebody: for everybody who was asked, for who is in the channel where they went, and
        for nobody else. `person` is how a roster names him; None stands for all who read as `reader` does."""
        seats = self._seats(results.channel) if self._seats and results.channel else None
        if person is not None:
            return results.is_for(person, seats)
        return reader is not None and results.is_for_all(reader, seats)

    def published(self, reader: Reader, person: str | None = None, latest: bool = True) -> list[Results]:
        """The results that this reader may see, the last closed first; of each collaboration the `latest` only."""
        with Session(self._engine) as session:
            listed = [store.of_collaboration(session, each.id) for each in register.collaborations(session)]
        waves = [wave for each in listed for wave in (each[-1:] if latest else each)]
        found = [each for wave in waves if self.may_see(each := self.results(wave), reader, person)]
        return sorted(found, key=lambda each: (each.wave.closes, each.wave.id), reverse=True)

    def headlines(self, reader: Reader, since: date, until: date) -> tuple[Headline, ...]:
        """The results in one line each that closed from one day on and before another, where all who read as this
        reader may see them: what closes on a day is told of after it, once by whoever asks week after week."""
        found = [each for each in self.published(reader, latest=False) if since <= each.wave.closes < until]
        told = (each.headline(self._named_audience(each, reader)) for each in found)
        return tuple(line for line in told if line)

    def _named_audience(self, results: Results, reader: Reader) -> Audience | None:
        """The people whom results are for, as an audience; None where it does not say all of this reader, as in a
        public channel: then they are for this very reader alone."""
        seats = self._seats(results.channel) if self._seats and results.channel else None
        named = results.principals(seats)
        audience = Audience(named) if named else None
        return audience if audience and reader.may_read(audience) else None

    def _open_wave(self, wave_id: str) -> tuple[Wave, Collaboration]:
        with Session(self._engine) as session:
            wave = store.find_wave(session, wave_id)
            about = register.collaboration(session, wave.collaboration) if wave else None
            over = store.publication(session, wave_id) is not None
        if wave is None or about is None:
            raise Refusal(NO_PULSE)
        if over or not wave.is_open(self.today()):
            raise Refusal(CLOSED)
        return wave, about

    def _slices(self, person: str) -> frozenset[str]:
        found = self.trust.person(person)
        schools = [each for each in self.trust.schools if found and each.id in found.schools]
        return model.slices_of(schools[0].phase, schools[0].hub) if len(schools) == 1 else frozenset()


def _ident(name: str, key: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40].strip("-") or "collaboration"
    return f"{slug}-{hashlib.sha256(key.encode()).hexdigest()[:6]}"
