"""Makes a digest of a week's material: what to say, in which order, what in the overview and what in the thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.digest.content import agenda, matching, voices
from bot.digest.content.voices import Voice
from bot.digest.content.words import BRIEF, FULL, Point, Summarise, lines, span, verbatim
from bot.digest.model import Ahead, Chart, Digest, DigestLine, Headline, Material, Offer, Part, Section, Source
from bot.digest.schedule import Slot
from bot.meetings.model import Action, State, named, spoken
from knowledge.safety.check import AtRisk
from knowledge.safety.patterns import child_at_risk

NEEDED = "decisions"
SOON = timedelta(days=7)
FEWEST_WEEKS = 4
FEW_SCHOOLS = 12
MOST = {
    Part.NEEDED: 4, Part.DECIDED: 3, Part.OVERDUE: 4, Part.DUE: 4, Part.ITEMS: 6, Part.WELL: 3, Part.GIVING: 3,
    Part.THEMES: 2, Part.PULSE: 3, Part.AHEAD: 4,
}  # fmt: skip
MOST_IN_THREAD = 100


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose digest it is: its schools in the trust file's order with their short names, the standard items (id, name)
    that it speaks of, the keys of the bodies that meet in its channel. `whole` says that it is of the whole trust."""

    channel: str
    trust: str
    schools: tuple[tuple[str, str], ...]
    items: tuple[tuple[str, str], ...]
    here: frozenset[str] = frozenset()
    whole: bool = True
    names: dict[str, str] = field(default_factory=dict)

    def short(self, school: str | None) -> str:
        """A school's short name; the trust's where there is none."""
        return self.names.get(school or "", self.trust)

    def place(self, school: str | None) -> int:
        """Where a school stands in the trust file; the trust itself comes first."""
        ids = [ident for ident, _ in self.schools]
        return ids.index(school) if school in ids else -1

    def holds(self, school: str | None) -> bool:
        """Whether it speaks of this school, or of the trust's own bodies."""
        return self.whole if school not in self.names else school in {ident for ident, _ in self.schools}


@dataclass(frozen=True, slots=True)
class Edition:
    """Which digest is made: its slot, what its period is, today, and whether it is late."""

    slot: Slot
    since: datetime
    until: datetime
    today: date
    late: bool = False

    @property
    def turn(self) -> int:
        """A number that grows by one each week: where not all fits, it is others' turn each time."""
        return self.slot.monday.toordinal() // 7


def compose(
    seen: Material,
    scope: Scope,
    edition: Edition,
    encode: matching.Encode | None = None,
    summarise: Summarise | None = None,
    at_risk: AtRisk = child_at_risk,
) -> Digest:
    """The digest of what its reader has `seen`; nothing else goes in."""
    said = voices.of_week(seen, scope.names, at_risk)
    own = sorted((each for each in said if scope.holds(each.school)), key=lambda each: scope.place(each.school))
    standing = agenda.Standing(
        own, voices.before(seen, [ident for ident, _ in scope.schools], at_risk), scope.items, scope.short, edition.turn
    )
    giving = _giving(said, scope, encode)
    found: dict[Part, tuple[list[DigestLine], list[DigestLine]]] = {
        Part.NEEDED: _needed(own, seen.live, scope),
        Part.DECIDED: _twice(_decided(seen, scope)),
        Part.OVERDUE: _twice(_actions((a for a in seen.live if a.overdue(edition.today)), scope)),
        Part.DUE: _twice(_actions((a for a in seen.live if _due(a, edition.today)), scope)),
        Part.ITEMS: standing.lines(encode, summarise, tuple(scope.names.values())),
        Part.WELL: _well(own, scope, edition, summarise),
        Part.GIVING: giving,
        Part.THEMES: _themes(own, scope, encode, summarise),
        Part.PULSE: _twice([_headline(headline) for headline in seen.headlines]),
    }
    overview = [_section(part, brief, edition.turn) for part, (brief, _) in found.items() if brief]
    news = bool(overview)
    ahead = [_ahead(each, scope) for each in sorted(seen.ahead, key=lambda each: (each.day, each.text))
             if scope.holds(each.school) or each.school is None]  # fmt: skip
    overview.append(Section(Part.SCHOOLS, (_schools(seen, scope),)))
    if ahead and news:
        overview.append(Section(Part.AHEAD, tuple(ahead[: MOST[Part.AHEAD]])))
    overview.sort(key=lambda each: list(Part).index(each.part))
    details = [Section(part, tuple(full[:MOST_IN_THREAD]), max(0, len(full) - MOST_IN_THREAD))
               for part, (_, full) in found.items() if full]  # fmt: skip
    if news and len(scope.schools) > FEW_SCHOOLS:
        details.append(Section(Part.SCHOOLS, (_schools(seen, scope, whole=True),)))
    return Digest(
        scope.channel, edition.slot.week, edition.slot.monday, edition.since, edition.until,
        f"Weekly digest, {spoken(edition.until.date())}", tuple(_notes(edition)), tuple(overview),
        tuple(details), _chart(seen, scope) if news else None,
    )  # fmt: skip


def _section(part: Part, lines: Sequence[DigestLine], turn: int) -> Section:
    """As many lines as the overview takes, in their order; of more than that others each week."""
    most = MOST[part]
    if len(lines) <= most:
        return Section(part, tuple(lines))
    start = 0 if part is Part.GIVING else turn * most % len(lines)
    chosen = {(start + count) % len(lines) for count in range(most)}
    return Section(part, tuple(line for at, line in enumerate(lines) if at in chosen), len(lines) - most)


def _twice(lines: list[DigestLine]) -> tuple[list[DigestLine], list[DigestLine]]:
    return lines, lines


def _notes(edition: Edition) -> Iterable[str]:
    if edition.late:
        due = edition.slot.at
        yield f"This digest is late: it was due on {due:%A} at {due:%H:%M}."
    if edition.slot.after_holiday:
        yield f"The first after the holiday: it covers everything since {spoken(edition.since.date())}."


def _needed(own: Sequence[Voice], live: Sequence[Action], scope: Scope) -> tuple[list[DigestLine], list[DigestLine]]:
    points = [Point(scope.short(each.school), each.source, Offer.ANSWER) for each in own if each.item == NEEDED]
    brief, full = ([verbatim(point, limit) for point in points] for limit in (BRIEF, FULL))
    for action in live:
        if action.state is State.DEFERRED and scope.holds(action.body.school):
            text = f"{action.body.name}: {_task(action)} waits: {span(action.reason, BRIEF)}"
            line = DigestLine(text, (_source(action),), Offer.NOTHING)
            brief.append(line)
            full.append(line)
    return brief, full


def _decided(seen: Material, scope: Scope) -> list[DigestLine]:
    held = [decision for decision in seen.decisions if scope.holds(decision.meeting.body.school)]
    held.sort(key=lambda each: (scope.place(each.meeting.body.school), each.meeting.date))
    return [
        DigestLine(
            f"{each.meeting.body.name}: “{span(each.text, FULL)}”",
            (Source(f"decision:{each.id}", each.meeting.title, each.text, each.audience, each.meeting.body.school),),
        )
        for each in held
    ]


def _due(action: Action, today: date) -> bool:
    return (
        action.due.date is not None and today <= action.due.date < today + SOON and action.state is not State.DEFERRED
    )


def _actions(actions: Iterable[Action], scope: Scope) -> list[DigestLine]:
    held = [action for action in actions if scope.holds(action.body.school)]
    held.sort(key=lambda each: (scope.place(each.body.school), each.body.key, each.due.date or date.max, each.id))
    return [DigestLine(_action(each, scope), (_source(each),), Offer.TAKE) for each in held]


def _action(action: Action, scope: Scope) -> str:
    """An action in a line. Its owners are named only where the body meets whose notes name them."""
    owners = ", ".join(named(owner) for owner in action.owners) or "nobody named"
    who = owners if action.body.key in scope.here else action.body.name
    due = action.due.date
    return f"{_task(action)} · {who}" + (f" · due {due.day} {due:%B}" if due else "")


def _task(action: Action) -> str:
    return f"“{span(action.task, BRIEF).rstrip('.')}”"


def _source(action: Action) -> Source:
    label = f"{action.body.name}, {spoken(action.raised)}"
    return Source(f"action:{action.id}", label, action.task, action.audience, action.body.school)


def _well(
    own: Sequence[Voice], scope: Scope, edition: Edition, summarise: Summarise | None
) -> tuple[list[DigestLine], list[DigestLine]]:
    """What went well: in the overview one line a school, beginning with another school each week."""
    names = dict(scope.items)
    good = [each for each in own if each.kind == voices.WELL and each.item in names and not each.offers]
    points = [Point(f"{scope.short(each.school)}, {names[each.item]}", each.source) for each in good]
    first: dict[str, Point] = {}
    for each, point in zip(good, points, strict=True):
        first.setdefault(each.school, point)
    turn = edition.turn % max(1, len(first))
    order = [*list(first.values())[turn:], *list(first.values())[:turn]]
    brief = [verbatim(each, BRIEF) for each in order[: MOST[Part.WELL]]]
    brief.sort(key=lambda line: scope.place(line.sources[0].school))
    return brief, list(lines(points, summarise, scope.names.values()))


def _giving(
    said: Sequence[Voice], scope: Scope, encode: matching.Encode | None
) -> tuple[list[DigestLine], list[DigestLine]]:
    """Offers and asks: those that fit side by side first, then asks, then offers, each in the schools' own words."""
    names = dict(scope.items)
    chosen = [each for each in said if each.item in names and each.item != NEEDED]
    chosen.sort(key=lambda each: scope.place(each.school))
    asks = [each for each in chosen if each.kind == voices.ASK and not each.offers]
    offers = [each for each in chosen if each.offers]
    alike = matching.Likeness([each.text for each in (*asks, *offers)], encode if asks and offers else None)
    brief: list[DigestLine] = []
    full: list[DigestLine] = []
    met: set[str] = set()
    for at, ask in enumerate(asks):
        scored = [
            (score, offer) for number, offer in enumerate(offers)
            if offer.school != ask.school and (score := alike(at, len(asks) + number)) > 0
        ]  # fmt: skip
        if not scored:
            continue
        _, offer = max(scored, key=lambda each: each[0])
        if scope.holds(ask.school) or scope.holds(offer.school):
            met.update((ask.source.ref, offer.source.ref))
            for found, limit in ((brief, BRIEF), (full, FULL)):
                text = (
                    f"{scope.short(offer.school)} offers: “{span(offer.text, limit)}” "
                    f"{scope.short(ask.school)} asks: “{span(ask.text, limit)}”"
                )
                found.append(DigestLine(text, (ask.source, offer.source), Offer.ANSWER))
    for verb, rest, can in (("asks", asks, Offer.ANSWER), ("offers", offers, Offer.TAKE)):
        for each in rest:
            if each.source.ref not in met and scope.holds(each.school):
                point = Point(f"{scope.short(each.school)} {verb}", each.source, can)
                brief.append(verbatim(point, BRIEF))
                full.append(verbatim(point))
    return brief, full


def _themes(
    own: Sequence[Voice], scope: Scope, encode: matching.Encode | None, summarise: Summarise | None
) -> tuple[list[DigestLine], list[DigestLine]]:
    """What several schools find hard or ask for under one agenda item, in their own words."""
    brief: list[DigestLine] = []
    full: list[DigestLine] = []
    for item, name in scope.items:
        held = [each for each in own if each.item == item and each.kind in (voices.HARD, voices.ASK)
                and not each.offers and item != NEEDED]  # fmt: skip
        owners = [each.school for each in held]
        if len(set(owners)) < 2:
            continue
        for group in matching.clusters(owners, matching.Likeness([each.text for each in held], encode)):
            each_school = {held[at].school: held[at] for at in reversed(group)}
            ordered = sorted(each_school.values(), key=lambda each: scope.place(each.school))
            who = agenda.listed([scope.short(each.school) for each in ordered])
            quoted = span(ordered[0].text, BRIEF)
            brief.append(DigestLine(f"{name}: {who} say much the same, as {scope.short(ordered[0].school)} puts it: "
                              f"“{quoted}”", tuple(each.source for each in ordered)))  # fmt: skip
            points = [Point(f"{name}, {scope.short(each.school)}", each.source) for each in ordered]
            full.extend(lines(points, summarise, scope.names.values()))
    return brief, full


def _schools(seen: Material, scope: Scope, *, whole: bool = False) -> DigestLine:
    """Every school, every week: whose return is here, and of whom there is none to show."""
    sources: dict[str, Source] = {}
    for each in seen.returns:
        sources.setdefault(
            each.school,
            Source(f"return:{each.meeting.id}", f"return after {each.meeting.title}", "", each.audience, each.school),
        )
    here = [name for ident, name in scope.schools if ident in sources]
    rest = [name for ident, name in scope.schools if ident not in sources]
    held = tuple(sources[ident] for ident, _ in scope.schools if ident in sources)
    return DigestLine(_heard(here, rest, whole=whole), held)


def _heard(here: Sequence[str], rest: Sequence[str], *, whole: bool) -> str:
    """Of many schools the overview names the fewer; the thread names them all."""
    if whole or len(here) + len(rest) <= FEW_SCHOOLS:
        said = [f"Return from {_all_of(here)}."] if here else []
        return " ".join([*said, *([f"No return to show from {_all_of(rest)}."] if rest else [])])
    if not here or not rest:
        return f"{'Return' if here else 'No return to show'} from all {len(here) + len(rest)} schools."
    if len(here) <= len(rest):
        return f"Return from {_all_of(here)}. No return to show from the other {len(rest)} schools."
    return f"Return from {len(here)} schools. No return to show from {_all_of(rest)}."


def _all_of(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _headline(found: Headline) -> DigestLine:
    count = f", {found.answered} answered" if found.answered else ""
    text = f"{found.collaboration}: weakest test {found.test}, {found.percent} % favourable{count}"
    sources = (Source("", found.collaboration, text, found.audience),) if found.audience else ()
    return DigestLine(f"{text} (closed {found.day.day} {found.day:%B})", sources, link=found.link, wave=found.wave)


def _ahead(each: Ahead, scope: Scope) -> DigestLine:
    sources = (Source("", "the trust file", each.text, each.audience),) if each.audience else ()
    return DigestLine(f"{each.day:%a} {each.day.day} {each.day:%B}: {each.text}", sources)


def _chart(seen: Material, scope: Scope) -> Chart | None:
    """Four weeks of data or none."""
    held = [each for each in seen.tallies if scope.holds(each.school)]
    total = {what: [0] * len(seen.weeks) for what in ("opened", "closed", "returns")}
    for tally in held:
        total[tally.what] = [one + other for one, other in zip(total[tally.what], tally.counts, strict=True)]
    first = next((at for at in range(len(seen.weeks)) if any(counts[at] for counts in total.values())), None)
    if first is None or sum(any(counts[at] for counts in total.values()) for at in range(first, len(seen.weeks))) < (
        FEWEST_WEEKS
    ):
        return None
    opened, closed, returns = (tuple(total[what][first:]) for what in ("opened", "closed", "returns"))
    audiences = tuple(dict.fromkeys(each.audience for each in held))
    return Chart(seen.weeks[first:], opened, closed, returns, audiences)
