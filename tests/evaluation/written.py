"""`python -m tests.evaluation.written`: how far written answers may be trusted, and what our own code costs.

A scripted model stands in, unless TRUSTBOT_MODEL names a real one. It reads badly on purpose: of five claims two are
true, one has a figure of its own, one a quote of its own, one names another passage.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.config import settings
from knowledge.embedding.encoder import load as load_encoder
from knowledge.library.library import Library
from knowledge.llm.model import Use
from knowledge.llm.providers import connect
from knowledge.llm.writer import Writer
from knowledge.passages import Answer, Reader
from knowledge.pipeline import Answerer
from knowledge.text.sentences import sentence_spans
from knowledge.text.terms import terms
from prompts import Prompt
from tests.conftest import ENCODER_CACHE
from tests.evaluation.__main__ import QUESTIONS, TODAY
from tests.evaluation.build import build
from tests.evaluation.cases import Case, load
from tests.model_server.server import Asked, Reply, serving

BEGINS = re.compile(r"\[(\w+) (source \d+|question) begins\]\n(.*?)\n\[\1 \2 ends\]", re.DOTALL)


@dataclass(frozen=True)
class Result:
    """One case: its answer, all its seconds, those of the model, and whether what was sent and cited was in order."""

    case: Case
    answer: Answer
    seconds: float
    model_seconds: float
    asked: bool
    true: int
    cited: int
    leak: bool


def read_badly(asked: Asked) -> Reply:
    """The two sentences that share most with the question, and three claims that must not come through."""
    parts = {name: text.partition("Text:\n")[2] or text for _, name, text in BEGINS.findall(asked.words)}
    question = set(terms(parts.pop("question")))
    sentences = [
        (len(question & set(terms(text[start:end]))), -number, text[start:end])
        for number, text in enumerate(parts.values(), start=1)
        for start, end in sentence_spans(text)
    ]
    best = sorted(sentences, reverse=True)[:2]
    claims = [{"text": quote, "quote": quote, "passage": -number} for _, number, quote in best]
    if best:
        _, number, quote = best[0]
        claims.append({"text": f"{quote} It costs £98,765.", "quote": quote, "passage": -number})
        claims.append({"text": quote, "quote": f"{quote} and so it shall be", "passage": -number})
        claims.append({"text": quote, "quote": quote, "passage": len(parts) + 3})
    return Reply(json.dumps({"kind": "answer", "claims": claims, "ask": ""}))


def ask(case: Case, answerer: Answerer, reader: Reader, library: Library, used: list[Use]) -> Result:
    """Ask one question, and look every citation up again in the library."""
    used.clear()
    began = time.perf_counter()
    answer = answerer.answer(case.question, reader, case.context)
    seconds = time.perf_counter() - began
    held = library.passages(reader, [each.passage_id for each in answer.citations])
    true = sum(
        each.passage_id in held and each.quote in held[each.passage_id].text and reader.may_read(each.document.audience)
        for each in answer.citations
    )
    sent = answer.written.by.passages if answer.written and answer.written.by else ()
    leak = len(library.passages(reader, list(sent))) < len(set(sent))
    return Result(
        case, answer, seconds, sum(each.seconds for each in used), bool(used), true, len(answer.citations), leak
    )


def measure(cases: Sequence[Case]) -> tuple[list[Result], list[float]]:
    """Ask every case of the sample trust; and the seconds that a scripted server took over each by itself."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="trustbot-eval-"))
        built = build(Path(folder), load_encoder(None, ENCODER_CACHE), TODAY)
        spec, url = os.environ.get(settings.MODEL), os.environ.get(settings.MODEL_URL)
        server = None
        if spec is None:
            server = stack.enter_context(serving(read_badly))
            spec, url = "ollama:scripted", server.url
        used: list[Use] = []
        theirs = server.seconds if server else []

        def note(model: str, prompt: Prompt, use: Use, ended: str) -> None:
            used.append(use)

        writer = Writer(connect(spec, url, 120.0, time.monotonic), lambda: True, note)
        answerer = Answerer(built.search, writer)
        results = [ask(case, answerer, built.reader(case.person), built.library, used) for case in cases]
        return results, sorted(theirs)


def report(results: Sequence[Result], theirs: Sequence[float] = ()) -> str:
    """The figures as text; `theirs` are the seconds that the model server took over each request by itself."""
    wrote = [each for each in results if each.answer.written and each.answer.written.claims]
    asked = [each for each in results if each.asked]
    cited, true = sum(each.cited for each in results), sum(each.true for each in results)
    own = sorted(each.seconds - each.model_seconds for each in asked)
    package = sorted(each.model_seconds for each in asked)
    claims = [claim.text for each in wrote if each.answer.written for claim in each.answer.written.claims]
    made_up = sum("98,765" in text for text in claims)
    return "\n".join(
        [
            f"Written answers: {len(results)} questions, the model asked {len(asked)} times, {len(wrote)} written",
            f"  citation precision (verbatim, and readable by the asker)  {true} of {cited}",
            f"  passages sent that the asker may not read                 {sum(each.leak for each in results)}",
            f"  made-up claims shown                                      {made_up} of {len(claims)}",
            f"  milliseconds at the median, search and checks:            {1000 * _median(own):.1f}",
            f"  the provider's package, the line and the model together:  {1000 * _median(package):.1f}",
            *(
                [f"  of that in the model server itself:                       {1000 * _median(theirs):.1f}"]
                if theirs
                else []
            ),
        ]
    )


def _median(values: Sequence[float]) -> float:
    return values[len(values) // 2] if values else 0.0


def main() -> int:
    """Measure, print, and end with 1 where a quote was not true or something was sent that may not be."""
    results, theirs = measure(load(QUESTIONS))
    print(report(results, theirs))
    wrong = any(each.true < each.cited or each.leak for each in results)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
