"""Explains: the words of a school first, then what the documents say, shorter sentences before longer ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.answer.citing import NOT_FOUND, quotes, rank
from knowledge.answer.confidence import judge
from knowledge.answer.retrieve import Search
from knowledge.llm.checking import Source
from knowledge.passages import Answer, Citation, Outcome, Reader
from knowledge.school.glossary import Term, term_of, used_in
from knowledge.skills.documents.finder import IT, NOUN, cited, named
from knowledge.skills.layout import Section, layout
from knowledge.skills.summarise import asked as summary_of
from knowledge.skills.summarise import chosen_of
from knowledge.skills.turn import SkillAnswer, Turn
from knowledge.text.sentences import sentence_spans
from knowledge.text.terms import terms

PROMPT = "plain"
READ = 12
MOST_TERMS = 8
MOST_DEFINED = 2
MOST_LINES = 6
MOST_WORDS = 150

_WHO = (
    r"(?:a |an |the |my |our |some )?(?:brand[- ]new |new |newly appointed )?(?:\w+[- ]){0,2}?"
    r"(?:teaching assistants?|tas?|teachers?|ects?|"
    r"starters?|staff|members? of staff|colleagues?|governors?|trustees?|parents?|carers?|family|families|volunteers?|"
    r"cleaners?|cooks?|lunchtime supervisors?|students?|pupils?|child|beginners?|people|person|someone|somebody|me|us)"
    r"(?: who (?:is|are) new(?: to \w+)?| new to \w+)?"
)
_PLAIN = (
    r"(?:in (?:very )?(?:plain|simple|easy|everyday|clear)(?:r|er)? (?:english|terms|words|language)|"
    r"in layman['’]?s terms|without (?:the )?jargon|(?:like|as if|as though) i(?:['’]m| am| were| was) "
    r"(?:new|five|5|ten|a child|a new \w+)(?: here| to (?:this|schools?|the job))?)"
)
_PLEASE = r"^(?:(?:please|ok|okay|and|now|then|so)[,!]?\s+)*(?:(?:can|could|would) you(?: please)?\s+)?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_PLEASE}(?:explain|put|say|give)\s+(?:(?:to )?(?:me|us)\s+)?(?P<what>.+?)(?:,?\s+(?:for|to) {_WHO})?"
        rf",?\s+(?:{_PLAIN}|simply)(?:\s+(?:for|to) {_WHO})?",
        rf"{_PLEASE}(?:explain|put|say)\s+(?P<what>.+?),?\s+(?:for|to) (?P<who>{_WHO})",
        rf"{_PLEASE}explain\s+(?:to (?:me|us)\s+)?(?P<what>it|this|that)(?: again| please)?",
        rf"^(?P<what>.+?)[,:]?\s+{_PLAIN}",
        rf"^{_PLAIN}[,:]?\s+(?P<what>.+)",
        rf"^(?:now )?{_PLAIN}(?P<what>)",
    )
)
_MEANING = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"^(?:and )?what (?:does|do|did)(?: the)?(?: (?:word|words|term|abbreviation|letters|acronym))? (?P<what>.+?)"
        r" (?:mean|stand for)(?: in (?:schools?|english|plain english))?",
        r"^(?:and )?what is meant by (?P<what>.+)",
        r"^(?:please )?define (?P<what>.+)",
        r"^(?:what(?:['’]s| is) )?the meaning of (?P<what>.+)",
        r"^(?:and )?what(?:['’]s| is) (?:an? )(?P<what>\w+)",
        r"^(?:and )?what(?:['’]s| is| are) (?:an? |the )?(?P<what>(?-i:[A-Z]{2,6}[a-z]?))",
    )
)
_BACK = re.compile(r"(?:it|this|that|all that|all this|the above)?", re.IGNORECASE)
_ASKS = re.compile(r"(?:what|which|how|when|who|where|why|can|do|does|is|are)\b", re.IGNORECASE)
_NEW = re.compile(r"\bnew\b|\bstarters?\b|\bbeginners?\b|\b(?:me|us|someone|somebody)$", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]{2,6}")
_SMALL = frozenset({"of", "and", "the", "for", "in", "to", "on", "with", "a", "an", "&"})
_DEFINES = r"(?:means?|is|are|refers? to|includes?)\b"


class Explain:
    """Answers "explain it for a new teaching assistant" and "what does LADO mean?"."""

    def __init__(self, search: Search) -> None:
        self._search = search

    def reply(self, turn: Turn) -> SkillAnswer | None:
        """The explanation, or None where none is asked for."""
        text = " ".join(turn.query.written.split()).strip(" ?.!")
        for form in _MEANING:
            if match := form.fullmatch(text):
                return self._meaning(match["what"].strip(" \"'“”‘’"), turn)
        for form in _FORMS:
            if (match := form.fullmatch(text)) and _for_somebody(match):
                return self._explained(match["what"].strip(" ,:"), turn)
        return None

    def _meaning(self, word: str, turn: Turn) -> SkillAnswer | None:
        if _BACK.fullmatch(word):
            return self._explained(word, turn) if turn.cited or turn.query.before else None
        term = term_of(word)
        if term is None:
            return self._spelt_out(word, turn.reader)
        lead = term.explained(f"{word[:1].upper()}{word[1:]}")
        defined = self._defined(word, term, turn.reader)
        if not defined:
            results = self._search.search(f"{term.term} {' '.join(term.also[:2])}", turn.reader, READ)
            defined = [quote for quote in quotes(rank(results)) if used_in([quote.quote]) and _uses(quote.quote, term)]
        said = "In the documents:" if defined else "No document that you can see uses the word."
        # Without a quote it is still an answer: the words are our own, and say so.
        pieces = [Section("", said, tuple(defined[:MOST_DEFINED]))]
        return SkillAnswer(layout(Outcome.ANSWERED, lead, pieces))

    def _spelt_out(self, word: str, reader: Reader) -> SkillAnswer | None:
        """What the letters of an abbreviation stand for, where a document that the reader may see spells them out."""
        if not _LETTERS.fullmatch(word):
            return None
        for hit in self._search.search(f"{word} stands for", reader, READ).hits:
            passage = hit.passage
            told = " ".join((hit.document.title, *passage.heading))
            for start, end in sentence_spans(passage.text):
                text = passage.text[start:end]
                if not re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE):
                    continue
                if long := _long_form(word, text) or _long_form(word, told):
                    lead = f"{word} stands for {long}, as the documents spell it out."
                    quote = Citation(text, passage.id, hit.document, passage.heading, passage.page)
                    return SkillAnswer(layout(Outcome.ANSWERED, lead, [Section("", "", (quote,))]))
        return None

    def _explained(self, what: str, turn: Turn) -> SkillAnswer | None:
        asked = turn.query.before if _BACK.fullmatch(what) else what
        if _BACK.fullmatch(what) and not asked and not turn.cited:
            return None
        document = None
        if IT.fullmatch(what) and (not asked or summary_of(asked)):
            document = cited(turn, self._search)
        elif NOUN.search(asked) and not _ASKS.match(asked):
            found = named(re.sub(r"^(?:the|our)\s+", "", asked, flags=re.I), turn, self._search)
            document = found.documents[0] if found.sure else None
        if document:
            contents = list(self._search.library.contents(turn.reader, document.id).values())
            citations = tuple(each.cite(document) for each in chosen_of(document, contents, MOST_LINES, MOST_WORDS))
            by_id = {passage.id: passage for passage, _ in contents}
            sources = tuple(Source(by_id[each], document) for each in dict.fromkeys(c.passage_id for c in citations))
            return self._put(Outcome.ANSWERED, citations, sources, turn.reader) if citations else None
        if len(terms(asked)) == 0:
            return None
        results = self._search.search(asked, turn.reader, READ, turn.query.context)
        ranked = rank(results)
        citations = quotes(ranked)
        outcome = judge(results, ranked, citations)
        if outcome is Outcome.NOT_FOUND:
            return SkillAnswer(Answer(outcome, NOT_FOUND))
        sources = tuple(Source(each.hit.passage, each.hit.document) for each in ranked[:8])
        return self._put(outcome, citations[:3], sources, turn.reader)

    def _put(
        self, outcome: Outcome, citations: Sequence[Citation], sources: Sequence[Source], reader: Reader
    ) -> SkillAnswer:
        words = used_in(citation.quote for citation in citations)[:MOST_TERMS]
        said = "\n".join(term.explained(written) for written, term in words)
        own = [each for written, term in words for each in self._defined(written, term, reader, _ids(citations))]
        own = [each for each in dict.fromkeys(own) if not any(each.quote in known.quote for known in citations)]
        pieces = [Section("The words", said, tuple(own[:MOST_DEFINED]))] if words else []
        eased = tuple(sorted(citations, key=lambda each: _length(each.quote)))
        pieces.append(Section("What the documents say", "", eased))
        lead = "The words are explained first, in Trustbot's own words." if words else ""
        return SkillAnswer(layout(outcome, lead, pieces), tuple(sources), PROMPT, said)

    def _defined(self, written: str, term: Term, reader: Reader, within: Iterable[str] | None = None) -> list[Citation]:
        """The sentences in which documents that the reader may see say themselves what this word means."""
        found: list[Citation] = []
        ways = "|".join(sorted({re.escape(each) for each in (written, *term.spellings)}, key=len, reverse=True))
        exact = re.compile(rf"(?:^|[\s“\"(])(?:an? |the )?(?:{ways})[”\")]*\s+{_DEFINES}|\((?:the )?(?:{ways})\)")
        ids = list(within) if within is not None else self._near(term, reader)
        for document in self._search.library.documents(reader):
            if document.id not in ids:
                continue
            for passage, _ in self._search.library.contents(reader, document.id).values():
                for start, end in sentence_spans(passage.text):
                    text = passage.text[start:end]
                    if (
                        " | " not in text
                        and exact.search(text)
                        and 5 <= len(text.split()) <= 60
                        and _defines(text, passage.heading, ways)
                    ):
                        found.append(Citation(text, passage.id, document, passage.heading, passage.page))
        return found[:MOST_DEFINED]

    def _near(self, term: Term, reader: Reader) -> list[str]:
        results = self._search.search(f"{term.term} {' '.join(term.also[:2])} means", reader, READ)
        return [hit.document.id for hit in results.hits]


def _long_form(letters: str, text: str) -> str | None:
    """The words before "(DSE)", or in brackets after "DSE", whose initials are these letters."""
    wanted = letters.casefold()
    for match in re.finditer(rf"\((?:the )?{re.escape(letters)}s?\)", text, re.IGNORECASE):
        before = re.findall(r"[\w’'&-]+", text[: match.start()])[-2 * len(wanted) :]
        for n in range(len(before) - 1, -1, -1):
            if _spell(before[n:], wanted):
                return " ".join(before[n:])
    for match in re.finditer(rf"\b{re.escape(letters)}\s*\(([^()]+)\)", text, re.IGNORECASE):
        if _spell(re.findall(r"[\w’'&-]+", match[1]), wanted):
            return match[1].strip()
    return None


def _spell(words: Sequence[str], wanted: str) -> bool:
    """Whether these words' initials are the letters wanted, with or without the small words between."""
    parts = [part for word in words for part in word.split("-") if part]
    if not parts or parts[0].casefold() in _SMALL:
        return False
    kept = "".join(part[0] for part in parts if part.casefold() not in _SMALL).casefold()
    return wanted in (kept, "".join(part[0] for part in parts).casefold())


def _for_somebody(match: re.Match[str]) -> bool:
    """Whether an explanation is asked for on behalf of these people: not in "explain the leave for a teacher"."""
    who = match.groupdict().get("who")
    what = match["what"].strip()
    return who is None or bool(_BACK.fullmatch(what) or _NEW.search(who) or re.search(rf"{NOUN.pattern}$", what, re.I))


def _defines(text: str, heading: Sequence[str], ways: str) -> bool:
    """Whether a sentence that names a word says what it means: by its verb, by its heading, or by spelling it out."""
    begun = r"(?:\d[\d.]*\s+)?(?:In this policy,? )?(?:an? |the )?"
    opens = re.match(rf"{begun}(?:{ways})[”\")]*\s+(?:means?|refers? to|is an? |are )", text, re.I)
    defined = bool(heading) and bool(re.search(r"\b(?:definitions?|glossary|terms)\b", heading[-1], re.I))
    return bool(opens) or defined or bool(re.search(rf"\w\s\((?:the )?(?:{ways})\)", text))


def _uses(text: str, term: Term) -> bool:
    return any(each.term == term.term for _, each in used_in([text])) or any(
        re.search(rf"\b{re.escape(way)}\b", text) for way in term.spellings
    )


def _ids(citations: Sequence[Citation]) -> list[str]:
    return list(dict.fromkeys(citation.document.id for citation in citations))


def _length(quote: str) -> float:
    """The words of its sentences, on average."""
    spans = sentence_spans(quote)
    return len(quote.split()) / max(len(spans), 1)
