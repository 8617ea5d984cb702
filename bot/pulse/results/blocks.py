"""What was published of a pulse, as Slack shows it: the headline, the table, what to talk about, the comments."""

from __future__ import annotations

from collections.abc import Sequence

from bot.pulse.blocks import CSV, LINK, RESULTS, Message, day
from bot.pulse.model import CHECKLIST, Collaboration, Test, Wave
from bot.pulse.results.picture import whole
from bot.pulse.results.publish import NOTE
from bot.pulse.results.report import Results
from bot.pulse.results.statistics import Estimate, weakest
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block
from knowledge.passages import Citation
from knowledge.school.framework.model import load

COMMENTS_SHOWN = 40


def headline(results: Results) -> Message:
    """The message with the result: the weakest test first, then the five in a row."""
    name = results.collaboration.name
    text = f"Pulse on {name}: {results.in_words}"
    blocks = [kit.header(f"Pulse: {name}"), kit.section(kit.escape(results.in_words))]
    blocks += _tests(results)
    blocks.append(kit.context(kit.escape(_period(results))))
    if results.figures:
        blocks.append(kit.context(NOTE))
    return kit.fallback(text), blocks


def table(results: Results) -> Message:
    """The same as a table: every statement of everybody, and of each slice that may be shown its percent."""
    shown = [(name, figures) for name, figures in results.groups() if figures]
    head = ["Statement", *(_head(name, results.count(name)) for name, _ in shown)]
    rows = [head]
    for number, statement in enumerate(results.wave.statements):
        cells = []
        for _, figures in shown:
            figure = figures.statements[number]
            cells.append(f"{figure.percent} % ({figure.low} to {figure.high})" if figure else "not shown")
        rows.append([statement.about(results.collaboration.name), *cells])
    said = "Percent favourable of those who gave a view, with its 95 % interval"
    hidden = [name for name, figures in results.groups() if figures is None]
    blocks = [kit.section(said), kit.table(rows)]
    if hidden:
        blocks.append(kit.context(kit.escape(f"Not shown: {', '.join(hidden)}.")))
    return said, blocks


def _head(group: str, answered: int | None) -> str:
    return f"{group} (n = {answered})" if answered else group


def talk(results: Results, quotes: Sequence[Citation]) -> Message:
    """“What to talk about next”: the weakest test in the words of the framework, with where they stand."""
    names = " and ".join(test.value for test in weakest(results.tests))
    said = f"What to talk about next: {names}"
    blocks: list[Block] = [kit.section(f"*{kit.escape(said)}*")]
    for quote in quotes:
        blocks += kit.quote(quote.quote)
        place = " › ".join([quote.document.title, *quote.heading[1:]])
        blocks.append(kit.context(kit.escape(place)))
    blocks.append(kit.context("Options, not orders: what fits depends on your schools."))
    return kit.fallback(said), blocks


def comments(results: Results) -> Message:
    """What people wrote, shuffled, with names masked."""
    said = "What people wrote, in no order, with names taken out"
    blocks: list[Block] = [kit.section(f"*{said}*")]
    for comment in results.publication.comments[:COMMENTS_SHOWN]:
        blocks += kit.quote(comment)
    return said, kit.fit(blocks)


def view(results: Results, alt: str) -> Block:
    """The modal with a result, for whoever may see it."""
    blocks = [kit.header(f"Pulse: {results.collaboration.name}"), kit.section(kit.escape(results.in_words))]
    blocks += [*_tests(results), kit.context(kit.escape(_period(results)))]
    if results.figures:
        blocks += [*kit.prose(alt), kit.context(NOTE)]
        blocks.append(kit.actions(kit.button("Send me the table (CSV)", CSV, results.wave.id)))
    return kit.modal("Pulse results", blocks)


def missed(about: Collaboration, reason: str) -> Message:
    """To whoever planned a pulse that could not be opened, or shown."""
    said = f"About the pulse on {about.name}: {reason}"
    return kit.fallback(said), [kit.section(kit.escape(said))]


def five_tests(about: Collaboration) -> Message:
    """The five tests as an item for an agenda, where too few would be asked for figures: each with its question."""
    said = f"For your next agenda: {about.name} and the five tests"
    asks = {test.name.casefold(): test.question for test in load().tests}
    lines = [f"*{test.value}*: {kit.escape(asks.get(test.name.casefold(), CHECKLIST[test]))}" for test in Test]
    blocks = [
        kit.section(f"*{kit.escape(said)}*\nFewer than eight would be asked, so there would be no figures to show. "
                    "Talk these through together instead, and note what each school says."),
        kit.section("\n".join(f"• {line}" for line in lines)),
    ]  # fmt: skip
    return kit.fallback(said), blocks


def home(asked: Sequence[tuple[Wave, Collaboration, str | None]], published: Sequence[Results]) -> list[Block]:
    """The pulse's part of App Home: what its owner may answer now, and the results that he may see. Whether he has
    answered is not shown, so that nobody can be made to show it."""
    blocks: list[Block] = []
    for wave, about, address in asked:
        link = kit.link("Go to it", LINK, address) if address else None
        said = f"*{kit.escape(about.name)}*: open until {day(wave.closes)}; until then you can answer, or change it"
        blocks.append(kit.section(said, link))
    if blocks:
        blocks.insert(0, kit.section("*Your open pulses*"))
    if published:
        blocks.append(kit.section("*Pulse results*"))
    for each in published:
        button = kit.button("Results", RESULTS, each.wave.id)
        blocks.append(kit.section(f"*{kit.escape(each.collaboration.name)}*: {kit.escape(each.in_words)}", button))
    return blocks


def _tests(results: Results) -> list[Block]:
    lines = [_line(test, each, results) for test, each in results.tests.items()]
    return [kit.section("\n".join(lines))] if lines else []


def _line(test: Test, each: Estimate, results: Results) -> str:
    interval = f"{whole(each.interval.low)} to {whole(each.interval.high)}"
    since = f" · since the last wave: {results.changes[test].value}" if test in results.changes else ""
    mark = " ◆ weakest" if test in weakest(results.tests) else ""
    return f"*{test.value}* {whole(each.percent)} % favourable ({interval}){since}{mark}"


def _period(results: Results) -> str:
    return f"Asked from {day(results.wave.opens)} to {day(results.wave.closes)} {results.wave.closes.year}."
