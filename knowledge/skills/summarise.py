"""Sums one document up in its own words: the sentences that say most, in its order, section by section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from knowledge.answer.citing import NOT_FOUND
from knowledge.answer.retrieve import Search
from knowledge.llm.checking import Source
from knowledge.passages import Answer, Citation, Document, Kind, Outcome, Passage, Reader
from knowledge.skills.documents.boilerplate import is_boilerplate, is_credo, is_formal, leans, stands_aside
from knowledge.skills.documents.description import described, offered
from knowledge.skills.documents.excerpts import leads_in, trimmed, with_list, with_next
from knowledge.skills.documents.finder import IT, NOUN, cited, named
from knowledge.skills.layout import Section, layout
from knowledge.skills.turn import SkillAnswer, Turn
from knowledge.text.figures import figures
from knowledge.text.sentences import sentence_spans

MOST_QUOTES = 10
MOST_WORDS = 220
CENTRAL = 0.3
UNLIKE = 0.8
SAME_SECTION = 0.25

_SIZE = r"(?:(?:short|brief|quick|one[- ]page|one[- ]paragraph|\w+[- ]point|\w+[- ]line|simple|concise)\s+)?"
_PLEASE = (
    r"^(?:(?:please|ok|okay|and|now|then|so|hi|hello)[,!]?\s+)*"
    r"(?:(?:can|could|would|will) (?:you|i|we)(?: please)?\s+|i(?: woul|['’])d like\s+|i (?:need|want)\s+)?"
)
_GIVE = (
    r"(?:(?:give|send|show|get|write|make|do|have|provide|see)\s+)?(?:(?:me|us)\s+)?(?:with\s+)?(?:a|an|the|your)?\s*"
)
_POINTS = (
    r"(?:main|key|most important|chief|essential|headline)\s+(?:points|messages|things|takeaways|take-aways|parts)"
)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_PLEASE}(?:summari[sz]e|sum up|recap)\s+(?P<what>.+)",
        rf"{_PLEASE}{_GIVE}{_SIZE}(?:summary|tl;?\s?dr|précis|precis)\s*(?:of|for|on|:)?\s+(?P<what>.+)",
        rf"{_PLEASE}(?:what(?: are|['’]s| is| were)\s+)?{_GIVE}(?:{_POINTS}|gist)"
        r"\s+(?:of|in|from)\s+(?P<what>.+)",
        r"^(?:what does\s+|what do\s+)?(?P<what>.+?)(?:\s+says?)?[,:;–-]?\s+(?:in a nutshell|tl;?dr|in a few lines)",
        r"^(?:in a nutshell|tl;?dr)[,:]?\s+(?:what does\s+|what do\s+)?(?P<what>.+?)(?:\s+says?)?",
    )
)
_FOR_WHOM = re.compile(
    r"[,]?\s+(?:for (?:a |an |the |my |our |me\b|us\b)?(?:new )?(?:\w+ )?(?:me|us|staff|governors?|trustees?|parents?|"
    r"teachers?|assistants?|colleagues?|heads?|slt|meeting|team)|in (?:plain|simple) (?:english|terms|words)|please|"
    r"in (?:\w+ )?(?:words|points|lines|sentences|bullets|bullet points))$",
    re.IGNORECASE,
)

_OBLIGES = re.compile(
    r"\b(?:must|shall|may not|may only|only|never|no (?:later|longer|more|fewer|less|one)|not (?:allowed|permitted)|"
    r"at (?:least|most|once)|within|before|until|required|needs? to|has to|have to|responsible|leads?|decides?|"
    r"approves?|reports?|ensures?|cannot|nobody|immediately|same day|every)\b",
    re.IGNORECASE,
)
_DECIDES = re.compile(
    r"\b(?:agreed|approved|decided|resolved|adopted|appointed|confirmed|reappointed|deferred|asked for|"
    r"to (?:bring|present|report|circulate|send|book|share|resubmit|advertise)|will (?:be|bring|send|present|copy|"
    r"follow|set|telephone|share)|forecast|deficit|surplus|target)\b",
    re.IGNORECASE,
)
_POINTED = re.compile(
    r"\b(?:in|to|as|the|your|a|an)?\s*(?P<count>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)[- ]"
    r"(?:key |main |short |bullet |most important )*(?:points?|lines?|sentences?|bullets?|things?|takeaways?)\b",
    re.IGNORECASE,
)
_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_FILE_NUMBER = re.compile(r"^\(?\d+(?:\.\d+)*[.)]?\s+")


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """A sentence that may be quoted: where it stands in its passage, its unit vector, and how much it says."""

    passage: Passage
    start: int
    end: int
    vector: NDArray[np.float32]
    score: float

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]

    @property
    def words(self) -> int:
        return len(self.text.split())

    def cite(self, document: Document) -> Citation:
        """It as a citation of its document."""
        return Citation(self.text, self.passage.id, document, self.passage.heading, self.passage.page)


class Summarise:
    """Answers "summarise the lettings policy"."""

    def __init__(self, search: Search) -> None:
        self._search = search

    def reply(self, turn: Turn) -> SkillAnswer | None:
        """The summary, the documents to choose from, or None where no summary is asked for."""
        said = asked(turn.query.written) or asked(turn.query.text)
        if said is None:
            return None
        most = points(turn.query.written)
        if IT.fullmatch(said):
            document = cited(turn, self._search)
            return self._summary(document, turn.reader, most) if document else None
        found = named(said, turn, self._search)
        if found.sure:
            return self._summary(found.documents[0], turn.reader, most, found.of_trust)
        if found.documents:
            return offered(found, "Which one do you mean? Ask again with its name.", turn.reader, self._search)
        return SkillAnswer(Answer(Outcome.NOT_FOUND, NOT_FOUND)) if NOUN.search(said) else None

    def _summary(self, document: Document, reader: Reader, most: int, of_trust: bool = False) -> SkillAnswer | None:
        contents = list(self._search.library.contents(reader, document.id).values())
        chosen = chosen_of(document, contents, most)
        if not chosen:
            return None
        sections = list(dict.fromkeys(_section(passage, document) for passage, _ in contents))
        shown = list(dict.fromkeys(_section(each.passage, document) for each in chosen))
        lead = described(document, self._search)
        if of_trust:
            lead += " It is the trust's; there is none of the school's own that you can see."
        lead += f"\nIn its own words, {len(shown)} of {len(sections)} sections:" if len(sections) > 1 else ""
        pieces = [
            Section(section, "", tuple(each.cite(document) for each in group))
            for section, group in groupby(chosen, key=lambda each: _section(each.passage, document))
        ]
        passages = list(dict.fromkeys(each.passage.id for each in chosen))
        by_id = {passage.id: passage for passage, _ in contents}
        sources = tuple(Source(by_id[each], document) for each in passages)
        return SkillAnswer(layout(Outcome.ANSWERED, lead, pieces), sources)


def asked(question: str) -> str | None:
    """What is to be summed up, as it is called in the question; None where no summary is asked for."""
    text = " ".join(question.split()).strip(" ?.!")
    for form in _FORMS:
        if match := form.fullmatch(text):
            what = match["what"].strip(" ,:")
            while shorter := _FOR_WHOM.search(what):
                what = what[: shorter.start()]
            return re.sub(r"^(?:the|our|my|a)\s+(?=\S)", "", what, flags=re.IGNORECASE) if what else None
    return None


def points(question: str) -> int:
    """How many sentences are asked for ("in five points"): as many as usual where nothing or more is said."""
    match = _POINTED.search(question)
    if match is None:
        return MOST_QUOTES
    said = match["count"].casefold()
    return min(_COUNTS.index(said) + 1 if said in _COUNTS else int(said), MOST_QUOTES) or MOST_QUOTES


def chosen_of(
    document: Document,
    contents: Sequence[tuple[Passage, NDArray[np.int8] | None]],
    most: int = MOST_QUOTES,
    most_words: int = MOST_WORDS,
) -> list[SummarySentence]:
    """The sentences that say most of a document, unlike one another, in its order."""
    lines = candidates(document, contents)
    if not lines:
        return []
    matrix = np.stack([line.vector for line in lines])
    likeness = np.clip(np.dot(matrix, matrix.T), -1.0, 1.0)
    centrality = likeness.mean(axis=1)
    spread = float(centrality.std()) or 1.0
    scores = np.array([each.score for each in lines]) + CENTRAL * (centrality - centrality.mean()) / spread
    chosen: list[int] = []
    taken: dict[str, int] = {}
    left = set(range(len(lines)))
    size = 0
    while left and len(chosen) < most:
        best, value = -1, -np.inf
        for n in left:
            near = max((float(likeness[n, other]) for other in chosen), default=0.0)
            gain = (
                scores[n] - UNLIKE * max(near, 0.0) - SAME_SECTION * taken.get(_section(lines[n].passage, document), 0)
            )
            if gain > value and size + lines[n].words <= most_words:
                best, value = n, gain
        if best < 0:
            break
        chosen.append(best)
        left -= {n for n in left if _overlap(lines[n], lines[best])}
        size += lines[best].words
        section = _section(lines[best].passage, document)
        taken[section] = taken.get(section, 0) + 1
    return [lines[n] for n in sorted(chosen)]


def _overlap(one: SummarySentence, other: SummarySentence) -> bool:
    return one.passage.id == other.passage.id and one.start < other.end and other.start < one.end


def candidates(
    document: Document, contents: Sequence[tuple[Passage, NDArray[np.int8] | None]]
) -> list[SummarySentence]:
    """The sentences that could stand in a summary, in order, with what each says of itself."""
    found: list[SummarySentence] = []
    for passage, rows in contents:
        if rows is None or any(is_formal(each) for each in passage.heading):
            continue
        spans = sentence_spans(passage.text)
        for number, ((start, end), row) in enumerate(zip(spans, rows, strict=False)):
            span = trimmed(passage, start, end)
            if span is None:
                continue
            text = passage.text[slice(*span)]
            count = len(text.split())
            if not 5 <= count <= 50 or is_boilerplate(text) or text.casefold() in document.title.casefold():
                continue
            span = with_next(passage.text, span, spans[number + 1 : number + 2])
            if leads_in(passage.text[slice(*span)]) and (span := with_list(passage.text, span)) is None:
                continue
            text = passage.text[slice(*span)]
            vector = row.astype(np.float32)
            vector /= max(float(np.linalg.norm(vector)), 1e-6)
            found.append(SummarySentence(passage, *span, vector, _says(document, passage, text, number)))
    return found


def _says(document: Document, passage: Passage, text: str, number: int) -> float:
    """How much a sentence says by its own words: duties, decisions, figures and dates, and where it stands."""
    bare = _FILE_NUMBER.sub("", text)
    score = 0.45 * min(len(_OBLIGES.findall(bare)), 2) + 0.35 * min(len(figures(bare)), 2)
    if document.kind in (Kind.MINUTES, Kind.REPORT):
        score += 0.6 * min(len(_DECIDES.findall(bare)), 2)
    score += 0.2 if number == 0 else 0.0
    score -= 0.7 if leans(bare) else 0.0
    score -= 0.8 if any(_aside(each) for each in passage.heading) else 0.0
    score -= 0.6 if is_credo(bare) or "[" in bare else 0.0
    score -= 0.3 if "?" in bare or len(bare.split()) > 36 else 0.0
    return score


def _aside(heading: str) -> bool:
    return stands_aside(heading) or bool(re.search(r"\b(?:definitions|appendix)\b", heading, re.IGNORECASE))


def _section(passage: Passage, document: Document) -> str:
    """The heading that a passage stands under, without the document's own title."""
    kept = [each for each in passage.heading if each.casefold() != document.title.casefold()]
    return kept[0] if kept else ""
