"""Answers what is asked of a document itself, named or quoted before: its page, review, approval, date and standing."""

from __future__ import annotations

import re
from collections.abc import Callable

from knowledge.answer.citing import quotes, rank
from knowledge.answer.retrieve import Search
from knowledge.library.versions import STANDING_ALONE
from knowledge.passages import Citation, Document, Outcome, Status
from knowledge.skills.documents.description import day, described, first_words, titled
from knowledge.skills.documents.finder import NOUN, cited, named, versions
from knowledge.skills.layout import Section, layout
from knowledge.skills.turn import SkillAnswer, Turn
from knowledge.text.sentences import sentence_spans

READ = 12
MOST = 2

_IT = (
    r"(?:it|this|that|(?:this|that|the|the same) "
    r"(?:one|document|policy|paper|report|plan|procedure|handbook|minutes|version))"
)
_LEAD = r"^(?:(?:and|but|so|ok|okay|thanks|then)[,.!]?\s+)*"


def _form(said: str) -> re.Pattern[str]:
    return re.compile(_LEAD + said, re.IGNORECASE)


_PAGE = _form(
    rf"(?:(?:which|what) (?:page|section|heading|clause|slide) (?:is|was) {_IT}(?: on| in| under| from)?"
    rf"|(?:on|in|under) (?:which|what) (?:page|section|heading|slide) (?:is|was) {_IT}"
    rf"|where (?:exactly )?(?:does|do) (?:it|they|the (?:policy|document)) say (?:that|this|so)"
    rf"|where in the (?:document|policy) is {_IT})"
)
_REVIEW = _form(
    rf"(?:when (?:is|will|does) {_IT} (?:be )?(?:next )?(?:due (?:for|to be) )?(?:be )?"
    r"(?:review(?:ed)?|updated)(?: next| again)?"
    rf"|(?:what|when)(?:['’]s| is) (?:the|its) (?:next )?review(?: date)?(?: of {_IT})?)"
)
_REVIEWER = _form(
    rf"(?:who|which (?:body|committee|board)) (?:reviews|has to review|should review|must review|is to review) {_IT}"
)
_APPROVAL = _form(
    r"(?:who|which (?:body|committee|board)) (?:(?:has )?(?:approved|agreed|adopted|ratified|signed off)"
    rf"|(?:approves|agrees|adopts|ratifies|signs off|must approve|has to approve)) {_IT}"
)
_WRITER = _form(rf"who (?:(?:has )?(?:wrote|written|writes|owns|drew up)|is the (?:author|owner) of) {_IT}")
_DATE = _form(
    rf"(?:when was {_IT} (?:last )?(?:approved|agreed|adopted|written|issued|published|updated|reviewed|signed off)"
    rf"|how old is {_IT}|what(?:['’]s| is) the date of {_IT}|when is {_IT} from"
    rf"|(?:which|what) version (?:is|was) {_IT})"
)
_CURRENT = _form(
    rf"is {_IT} (?:still )?(?:(?:the )?(?:current|latest|newest|most recent|up[- ]to[- ]date|right|in force|valid"
    r"|superseded)|out of date|a draft)(?: (?:version|one|policy|document))?"
)

_NAMED = re.compile(rf"\b(?:the|our)\s+(?P<name>(?:[\w’'&-]+\s+){{1,7}}?{NOUN.pattern})", re.IGNORECASE)

_REVIEWED = re.compile(r"\b(?:review(?:ed)?|updated)\b", re.IGNORECASE)
_NEXT = re.compile(r"\bnext review\b|\breview date\b|\bdue for review\b", re.IGNORECASE)
_WRITTEN = re.compile(
    r"^(?:policy |document |report )?(?:author|owner|written by|prepared by)s?\s*[:|]"
    r"|\b(?:written|prepared|drawn up) by\b|\breport author\b",
    re.IGNORECASE,
)
_APPROVED = re.compile(r"\b(?:approved|adopted|ratified|agreed by|signed off)\b", re.IGNORECASE)


class DocumentFacts:
    """Answers "when is that policy reviewed?" of the document that was quoted before, or of one that is named."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._sorts: tuple[tuple[re.Pattern[str], Callable[[Document, Turn], SkillAnswer | None]], ...] = (
            (_PAGE, self._page),
            (_REVIEW, self._review),
            (_REVIEWER, self._review),
            (_APPROVAL, self._approval),
            (_WRITER, self._writer),
            (_DATE, self._date),
            (_CURRENT, self._current),
        )

    def reply(self, turn: Turn) -> SkillAnswer | None:
        """What is known of the document, or None where nothing of it is asked or it is not known which."""
        text = " ".join(turn.query.written.split()).strip(" ?.!")
        for form, answer in self._sorts:
            if turn.cited and form.fullmatch(text):
                document = cited(turn, self._search)
                return answer(document, turn) if document else None
        return self._of_named(text, turn)

    def _of_named(self, text: str, turn: Turn) -> SkillAnswer | None:
        """The same of a document that is named: "when is the lettings policy due for review?"."""
        match = _NAMED.search(text)
        if match is None:
            return None
        plain = f"{text[: match.start()]}it{text[match.end() :]}"
        for form, answer in self._sorts:
            if form is not _PAGE and form.fullmatch(plain):
                found = named(match["name"], turn, self._search)
                return answer(found.documents[0], turn) if found.sure and not found.of_trust else None
        return None

    def _page(self, document: Document, turn: Turn) -> SkillAnswer | None:
        asked = turn.query.before
        if not asked:
            return None
        (results,) = self._search.search_each(asked, turn.reader, [{document.id}], READ)
        found = [quote for quote in quotes(rank(results)) if quote.document.id == document.id][:1]
        if not found:
            return None
        heading = [each for each in found[0].heading if each.casefold() != document.title.casefold()]
        under = f"under “{' › '.join(heading)}”" if heading else "before its first heading"
        unit = document.unit or "page"
        if found[0].page is not None:
            return _answer_of(f"{document.title}: {unit} {found[0].page}, {under}.", found)
        return _answer_of(f"{document.title}: {under}. This copy of it has no page numbers.", found)

    def _review(self, document: Document, turn: Turn) -> SkillAnswer:
        lines = self._lines(document, turn, _REVIEWED, rows=True)
        name = titled(document, self._search)
        if document.review:
            late = document.review < self._search.today()
            when = f"was due for review by {day(document.review)}, which is past" if late else ""
            lead = f"{name} {when or f'is due for review by {day(document.review)}'}."
        elif lines:
            lead = f"The library has no review date of {name}. It says:"
        else:
            lead = f"{name} does not say when it is reviewed."
        return _answer_of(lead, lines or self._first(document, turn))

    def _approval(self, document: Document, turn: Turn) -> SkillAnswer:
        lines = self._lines(document, turn, _APPROVED, rows=True)
        name = titled(document, self._search)
        lead = f"{name} says:" if lines else f"{name} does not say who approved it."
        return _answer_of(lead, lines[:1] or self._first(document, turn))

    def _writer(self, document: Document, turn: Turn) -> SkillAnswer:
        lines = self._lines(document, turn, _WRITTEN)
        name = titled(document, self._search)
        lead = f"{name} says:" if lines else f"{name} does not say who wrote it."
        return _answer_of(lead, lines[:1] or self._first(document, turn))

    def _date(self, document: Document, turn: Turn) -> SkillAnswer:
        lines = self._lines(document, turn, _APPROVED, rows=True)
        return _answer_of(described(document, self._search), lines[:1] or self._first(document, turn))

    def _current(self, document: Document, turn: Turn) -> SkillAnswer:
        others = [version for version in versions(document, turn, self._search) if version.id != document.id]
        first = self._first(document, turn)
        if document.kind in STANDING_ALONE:
            known = described(document, self._search)
            return _answer_of(f"{known} It stands for its own day; no later paper replaces it.", first)
        standing = [other for other in others if other.in_force]
        now = f" In force is {described(standing[0], self._search)}" if standing else ""
        if document.status is Status.DRAFT:
            return _answer_of(f"No: it is a draft and not approved.{now}", [*first, *self._first_of(standing, turn)])
        if not document.in_force:
            return _answer_of(f"No: it is superseded.{now}", [*first, *self._first_of(standing, turn)])
        late = document.review is not None and document.review < self._search.today()
        lead = "Its review is overdue, but of" if late else "Yes, of"
        lead += f" those that you can see it is the version in force. {described(document, self._search)}"
        if drafts := [each for each in others if each.status is Status.DRAFT]:
            lead += f" There is a draft: {described(drafts[0], self._search)}"
            first = [*first, *self._first_of(drafts, turn)]
        return _answer_of(lead, first)

    def _first(self, document: Document, turn: Turn) -> list[Citation]:
        quote = first_words(document, turn.reader, self._search)
        return [quote] if quote else []

    def _first_of(self, documents: list[Document], turn: Turn) -> list[Citation]:
        return self._first(documents[0], turn) if documents else []

    def _lines(self, document: Document, turn: Turn, form: re.Pattern[str], rows: bool = False) -> list[Citation]:
        """The first and the last sentence of a document that speak of this; with `rows` also its table of approvals."""
        found: list[Citation] = []
        contents = list(self._search.library.contents(turn.reader, document.id).values())
        for passage, _ in contents:
            spans = sentence_spans(passage.text)
            for number, (start, end) in enumerate(spans):
                text = passage.text[start:end]
                if not form.search(text) or not (_own(text) or passage is contents[0][0]):
                    continue
                if " | " in text and rows and number + 1 < len(spans):
                    end = spans[number + 1][1]
                found.append(Citation(passage.text[start:end], passage.id, document, passage.heading, passage.page))
        if form is _REVIEWED:
            found.sort(key=lambda each: not _NEXT.search(each.quote))
        return list(dict.fromkeys([*found[:1], *found[-1:]]))[:MOST]


_OF_ITSELF = re.compile(
    r"\b(?:this (?:policy|document|procedure|handbook|plan)|it is reviewed|review date|next review|"
    r"(?:approved|adopted|ratified|agreed|signed off)(?: by|:| on)|date approved|approved \|)|\| approved\b",
    re.IGNORECASE,
)


def _own(text: str) -> bool:
    """Whether a sentence is of the document itself."""
    return bool(_OF_ITSELF.search(text))


def _answer_of(lead: str, citations: list[Citation]) -> SkillAnswer:
    return SkillAnswer(layout(Outcome.ANSWERED, lead, [Section("", "", tuple(citations))] if citations else []))
