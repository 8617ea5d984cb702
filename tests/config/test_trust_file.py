"""Which copy of the trust file counts: versions in the database, two machines, files that are broken or behind."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from bot.ask.answer_router import AnswerRouter
from bot.ask.questions import Questions
from bot.config.trust import Trust, parse
from bot.errors import Refusal
from bot.library.intake import Intake
from bot.runtime import db
from bot.trust.file import STEP, NotInForce, TrustFile
from bot.trust.live import LiveTrust, settled
from knowledge.answer.retrieve import Search
from knowledge.embedding.encoder import Encoder
from knowledge.library.library import Library
from knowledge.pipeline import Answerer

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
PEOPLE = {"eve": ["executive"], "gil": ["governor"], "fay": ["staff"]}
WORDS = {"hall": "The badger sleeps in the hall.", "pool": "The badger swims in the pool."}
EVERYONE, EXEC, BOARD = ("everyone",), ("exec",), ("board",)


def trust_text(
    hall: tuple[str, ...] | None = EVERYONE, pool: tuple[str, ...] | None = EXEC, **roles: str | None
) -> str:
    """A trust file: who reads the two folders, None where one is not listed; other roles of some, None: taken out."""
    people = {person: roles.get(person, own[0]) for person, own in PEOPLE.items()}
    data: dict[str, Any] = {
        "name": "Alder Trust",
        "schools": [{"id": "fernhill", "name": "Fernhill Primary School", "phase": "primary"}],
        "people": [{"id": each, "name": each.title(), "roles": [role]} for each, role in people.items() if role],
        "groups": [
            {"id": "exec", "name": "Executive", "roles": ["executive"]},
            {"id": "board", "name": "Board", "roles": ["governor"]},
        ],
        "library": [
            {"path": folder, "audience": list(audience)}
            for folder, audience in (("hall", hall), ("pool", pool))
            if audience
        ],
    }
    return yaml.safe_dump(data)


class Machine:
    """A process of Trustbot with its own home and copy of the trust file; the library's folders are shared."""

    def __init__(self, home: Path, shelf: Path, url: str, encoder: Encoder, clock: timedelta = timedelta()) -> None:
        home.mkdir()
        for folder in WORDS:
            (home / folder).symlink_to(shelf / folder)
        self.home, self.path = home, home / "trust.yaml"
        self.engine = db.make_engine(url)
        self.file = TrustFile(self.path, home, self.engine, lambda: NOW + clock)
        self.encoder = encoder
        self.library = Library(self.engine, encoder)
        self.live: LiveTrust | None = None

    def write(self, text: str) -> None:
        self.path.write_text(text, encoding="utf-8")

    def look(self) -> int:
        """Start, or look at the file, as the bot does; the version that this process goes by then."""
        with suppress(NotInForce):
            self.file.settle()
        return self.trust.in_force.version.number

    @property
    def trust(self) -> LiveTrust:
        self.live = self.live or LiveTrust(self.engine, self.path, self.file.in_force())
        return self.live

    @property
    def intake(self) -> Intake:
        return Intake(self.library, self.trust, self.home)

    def sees(self, person: str) -> set[str]:
        """The folders of which a search as this person finds something; none where nobody knows him."""
        search = Search(self.library, self.encoder, lambda: self.trust.present.names, lambda: date(2026, 11, 30))
        questions = Questions(AnswerRouter(Answerer(search)), search, self.trust)
        try:
            return {Path(hit.document.source).parent.name for hit in questions.search("badger", person)}
        except Refusal:
            return set()


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    for folder, words in WORDS.items():
        (tmp_path / "shelf" / folder).mkdir(parents=True)
        (tmp_path / "shelf" / folder / f"{folder}.md").write_text(f"# {folder.title()}\n\n{words}\n", encoding="utf-8")
    return tmp_path / "shelf"


Make = Callable[..., Machine]


@pytest.fixture
def machine(tmp_path: Path, shelf: Path, engine: Engine, encoder: Encoder) -> Iterator[Make]:
    """Makes machines on one database: SQLite, then PostgreSQL."""
    made: list[Machine] = []

    def make(text: str, name: str = "one", clock: timedelta = timedelta()) -> Machine:
        url = engine.url.render_as_string(hide_password=False)
        made.append(Machine(tmp_path / name, shelf, url, encoder, clock))
        made[-1].write(text)
        return made[-1]

    yield make
    for each in made:
        each.engine.dispose()


def audiences(engine: Engine) -> dict[str, str]:
    """Folder -> who may read its document, by the database."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT source, audience FROM documents")).all()
    return {Path(row.source).parent.name: row.audience for row in rows if row.source.endswith(".md")}


def test_a_change_is_a_version_and_an_edit_back_is_one_too(machine: Make) -> None:
    one = machine(trust_text(EVERYONE))
    assert one.look() == 1
    assert one.look() == 1, "the same words are no new version"
    one.write(trust_text(EXEC))
    assert one.look() == 2
    one.write(trust_text(EVERYONE))
    assert one.look() == 3
    assert one.trust.present.library[0].audience == EVERYONE


def test_who_reads_less_is_closed_at_once_and_who_reads_more_with_the_next_sync(machine: Make) -> None:
    one = machine(trust_text(EVERYONE, EXEC))
    one.look()
    one.intake.reconcile()
    assert (one.sees("fay"), one.sees("eve")) == ({"hall"}, {"hall", "pool"})
    one.write(trust_text(EXEC, ("exec", "board")))
    one.look()
    assert audiences(one.engine) == {"hall": "exec", "pool": "exec"}
    assert (one.sees("fay"), one.sees("gil"), one.sees("eve")) == (set(), set(), {"hall", "pool"})
    one.intake.reconcile()
    assert audiences(one.engine) == {"hall": "exec", "pool": "board+exec"}
    one.write(trust_text(BOARD, None))
    one.look()
    assert not one.sees("eve") | one.sees("gil") | one.sees("fay"), "nobody until it is known who of the board may"
    one.intake.reconcile()
    assert audiences(one.engine) == {"hall": "board"}
    assert (one.sees("eve"), one.sees("gil")) == (set(), {"hall"})


def test_a_narrowing_that_is_taken_back_before_the_next_sync_is_taken_back(machine: Make) -> None:
    one = machine(trust_text(EVERYONE))
    one.look()
    one.intake.reconcile()
    for audience in (EXEC, EVERYONE):
        one.write(trust_text(audience))
        one.look()
    one.intake.reconcile()
    assert audiences(one.engine)["hall"] == "everyone"


def test_what_a_document_says_of_itself_holds_under_every_rule(machine: Make, shelf: Path) -> None:
    (shelf / "hall" / "hall.md.yaml").write_text("audience: [exec]\n", encoding="utf-8")
    one = machine(trust_text(EVERYONE))
    one.look()
    one.intake.reconcile()
    for rule in (("exec", "board"), EVERYONE):
        one.write(trust_text(rule))
        one.look()
        assert audiences(one.engine)["hall"] == "exec"
        one.intake.reconcile()
        assert audiences(one.engine)["hall"] == "exec"
    one.write(trust_text(BOARD))
    one.look()
    assert "hall" not in one.sees("eve") | one.sees("gil"), "its own word and the rule have nobody in common"


@pytest.mark.parametrize("skew", [timedelta(days=400), timedelta(days=-400)])
def test_a_copy_that_has_missed_a_version_never_comes_into_force(machine: Make, skew: timedelta) -> None:
    one = machine(trust_text(EVERYONE))
    one.look()
    one.intake.reconcile()
    two = machine(trust_text(EVERYONE), "two", skew)
    assert two.look() == 1
    one.write(trust_text(EXEC))
    assert one.look() == 2
    for words in (trust_text(EVERYONE), trust_text(EVERYONE, gil="staff")):
        two.write(words)
        with pytest.raises(NotInForce, match="version 2"):
            two.file.settle()
        assert two.trust.in_force.version.number == 2, "it goes by what is in force all the same"
        two.intake.reconcile()
        assert audiences(one.engine)["hall"] == "exec"
        assert (two.sees("fay"), two.sees("eve")) == (set(), {"hall", "pool"})
    two.write(trust_text(EXEC))
    assert two.look() == 2
    two.write(trust_text(EXEC, gil="staff"))
    assert two.look() == 3, "in step again, it may be changed again"
    with pytest.raises(NotInForce):
        one.file.settle()


def test_a_copy_that_nobody_has_seen_needs_the_operators_word(machine: Make) -> None:
    one = machine(trust_text(EXEC))
    one.look()
    new = machine(trust_text(EVERYONE), "new")
    with pytest.raises(NotInForce):
        new.file.settle()
    assert new.file.settle(insist=True).version.number == 2
    assert one.trust.present.library[0].audience == EVERYONE
    with pytest.raises(NotInForce):
        one.file.settle()


def test_a_home_that_was_copied_is_not_taken_for_the_one_that_went_on(machine: Make, tmp_path: Path) -> None:
    one = machine(trust_text(EVERYONE))
    one.look()
    two = machine(trust_text(EVERYONE), "two")
    shutil.copy(one.home / STEP, two.home / STEP)
    one.write(trust_text(EXEC))
    one.look()
    two.write(trust_text(EVERYONE, gil="staff"))
    with pytest.raises(NotInForce):
        two.file.settle()


def test_a_database_of_an_earlier_day_does_not_bring_back_its_trust_file(machine: Make) -> None:
    one = machine(trust_text(EVERYONE))
    one.look()
    one.write(trust_text(EXEC))
    one.look()
    with one.engine.begin() as connection:
        connection.execute(text("DELETE FROM trust_versions WHERE number = 2"))
        connection.execute(text("UPDATE trust_versions SET text = :text"), {"text": trust_text(EVERYONE)})
    assert one.look() == 3
    assert one.trust.present.library[0].audience == EXEC


@pytest.mark.parametrize("broken", ["", "people: [", "name: Alder\nschools: []\n", "\xff\xfe".encode("latin-1"), None])
def test_a_broken_file_leaves_the_last_good_one(machine: Make, broken: str | bytes | None) -> None:
    one = machine(trust_text(EXEC))
    one.look()
    if broken is None:
        one.path.unlink()
    else:
        one.path.write_bytes(broken if isinstance(broken, bytes) else broken.encode())
    with pytest.raises(Refusal) as refused:
        one.file.settle()
    assert not isinstance(refused.value, NotInForce)
    assert one.trust.in_force.version.number == 1
    assert one.trust.present.library[0].audience == EXEC


def test_a_link_that_leads_to_another_file_is_a_change(machine: Make, tmp_path: Path) -> None:
    one = machine(trust_text(EVERYONE))
    one.path.unlink()
    for number, audience in enumerate((EVERYONE, EXEC), start=1):
        (one.home / f"v{number}.yaml").write_text(trust_text(audience), encoding="utf-8")
        beside = one.home / "trust.yaml.new"
        beside.symlink_to(one.home / f"v{number}.yaml")
        beside.replace(one.path)
        assert one.look() == number
    assert one.trust.present.library[0].audience == EXEC


def test_a_sync_that_is_under_way_goes_on_by_the_version_that_came_meanwhile(machine: Make, shelf: Path) -> None:
    for number in range(3):
        (shelf / "hall" / f"more-{number}.md").write_text(f"# More {number}\n\nBadger {number}.\n", encoding="utf-8")
    one, two = machine(trust_text(EVERYONE)), machine(trust_text(EVERYONE), "two")
    one.look()
    two.look()
    changed = threading.Event()

    def narrow(progress: object) -> None:
        if not changed.is_set():
            changed.set()
            two.write(trust_text(EXEC))
            two.look()

    one.intake.reconcile(progress=narrow)
    assert changed.is_set()
    with one.engine.connect() as connection:
        found = set(connection.scalars(text("SELECT audience FROM documents WHERE source LIKE '%hall%'")))
    assert found == {"exec"}


def test_an_answer_is_made_again_where_a_version_comes_meanwhile(machine: Make) -> None:
    one = machine(trust_text(EVERYONE))
    one.look()
    one.intake.reconcile()
    two = machine(trust_text(EVERYONE), "two")
    two.look()
    made: list[set[str]] = []

    def make() -> set[str]:
        made.append(one.sees("fay"))
        if len(made) == 1:
            two.write(trust_text(EXEC))
            two.look()
        return made[-1]

    assert settled(one.trust, make) == set()
    assert made == [{"hall"}, set()]


def test_what_takes_minutes_does_not_go_by_what_was_in_force_before(machine: Make) -> None:
    one, two = machine(trust_text(EVERYONE)), machine(trust_text(EVERYONE), "two")
    two.look()
    seconds = [0.0]
    live = LiveTrust(one.engine, one.path, two.file.in_force(), lambda: seconds[0])
    with live.steady(fading=True):
        two.write(trust_text(EXEC))
        two.look()
        assert live.present.library[0].audience == EVERYONE, "an answer does not mix two versions"
        with live.steady():
            seconds[0] = 60.0
            assert live.present.library[0].audience == EXEC
        assert live.present.library[0].audience == EXEC


AUDIENCES = st.sampled_from([EVERYONE, EXEC, BOARD, ("exec", "board"), None])
ROLES = st.sampled_from(["executive", "governor", "staff", None])
TEXTS = st.builds(
    lambda hall, pool, eve, gil: trust_text(hall, pool, eve=eve, gil=gil), AUDIENCES, AUDIENCES, ROLES, ROLES
)
MACHINES = st.sampled_from([0, 1])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), MACHINES, TEXTS),
        st.tuples(st.just("take over"), MACHINES, st.none()),
        st.tuples(st.just("sync"), MACHINES, st.none()),
    ),
    min_size=4,
    max_size=12,
)  # fmt: skip


def newest(engine: Engine) -> Trust:
    with engine.connect() as connection:
        words = connection.scalar(text("SELECT text FROM trust_versions ORDER BY number DESC LIMIT 1"))
    return parse(str(words), Path("trust.yaml"))


def may_see(trust: Trust, person: str) -> set[str]:
    """What the words of this trust file give a person, said once more and by hand."""
    found = trust.person(person)
    holds = {"everyone", *(g.id for g in trust.groups if found and set(found.roles) & set(g.roles))} if found else set()
    return {folder.path for folder in trust.library if holds & set(folder.audience)}


def walk(machines: list[Machine], steps: list[tuple[str, int, str | None]]) -> None:
    """Take these steps; after each, whoever asks on whichever machine sees no more than the newest version gives."""
    for what, number, words in steps:
        one = machines[number]
        if what == "edit" and words:
            before = newest(one.engine)
            in_step = one.file.behind() is None
            one.write(words)
            one.look()
            assert in_step or newest(one.engine) == before or parse(words, one.path) == before
        elif what == "take over":
            with one.engine.connect() as connection:
                words = connection.scalar(text("SELECT text FROM trust_versions ORDER BY number DESC LIMIT 1"))
            one.write(str(words))
            one.look()
        else:
            one.intake.reconcile(allow_empty=True)
        present = newest(one.engine)
        for person in PEOPLE:
            for each in machines:
                assert each.sees(person) <= may_see(present, person), (what, person)
    machines[0].intake.reconcile(allow_empty=True)
    present = newest(machines[0].engine)
    for person in PEOPLE:
        for each in machines:
            assert each.sees(person) == may_see(present, person), "in the end everybody sees what is theirs"


def over_and_over(machine: Make, tmp_path: Path, examples: int) -> None:
    runs = iter(range(10_000))

    @settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow], database=None)
    @given(STEPS)
    def hold(steps: list[tuple[str, int, str | None]]) -> None:
        run = next(runs)
        machines = [machine(trust_text(EVERYONE), f"{run}-{number}") for number in (0, 1)]
        with machines[0].engine.begin() as connection:
            for table in ("trust_versions", "trust_folders", "passages", "documents"):
                connection.execute(text(f"DELETE FROM {table}"))
            connection.execute(text("UPDATE library_state SET generation = generation + 1"))
        for each in machines:
            each.look()
        machines[0].intake.reconcile()
        walk(machines, steps)

    hold()


def test_nobody_ever_sees_more_than_the_newest_version_gives(machine: Make, tmp_path: Path) -> None:
    over_and_over(machine, tmp_path, 3)


@pytest.mark.slow
def test_nobody_ever_sees_more_however_often(machine: Make, tmp_path: Path) -> None:
    over_and_over(machine, tmp_path, 15)
