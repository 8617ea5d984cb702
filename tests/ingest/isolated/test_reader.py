"""What came from outside is read by a process of its own: bound, bare, mortal, and not believed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.isolated.frames import LOADED, READING, TOLD, Loaded, Malformed, WorkerReply, receive, send, taken, written
from ingest.isolated.reader import NO_SENSE, TOO_LONG, Bounds, ReaderProcess, Readers, Stopped, sent_within
from ingest.readers.reading import Block, Reading, Unreadable
from ingest.readers.split import Chunk
from tests.attacks import files
from tests.ingest import making

HOUSE = Path(__file__).resolve().parents[3]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the system shows this of a process on Linux alone")
GOOD = b"Hirers of the sports hall are invoiced on the last working day of each month."
PARENT = """
import sys
sys.path.insert(0, sys.argv[1])
from ingest.isolated.reader import ReaderProcess
from tests.attacks.files import long_text
with ReaderProcess() as aside:
    aside.read(b"Good words.")
    print(aside.pid, flush=True)
    aside.read(long_text(), ".txt")
"""


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def gone(pid: int) -> bool:
    """Whether no process of this id runs any more; one that nobody has waited for is dead all the same."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.fixture
def aside() -> Iterator[ReaderProcess]:
    with ReaderProcess(bounds=sent_within(60)) as aside:
        yield aside


@LINUX
def test_a_reader_dies_with_its_parent_in_the_middle_of_its_work() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(HOUSE)], stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout
        reader = int(parent.stdout.readline())
        assert os.getpgid(reader) == reader != os.getpgid(parent.pid)
        assert os.getsid(reader) == reader
        assert not gone(reader)
    finally:
        parent.kill()
        parent.wait()
        if parent.stdout:
            parent.stdout.close()
    until(lambda: gone(reader))


@LINUX
def test_a_reader_inherits_no_token_and_no_open_file(aside: ReaderProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "TRUSTBOT_DATABASE_URL", "OPENAI_API_KEY", "HOME"):
        monkeypatch.setenv(name, "a-secret")
    with (HOUSE / "pyproject.toml").open() as file:
        os.set_inheritable(file.fileno(), True)
        aside.read(GOOD)
    inside = Path(f"/proc/{aside.pid}/environ").read_bytes()
    assert {each.split(b"=")[0] for each in inside.split(b"\0") if each} <= {
        b"LC_ALL", b"MALLOC_ARENA_MAX", b"OPENBLAS_NUM_THREADS",
    }  # fmt: skip
    opened = {str(each.readlink()).split(":")[0] for each in Path(f"/proc/{aside.pid}/fd").iterdir()}
    assert opened == {"pipe", "/dev/null"}


@LINUX
def test_a_reader_is_held_to_its_memory_and_writes_nothing(aside: ReaderProcess) -> None:
    aside.read(GOOD)
    limits = {}
    for line in Path(f"/proc/{aside.pid}/limits").read_text().splitlines()[1:]:
        limits[line[:26].strip()] = line[26:].split()[:2]
    assert limits["Max data size"] == [str(1 << 30)] * 2
    assert limits["Max file size"] == limits["Max core file size"] == ["0", "0"]
    assert int(limits["Max cpu time"][0]) < 40
    assert int(limits["Max open files"][1]) == 64


def test_what_unpacks_to_more_than_its_memory_is_refused_and_the_next_file_read(aside: ReaderProcess) -> None:
    with pytest.raises(Unreadable):
        aside.read(files.flate_bomb(), ".pdf")
    assert aside.read(GOOD).text == GOOD.decode()


@LINUX
def test_the_system_ends_a_reader_that_uses_the_processor_without_end() -> None:
    with ReaderProcess(bounds=Bounds(wall=600.0, cpu=1.0, plain=1.0, each_mb=0.0)) as aside:
        with pytest.raises(Stopped, match="took too long"):
            aside.read(files.long_text(), ".txt")
        assert aside.pid is None
        assert aside.read(GOOD).text == GOOD.decode()


def test_a_reader_that_waits_for_ever_is_ended_by_the_clock() -> None:
    with ReaderProcess(bounds=Bounds(wall=-1.0, each_mb=0.0)) as aside, pytest.raises(Stopped) as stopped:
        aside.read(files.long_text(), ".txt")
    assert str(stopped.value) == TOO_LONG


def test_each_file_that_is_sent_has_a_process_of_its_own_and_none_is_left() -> None:
    readers = Readers(sent_within(30))
    before = _children()
    assert readers.read(GOOD).text == GOOD.decode()
    with pytest.raises(Unreadable):
        readers.read(b"%PDF-1.7 broken", ".pdf")
    assert _children() == before
    with readers.open_idle() as first:
        first.read(GOOD)
        pid = first.pid
    with readers.open_idle() as second:
        assert second.pid == pid
    readers.close()
    assert _children() == before


def test_who_cannot_wait_is_told_that_readers_are_busy() -> None:
    readers = Readers(sent_within(30), at_once=1)
    with readers.open_idle(), pytest.raises(Unreadable, match="Try again in a minute"), readers.open_idle(2.0):
        pass


def _children() -> set[str]:
    found = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True)
    return {line.split()[0] for line in found.stdout.splitlines() if "aside_process" in line}


# A reader that a file has taken over says whatever it likes.
TAKEN_OVER = """
import os, struct, sys
head, body = bytes.fromhex(sys.argv[1]), bytes.fromhex(sys.argv[2])
length = int(sys.argv[3]) if len(sys.argv) > 3 else len(body)
sys.stdin.buffer.read(16)
sys.stdout.buffer.write(struct.pack("<QQ", len(head), length) + head + body)
sys.stdout.flush()
sys.stdin.buffer.read()
"""
RESULT = written(TOLD, WorkerReply("result"))
FORGED: dict[str, tuple[bytes, ...]] = {
    "no JSON": (b"\x80\x04pickle", b""),
    "a list": (b"[]", b""),
    "another state": (b'{"state": "trusted", "sentence": ""}', b""),
    "nothing has changed": (written(TOLD, WorkerReply("same")), b""),
    "no reading": (RESULT, b"{}"),
    "a reading of numbers": (RESULT, b'{"blocks": [{"text": 1}]}'),
    "a level as text": (RESULT, b'{"blocks": [{"text": "a", "level": "1"}]}'),
    "another kind": (RESULT, b'{"blocks": [{"text": "a", "kind": "script"}]}'),
    "a page before the first": (RESULT, b'{"blocks": [{"text": "a", "page": 0}]}'),
    "a level of a hundred": (RESULT, b'{"blocks": [{"text": "a", "level": 100}]}'),
    "brackets without end": (RESULT, b"[" * 50_000),
    "half a character": (RESULT, b'{"blocks": [{"text": "\\ud800"}]}'),
    "more than anybody asked for": (RESULT, b"", str(1 << 60).encode()),
    "more than fits": (RESULT, b'{"blocks": []}', str(1 << 29).encode()),
    "an endless sentence": (written(TOLD, WorkerReply("refused", "a" * 5_000)), b""),
    "a sentence in colour": (written(TOLD, WorkerReply("refused", "\x1b[31mred")), b""),
    "no sentence": (written(TOLD, WorkerReply("refused")), b""),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_what_a_reader_that_was_taken_over_says_is_refused(forged: tuple[bytes, ...]) -> None:
    words = [forged[0].hex(), forged[1].hex(), *(each.decode() for each in forged[2:])]
    with ReaderProcess(bounds=sent_within(60)) as aside:
        aside._process = subprocess.Popen(
            [sys.executable, "-c", TAKEN_OVER, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        with pytest.raises(Unreadable) as refused:
            aside.read(GOOD)
        assert str(refused.value) == NO_SENSE
        assert aside.pid is None


@given(st.binary(max_size=300))
def test_no_bytes_are_taken_for_a_reading_or_do_worse(body: bytes) -> None:
    for adapter in (READING, LOADED, TOLD):
        try:
            taken(adapter, body)  # type: ignore[arg-type]
        except Malformed:
            continue


TEXT = st.text(min_size=1, max_size=40)
PAGE = st.none() | st.integers(1, 3_000)
BLOCK = st.builds(
    Block, TEXT, st.sampled_from(["heading", "paragraph", "item", "row"]), st.integers(0, 6), PAGE, st.booleans()
)
A_READING: st.SearchStrategy[Any] = st.builds(
    Reading,
    st.lists(BLOCK, max_size=5).map(tuple),
    st.none() | st.text(),
    st.sampled_from([None, "page", "slide"]),
    PAGE,
    st.booleans(),
    st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=3),
)
PIECE = st.builds(Chunk, TEXT, st.lists(TEXT, max_size=3).map(tuple), PAGE, st.text(max_size=20))


@given(A_READING)
def test_a_reading_crosses_exactly(reading: Reading) -> None:
    assert taken(READING, written(READING, reading)) == reading


@given(A_READING, st.lists(PIECE, min_size=1, max_size=4).map(tuple), st.binary(min_size=32, max_size=32))
def test_a_file_and_its_pieces_cross_exactly(reading: Reading, pieces: tuple[Chunk, ...], digest: bytes) -> None:
    loaded = Loaded(digest.hex(), reading, pieces)
    assert taken(LOADED, written(LOADED, loaded)) == loaded


@pytest.mark.slow
@pytest.mark.skipif(find_spec("rapidocr_onnxruntime") is None, reason="reading pictures is not set up")
def test_a_scanned_page_is_read_within_a_readers_memory() -> None:
    scan = making.picture_pdf("Hirers of the sports hall are invoiced", "on the last working day of each month.")
    found = Readers(sent_within(120)).read(scan, ".pdf")
    assert found.ocr
    assert "invoiced" in found.text


def test_a_frame_that_breaks_off_is_an_end(tmp_path: Path) -> None:
    whole = tmp_path / "frame"
    with whole.open("wb") as file:
        send(file, b"head", b"body")
    for cut in range(whole.stat().st_size):
        part = tmp_path / "part"
        part.write_bytes(whole.read_bytes()[:cut])
        with part.open("rb") as file:
            assert receive(file, 100) is None
    with whole.open("rb") as file:
        assert receive(file, 100) == (b"head", b"body")


def test_closing_ends_a_reader_also_in_the_middle(aside: ReaderProcess) -> None:
    aside.read(GOOD)
    process = aside._process
    assert process
    aside.close()
    assert process.returncode == -signal.SIGKILL
