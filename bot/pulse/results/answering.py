"""Answers questions about pulses from what was published of them, and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from bot.pulse.model import Collaboration, Test
from bot.pulse.results.picture import whole
from bot.pulse.results.publish import NOTE
from bot.pulse.results.questions import PulseQuery, read_pulse_query, test_named
from bot.pulse.results.report import Results
from bot.pulse.results.statistics import weakest
from bot.pulse.service import PulseService
from knowledge.passages import Answer, Outcome, Reader
from knowledge.text.terms import terms

MOST = 3
NOTHING = "No result of a pulse on {name} has been published that you may see."
NOT_ASKED = "The pulse on {name}, closed on {day}, asked nothing about {topic}."
NO_VERDICT = "Neither says that a test is passed: that is for the partners to judge, with the questions below."


class Telling:
    """Answers questions that are surely about pulses, each result only to those who may see it."""

    def __init__(self, service: PulseService) -> None:
        self._service = service

    def answer(self, question: str, reader: Reader, person: str | None) -> Answer | None:
        """Answer for this reader; None where the question is not about pulses, or names no collaboration that he may
        know of. `person` is who asks, as a roster names him; None where others see the answer too."""
        query = read_pulse_query(question)
        return self.reply(query, reader, person) if query else None

    def reply(self, query: PulseQuery, reader: Reader, person: str | None) -> Answer | None:
        """The same for a question that was read before."""
        if query.what == "five":
            return self._five(query, reader, person)
        published = self._service.published(reader, person)
        if not query.name:
            return self._told(query, published[:1]) if published else None
        named = [each for each in published if self._is(query, each.collaboration.name)]
        if named:
            return self._told(query, named[:MOST])
        known = any(self._is(query, each.name) for each in self._register(reader))
        return Answer(Outcome.NOT_FOUND, NOTHING.format(name=query.name)) if known else None

    def _told(self, query: PulseQuery, found: Sequence[Results]) -> Answer:
        told = [
            _of_topic(each, query.topic) if query.topic else _summary(each, query.what == "weakest") for each in found
        ]
        outcome = Outcome.ANSWERED if any(said for _, said in told) else Outcome.NOT_FOUND
        shown = any(each.figures and said for each, (_, said) in zip(found, told, strict=True))
        return Answer(outcome, "\n\n".join([*(text for text, _ in told), *([NOTE] if shown else [])]))

    def _five(self, query: PulseQuery, reader: Reader, person: str | None) -> Answer | None:
        """What the register and the last pulse say on each test, of the one collaboration that is meant."""
        meant = [each for each in self._register(reader) if not query.name or self._is(query, each.name)]
        if len(meant) != 1:
            return None
        about = meant[0]
        published = (each for each in self._service.published(reader, person) if each.collaboration.id == about.id)
        results = next(published, None)
        said = dict(zip(Test, about.checklist, strict=False))
        lines = []
        for test in Test:
            start = f"at the start it was said: “{said[test]}”" if said.get(test) else "not talked through at the start"
            figure = f"; {_percent(results, test)}" if results and test in results.tests else ""
            lines.append(f"• {test.value}: {start}{figure}")
        when = f" and its pulse, closed on {_day(results)}" if results else ""
        head = f"{about.name}, by the register{when}:"
        last = [] if results else [NOTHING.format(name=about.name)]
        note = [NOTE] if results and results.figures else []
        return Answer(Outcome.ANSWERED, "\n".join([head, *lines, *last, NO_VERDICT, *note]))

    def _register(self, reader: Reader) -> list[Collaboration]:
        """The collaborations whose results are, or would be, for this reader."""
        return [
            collaboration
            for collaboration in self._service.collaborations()
            if reader.may_read(self._service.audience(collaboration))
        ]

    def _is(self, query: PulseQuery, name: str) -> bool:
        """Whether this collaboration is meant: the words that were said are all in its name, or its name in them."""
        own = set(terms(self._service.trust.name)) | set(terms("collaboration partnership work"))
        said, known = set(terms(query.name)) - own, set(terms(name)) - own
        if not query.sure:
            return bool(known) and set(terms(query.name)) == set(terms(name))
        return bool(said and known) and (said <= known or known <= said)


def _summary(results: Results, brief: bool) -> tuple[str, bool]:
    """A published wave in words: the weakest test, and unless `brief` all five; never a score of them together."""
    head = f"Pulse on {results.collaboration.name}, closed on {_day(results)}: {results.in_words}"
    if brief:
        return head, True
    low = weakest(results.tests)
    lines = [
        f"• {test.value}: {_percent(results, test)}{' (weakest)' if test in low else ''}" for test in results.tests
    ]
    return "\n".join([head, *lines]), True


def _of_topic(results: Results, topic: str) -> tuple[str, bool]:
    """What was published on one of the five tests, or of the statements with these words; and whether there is any."""
    name, day = results.collaboration.name, _day(results)
    test, words = test_named(topic), set(terms(topic))
    about = [
        (number, each)
        for number, each in enumerate(results.wave.statements)
        if (each.test is test if test else bool(words) and words <= set(terms(each.about(""))))
    ]
    if not about:
        return NOT_ASKED.format(name=name, day=day, topic=topic), False
    if results.figures is None:
        return f"Pulse on {name}, closed on {day}: {results.in_words}", True
    count = f", {results.publication.count} answered" if results.publication.count else ""
    head = f"Pulse on {name}, closed on {day}{count}:"
    lines = [f"• {test.value}: {_percent(results, test)}"] if test and test in results.tests else []
    for number, statement in about:
        figure = results.figures.statements[number]
        shown = f"{figure.percent} % favourable ({figure.low} to {figure.high})" if figure else "not shown"
        lines.append(f"• “{statement.about(name)}” {shown}")
    return "\n".join([head, *lines]), True


def _percent(results: Results, test: Test) -> str:
    each = results.tests[test]
    since = f", since the wave before: {results.changes[test].value}" if test in results.changes else ""
    interval = f"95 % interval {whole(each.interval.low)} to {whole(each.interval.high)}"
    return f"{whole(each.percent)} % favourable ({interval}){since}"


def _day(results: Results) -> str:
    closed = results.wave.closes
    return f"{closed.day} {closed:%B %Y}"
