"""How surely contradictions between documents are found, on pairs of our own: `python -m tests.evaluation disagree`."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.runtime import db
from knowledge.embedding.encoder import Encoder
from knowledge.library import contradictions as disagree
from knowledge.library.library import Library
from knowledge.passages import Audience, Document, Kind, Passage, Reader

PAIRS = Path(__file__).with_name("disagree.txt")


@dataclass(frozen=True)
class Pair:
    """Two sentences, whether they contradict each other, and whether that was said."""

    one: str
    other: str
    contradict: bool
    found: bool


def measure(encoder: Encoder) -> list[Pair]:
    """Each pair as two policies that nobody else may read, through the detector, in one library."""
    lines = [line for line in PAIRS.read_text("utf-8").splitlines() if line[:2] in ("! ", "= ")]
    pairs = []
    with tempfile.TemporaryDirectory(prefix="trustbot-disagree-") as folder:
        engine = db.make_engine(f"sqlite:///{folder}/trustbot.sqlite")
        db.upgrade(engine)
        library = Library(engine, encoder)
        for number, line in enumerate(lines):
            group = f"pair-{number}"
            audience = Audience(frozenset({group}))
            one, other = (each.strip() for each in line[2:].split("|"))
            for key, text in ((f"{number}a", one), (f"{number}b", other)):
                document = Document(
                    key, f"/{key}", f"{key}.md", f"Policy {key[-1].upper()}", Kind.POLICY, audience, key
                )
                library.put(document, [Passage(f"{key}:0", key, 0, text)])
            found = bool(disagree.disagreements(library, Reader.of({group})))
            pairs.append(Pair(one, other, line.startswith("!"), found))
        engine.dispose()
    return pairs


def report(pairs: list[Pair], failures: bool = False) -> str:
    """The figures in words."""
    said = [each for each in pairs if each.found]
    right = sum(each.contradict for each in said)
    real = sum(each.contradict for each in pairs)
    lines = [
        f"{len(pairs)} pairs of sentences, {real} of them contradictions",
        f"  contradictions: precision {100 * right / (len(said) or 1):.1f} %, recall {100 * right / (real or 1):.1f} %",
    ]
    if failures:
        lines += [
            f"  {'missed' if each.contradict else 'made up'}: {each.one} | {each.other}"
            for each in pairs
            if each.found != each.contradict
        ]
    return "\n".join(lines)
