"""`trustbot …`: every verb parses, makes one call and prints; 0 done, 1 refused with a reason, 2 wrong usage."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli import care as cli_care
from bot.cli import digest as cli_digest
from bot.cli import guide as cli_guide
from bot.cli import insights as cli_insights
from bot.cli import model as cli_model
from bot.cli import pulse as cli_pulse
from bot.cli import trust as cli_trust
from bot.errors import Refusal

FAILED = (
    "Something went wrong in Trustbot itself (reference {reference}). `trustbot doctor` checks every part and says "
    "what to do. If it finds nothing wrong, send the lines above to whoever looks after Trustbot: they hold no words "
    "of yours."
)
HELP = {"help_option_names": ["-h", "--help"]}
app = typer.Typer(
    name="trustbot",
    help="Cited answers, pulses, digests and follow-ups for the leaders of a trust.",
    context_settings=HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=True,
)
database = typer.Typer(
    help="The database of records.", no_args_is_help=True, context_settings=HELP, rich_markup_mode=None
)
app.add_typer(database, name="db")
app.add_typer(cli_digest.digest, name="digest")
app.add_typer(cli_pulse.pulse, name="pulse")

Which = Literal["open", "overdue", "done", "all"]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
As = Annotated[
    str | None,
    typer.Option("--as", metavar="PERSON", help="Ask as this person of the trust file: id, e-mail or name."),
]


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"trustbot {version('trustbot')}")  # noqa: T201
        raise typer.Exit


@app.callback()
def trustbot(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version, and end.")
    ] = False,
) -> None:
    """Cited answers, pulses, digests and follow-ups for the leaders of a trust."""


def main() -> None:
    """The console script: turns a Refusal into its sentence and a bug into a reference."""
    try:
        app()
    except Refusal as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201
        sys.exit(1)
    except Exception as error:
        from bot.runtime.failures import DISK_FULL, disk_is_full, record_failure

        if disk_is_full(error):
            print(DISK_FULL, file=sys.stderr)  # noqa: T201
            sys.exit(1)
        reference = record_failure(error)
        print(FAILED.format(reference=reference), file=sys.stderr)  # noqa: T201
        sys.exit(1)


@app.command(epilog='Example: trustbot ask "When are lettings invoiced?" --as priya.shah@example.org')
def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in quotes.", show_default=False)] = None,
    person: As = None,
    as_json: Json = False,
    batch: Annotated[
        Path | None, typer.Option("--batch", metavar="IN.jsonl", help='Lines of {"id", "question", "as"?}.')
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="OUT.jsonl", help="Where a batch's answers go.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say too which steps were tried for the answer, in order, and why.")
    ] = False,
) -> None:
    """Answer a question with quotes from the documents that the asker may read."""
    if (question is None) == (batch is None):
        raise typer.BadParameter("give either one question, or --batch IN.jsonl with --out OUT.jsonl")
    if (batch is None) != (out is None):
        raise typer.BadParameter("--batch and --out go together")
    if explain and batch is not None:
        raise typer.BadParameter("--explain goes with one question")
    if question is not None and not question.strip():
        raise typer.BadParameter("the question is empty; write it in quotes")
    from bot import app as composition
    from bot.cli.rendering import results as printing
    from bot.config import settings

    with composition.knowledge(settings.load_settings()) as knowledge:
        if question is not None:
            printing.answer(knowledge.questions.ask(question, person), as_json, explain=explain)
        elif batch is not None and out is not None:
            printing.batch_done(knowledge.questions.ask_batch(batch, out, printing.counted("Answering")), out)


@app.command(epilog='Example: trustbot search "lettings deposit" --count 5')
def search(
    words: Annotated[str, typer.Argument(help="What to look for.")],
    person: As = None,
    count: Annotated[int, typer.Option(min=1, max=100, help="How many passages.")] = 10,
    as_json: Json = False,
) -> None:
    """Show the passages that come nearest, with their scores."""
    if not words.strip():
        raise typer.BadParameter("there is nothing to look for; write some words in quotes")
    from bot import app as composition
    from bot.cli.rendering import results as printing
    from bot.config import settings

    with composition.knowledge(settings.load_settings()) as knowledge:
        printing.hits(knowledge.questions.search(words, person, count), as_json)


@app.command(epilog="Example: trustbot ingest ~/Documents/policies --audience everyone")
def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH…", help="Files and folders; without any, the trust file's library.", show_default=False
        ),
    ] = None,
    audience: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Who may read them: everyone, a school, a group; a+b for either."),
    ] = None,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Believe a folder that is suddenly empty: its documents go.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read documents into the library; what is unchanged costs nothing, what is gone disappears."""
    from bot import app as composition
    from bot.cli.rendering import results as printing
    from bot.config import settings

    read = settings.load_settings()
    with composition.knowledge(read) as knowledge, printing.ingesting() as progress:
        intake = composition.intake(read, knowledge)
        summary, note = intake.take(paths or [], audience, allow_empty=allow_empty, progress=progress)
    printing.ingested(summary, note, as_json)
    if not summary.whole:
        raise typer.Exit(1)


@app.command(epilog="Example: trustbot minutes slt-2026-11-09.docx --json")
def minutes(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Minutes: PDF, Word, Markdown, text or HTML.")],
    as_json: Json = False,
) -> None:
    """Propose the actions, decisions and agenda items of minutes; nothing is stored or sent."""
    from bot import app as composition
    from bot.cli.rendering import results as printing
    from bot.config import settings
    from bot.meetings.notes import proposals

    read = settings.load_settings()
    with composition.pointing(read) as point:
        printing.proposals(proposals.read_minutes_file(file, read, point), as_json)


@app.command(epilog="Example: trustbot actions --school oakfield --state overdue --csv")
def actions(
    person: Annotated[str | None, typer.Option(metavar="PERSON", help="Whose: id, e-mail or name.")] = None,
    school: Annotated[str | None, typer.Option(metavar="SCHOOL", help="Of which school, by its id.")] = None,
    meeting: Annotated[str | None, typer.Option(metavar="ID", help="Of which meeting, by its id.")] = None,
    state: Annotated[Which, typer.Option(help="Which of them.")] = "open",
    as_person: As = None,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a table for a spreadsheet.")] = False,
) -> None:
    """List the actions of meetings, by the day they are due."""
    if as_json and as_csv:
        raise typer.BadParameter("give --json or --csv")
    from bot import app as composition
    from bot.cli.rendering import records as printing_records
    from bot.config import settings

    with composition.records(settings.load_settings()) as service:
        reader = service.reader(as_person)
        found = service.tracking.actions(
            reader,
            state,
            person=service.person(person),
            school=service.school(school),
            meeting=service.meeting(meeting, reader),
        )
        held = {each.id: each for each in service.tracking.meetings(reader)}
        printing_records.actions(found, held, service.tracking.today(), as_json=as_json, as_csv=as_csv)


@app.command(epilog="Example: trustbot decisions --school oakfield --json")
def decisions(
    school: Annotated[str | None, typer.Option(metavar="SCHOOL", help="Of which school, by its id.")] = None,
    meeting: Annotated[str | None, typer.Option(metavar="ID", help="Of which meeting, by its id.")] = None,
    as_person: As = None,
    as_json: Json = False,
) -> None:
    """List the decisions of meetings, the latest first."""
    from bot import app as composition
    from bot.cli.rendering import records as printing_records
    from bot.config import settings

    with composition.records(settings.load_settings()) as service:
        reader = service.reader(as_person)
        found = service.tracking.decisions(
            reader, school=service.school(school), meeting=service.meeting(meeting, reader)
        )
        printing_records.decisions(found, as_json)


@app.command(epilog="Example: trustbot rebuild")
def rebuild(as_json: Json = False) -> None:
    """Build Chroma's index again from the database; answers go on meanwhile."""
    from bot import app as composition
    from bot.cli.rendering import results as printing
    from bot.config import settings

    printing.rebuilt(*composition.rebuild(settings.load_settings()), as_json)


@app.command(epilog="Example: trustbot doctor --json")
def doctor(as_json: Json = False) -> None:
    """Check every part and say what to do about what is wrong."""
    from bot.cli import doctor as checks
    from bot.cli.rendering import results as printing
    from bot.config import settings

    findings = checks.examine(settings.load_settings())
    printing.findings(findings, as_json)
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


@app.command(epilog="Example: SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… trustbot run")
def run() -> None:
    """Run the bot in your Slack workspace until it is stopped."""
    from bot import app as composition
    from bot.config import settings

    composition.run(settings.load_settings())


@app.command(epilog="Example: trustbot demo --home ~/Documents/policies")
def demo(
    person: Annotated[str | None, typer.Option("--as", metavar="PERSON", help="Whom to be at first.")] = None,
    tour: Annotated[bool, typer.Option("--tour", help="Play a short tour in text, and end.")] = False,
    page: Annotated[bool, typer.Option("--page", help="Serve the page although no terminal is attached.")] = False,
    home: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A folder of documents, or one with a trust.yaml, instead of the sample."),
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The page's port on this machine.")] = None,
) -> None:
    """Open a Slack on this machine in the browser, with a sample trust in it, and ask away."""
    if tour and page:
        raise typer.BadParameter("choose one of --tour and --page")
    from bot.config import settings
    from bot.demo import session as demonstration

    terminal = sys.stdin.isatty()
    how: demonstration.How = "page" if page or (terminal and not tour) else "tour"
    demonstration.play(settings.load_settings(), person=person, how=how, home=home, port=port, browser=terminal)


@database.command("upgrade", epilog="Example: trustbot db upgrade")
def upgrade(as_json: Json = False) -> None:
    """Bring the database's schema up to date; safe to repeat."""
    from bot.cli.rendering import results as printing
    from bot.config import settings
    from bot.config.private_home import keep_private
    from bot.runtime import db

    found = settings.load_settings()
    keep_private(found.home)
    engine = db.make_engine(found.database)
    printing.upgraded(db.upgrade(engine), as_json)
    engine.dispose()


cli_care.register(app)
cli_guide.register(app)
cli_insights.register(app)
cli_model.register(app)
cli_trust.register(app)
