"""Looks at a topic through the ten principles, or at a collaboration through the five tests: quoted, side by side."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.answer.citing import quotes, rank
from knowledge.answer.confidence import judge
from knowledge.answer.retrieve import Search
from knowledge.embedding.encoder import Encoder
from knowledge.index.postings import Floats
from knowledge.library.versions import STANDING_ALONE
from knowledge.passages import Citation, Document, Outcome, Passage, Reader
from knowledge.query.follow_up import topic_of
from knowledge.school.framework import load
from knowledge.school.framework.documents import SOURCE
from knowledge.school.framework.model import Framework
from knowledge.skills.layout import Section, layout
from knowledge.skills.turn import SkillAnswer, Turn

# Fitted by eye to the `fit` topics of tests/evaluation/lens.yaml: below the floor no principle speaks to a topic.
FLOOR = 0.29
NEAR = 0.85
MOST = 3
READ = 12
PRINCIPLES, TESTS = f"{SOURCE}ten-guiding-principles", f"{SOURCE}five-tests-of-collaboration"

_CARTER = r"(?:sir\s+)?(?:david\s+)?carter(?:'s)?"
_TEN = rf"(?:the\s+|our\s+|these\s+|{_CARTER}\s+)*(?:(?:ten|10|guiding|leadership)\s+)*(?:guiding\s+)?principles?"
_SURELY = re.compile(r"\b(?:ten|10|guiding|carter(?:'s)?)\b")
_POINTS = r"(?:this|that|it|these|those|them|here|us|this\s+(?:answer|topic|matter|decision|action|policy|question))"
_SPEAKS = (
    r"(?:speaks?|appl(?:y|ies)|fits?|bears?|relates?|matters?|helps?|(?:is|are)\s+(?:most\s+|best\s+)?relevant"
    r"|(?:is|are)\s+(?:the\s+)?(?:closest|nearest)|would\s+(?:apply|speak|help))(?:\s+(?:most|best))?"
)
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?:which|what)(?:\s+ones?)?(?:\s+of)?\s+{_TEN}\s+{_SPEAKS}(?:\s+(?:to|on|for|with|in))?(?:\s+(?P<topic>.+))?",
        rf"(?:which|what)(?:\s+of)?\s+{_TEN}\s+(?:does|do|would)\s+(?P<topic>.+?)\s+(?:speak|relate|belong|come\s+under)"
        r"(?:\s+(?:to|under))?",
        rf"how\s+(?:do|does|would)\s+(?P<topic>.+?)\s+(?:fit|look|sit|stand|measure\s+up|square)(?:\s+(?:in|up))?"
        rf"(?:\s+(?:with|through|against|by|to))?\s+{_TEN}",
        rf"what\s+(?:do|does|did|would|might)\s+{_TEN}\s+(?:say|tell\s+us|have\s+to\s+say|ask\s+of\s+us)\s+"
        r"(?:about|on|to)\s+(?P<topic>.+)",
        rf"what\s+(?:would|does|might)\s+{_CARTER}\s+(?:say|tell\s+us)\s+(?:about|on|to)\s+(?P<topic>.+)",
        rf"(?:look\s+at|see|view|consider|read|test|hold|check|judge)\s+(?P<topic>.+?)\s+(?:through|against|by"
        rf"|in\s+the\s+light\s+of|with)\s+(?:the\s+lens\s+of\s+)?{_TEN}(?:\s+of\s+leadership)?",
    )
)
_FIVE = tuple(
    re.compile(form)
    for form in (
        r"(?:does|did|do|would|will|has|have|how\s+(?:does|is|did))\b.{2,80}\bcollaborations?\b.{2,30}\bfive\s+tests"
        r"(?:\s+of\s+collaboration)?",
        r"(?:look\s+at|see|view|consider|test|hold|check|judge)\s+.{2,80}?\s+(?:through|against|by|with)\s+"
        r"(?:the\s+)?five\s+tests(?:\s+of\s+collaboration)?",
    )
)
_LEAD = re.compile(r"^(?:(?:please|can you|could you|would you|and|so|now|ok|also|let's|let us)\b[\s,]*)+")
_OURS = re.compile(r"^(?:(?:our|the|this|that|these|those|a|an|your)\s+)+")
_SAID = re.compile(r"^(?:\w+\s+){0,4}?(?:agreed?|decided?|said?|says?)\s+(?:about|on)\s+")
_RECORD = re.compile(r"\s+(?:actions?(?:\s+points?)?|decisions?)$")


@dataclass(frozen=True, slots=True)
class LensQuestion:
    """What is to be looked at: an empty `topic` is what the thread speaks of. `tests`: through the five tests."""

    topic: str = ""
    tests: bool = False


def lens_question(question: str) -> LensQuestion | None:
    """What a question wants to be looked at through the principles or the tests; None where it wants something else."""
    text = " ".join(re.sub(r"[‘’]", "'", question).casefold().split()).strip(" ?!.")
    text = _LEAD.sub("", text).strip()
    if any(form.fullmatch(text) for form in _FIVE):
        return LensQuestion(tests=True)
    for form in _FORMS:
        if match := form.fullmatch(text):
            said = (match["topic"] or "").strip()
            back = not said or bool(re.fullmatch(_POINTS, said))
            # "Which principles apply to data protection?" asks for the law's own.
            if not back and not _SURELY.search(text):
                return None
            if back and match.re.pattern.startswith("how") and not _SURELY.search(text):
                return None
            return LensQuestion("" if back else _RECORD.sub("", _OURS.sub("", said)))
    return None


class Fit:
    """How well each principle speaks to a topic: by meaning, from what it asks of leaders and what they talk of when
    it does. Safe to use from several threads."""

    def __init__(self, framework: Framework, encoder: Encoder) -> None:
        self._principles = framework.principles
        self._encoder = encoder
        self._lock = threading.Lock()
        self._known: tuple[tuple[Floats, Floats], ...] = ()

    def scores(self, topic: str) -> Floats:
        """A value a principle in their order, from about 0 to 1: the mean of the nearest of its own sentences and of
        the nearest thing that it speaks to."""
        vector = self._encoder.encode([topic])[0]
        return np.array(
            [(float(np.dot(own, vector).max()) + float(np.dot(said, vector).max())) / 2 for own, said in self._rows()],
            np.float32,
        )

    def best(self, topic: str) -> tuple[int, ...]:
        """The numbers of the principles that speak to a topic, the best first: at most three, and none below the
        floor."""
        scores = self.scores(topic)
        order = np.argsort(-scores, kind="stable")[:MOST]
        least = max(FLOOR, NEAR * float(scores[order[0]]))
        return tuple(int(each) + 1 for each in order if scores[each] >= least)

    def duty(self, number: int, topic: str) -> str:
        """What this principle asks of leaders that is nearest to a topic."""
        vector = self._encoder.encode([topic])[0]
        own = np.dot(self._rows()[number - 1][0], vector)
        return self._principles[number - 1].duties[int(np.argmax(own[1:]))]

    def _rows(self) -> tuple[tuple[Floats, Floats], ...]:
        with self._lock:
            if not self._known:
                self._known = tuple(
                    (
                        self._encoder.encode([f"{principle.name}: {principle.summary}", *principle.duties]),
                        self._encoder.encode(list(principle.speaks_to)),
                    )
                    for principle in self._principles
                )
            return self._known


class Lens:
    """The way of the ten principles and the five tests."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._framework = load()
        self._fit = Fit(self._framework, search.library.encoder)

    def reply(self, turn: Turn) -> SkillAnswer | None:
        """The principles that speak to the topic beside a passage on it, or the tests' questions; None where neither
        is asked for, there is no topic, or the framework is not in the library."""
        want = lens_question(turn.query.written) or lens_question(turn.query.text)
        if want is None:
            return None
        if want.tests:
            return self._questions(turn.reader)
        before = self._before(turn)
        topic = want.topic or _OURS.sub("", _SAID.sub("", topic_of(before).casefold()))
        document = self._document(turn.reader, PRINCIPLES)
        if not topic or document is None:
            return None
        passages = list(self._search.library.contents(turn.reader, document.id).values())
        beside = self._beside(want.topic or before, turn, back=not want.topic)
        # A question says less of its matter than the paper does that answers it.
        paper = beside[0].document if beside and not want.topic else None
        meant = f"{paper.title}: {topic}" if paper and paper.kind not in STANDING_ALONE else topic
        numbers = self._fit.best(meant)
        spoken = [self._principle(number, meant, document, [each for each, _ in passages]) for number in numbers]
        found = [Section(f"On {topic}, in the documents", citations=beside)] if beside else []
        if not numbers:
            lead = f"None of the ten principles speaks plainly to “{topic}”. They are not stretched to fit it."
        elif len(numbers) == 1:
            lead = f"One of the ten principles speaks most plainly to “{topic}”:"
        else:
            lead = f"{len(numbers)} of the ten principles speak to “{topic}”, the nearest first:"
        return SkillAnswer(layout(Outcome.ANSWERED, lead, [*spoken, *found]))

    def _principle(self, number: int, topic: str, document: Document, passages: Sequence[Passage]) -> Section:
        """What a principle says, and what it asks of leaders nearest to the topic, word for word."""
        principle = self._framework.principle(number)
        own = next(passage for passage in passages if f"Principle {number} is {principle.name}:" in passage.text)
        first = re.search(rf"Principle {number} is [^\n]*?\.(?=\s)", own.text)
        duty = self._fit.duty(number, topic)
        said = duty[0].lower() + duty[1:]
        lines = [first[0] if first else "", said if said in own.text else ""]
        cited = tuple(Citation(line, own.id, document, own.heading, own.page) for line in lines if line)
        return Section(f"{number}. {principle.name}", citations=cited)

    def _questions(self, reader: Reader) -> SkillAnswer | None:
        """The five tests' own questions, as a checklist."""
        document = self._document(reader, TESTS)
        if document is None:
            return None
        lines = [f"{test.name}: {test.question}" for test in self._framework.tests]
        for passage, _ in self._search.library.contents(reader, document.id).values():
            cited = tuple(
                Citation(line, passage.id, document, passage.heading, passage.page)
                for line in lines
                if line in passage.text
            )
            if len(cited) == len(lines):
                lead = "The five tests are passed or not by what the partners can answer to these questions:"
                return SkillAnswer(layout(Outcome.ANSWERED, "", [Section("The five tests, as questions", lead, cited)]))
        return None

    def _before(self, turn: Turn) -> str:
        """The last question of the thread that is about something else than the principles, whole."""
        pairs = zip(turn.query.earlier, turn.query.earlier_whole, strict=True)
        return next((whole for typed, whole in reversed([*pairs]) if lens_question(typed) is None), "")

    def _beside(self, question: str, turn: Turn, *, back: bool) -> tuple[Citation, ...]:
        """The best passage on the topic: of what the answer before quoted, where it is the thread's own."""
        if back and turn.cited:
            results = self._search.search_each(question, turn.reader, [turn.cited], READ)[0]
        else:
            results = self._search.search(question, turn.reader, READ)
        ranked = [each for each in rank(results) if not each.hit.document.source.startswith(SOURCE)]
        cited = quotes(ranked)
        if not ranked or judge(results, ranked, cited) is Outcome.NOT_FOUND:
            return ()
        return cited[:1]

    def _document(self, reader: Reader, source: str) -> Document | None:
        return next(
            (document for document in self._search.library.documents(reader) if document.source == source), None
        )
