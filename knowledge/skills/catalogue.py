"""Answers what the library holds: which documents there are, on what, and which are due for review."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from knowledge.answer.citing import quotes, rank
from knowledge.answer.confidence import judge
from knowledge.answer.retrieve import Search
from knowledge.llm.checking import Source
from knowledge.passages import Citation, Document, Kind, Outcome, Status
from knowledge.query import naming
from knowledge.query.thesaurus import alternatives
from knowledge.skills.ahead import until
from knowledge.skills.documents.description import day, described, first_words, offered, titled
from knowledge.skills.documents.finder import NOUN, named
from knowledge.skills.layout import Section, layout
from knowledge.skills.turn import SkillAnswer, Turn
from knowledge.text.terms import terms

LISTED = 25
READ = 8
_KINDS = {
    r"polic(?:y|ies)|procedures?": (Kind.POLICY,),
    r"minutes": (Kind.MINUTES,),
    r"agendas?": (Kind.AGENDA,),
    r"reports?": (Kind.REPORT,),
    r"plans?|strateg(?:y|ies)": (Kind.PLAN,),
    r"guidance": (Kind.GUIDANCE,),
    r"(?:privacy )?notices?": (Kind.NOTICE,),
    r"forms?": (Kind.FORM,),
    r"documents?|papers?|files?|anything": (),
}
_NOUN = rf"(?P<noun>{'|'.join(_KINDS)})"
_ABOUT = r"(?:,? (?:on|about|for|at|of|from|to do with|relating to|regarding) (?P<about>.+))?"
_LEAD = r"(?:(?:and|so|ok|okay|please|can you|could you|tell me)[,.!]? )*"
_LIST = tuple(
    re.compile(_LEAD + form, re.IGNORECASE)
    for form in (
        rf"(?:what|which) {_NOUN} (?:do (?:we|you|i) have|are there|have (?:we|you) got|can (?:i|we) (?:see|read)|"
        rf"do you know|are in (?:the|your) library){_ABOUT}",
        rf"(?:list|show(?: me)?|give me(?: a list of)?) (?:all )?(?:of )?(?:the |our |your |my )?{_NOUN}"
        rf"(?: (?:that )?(?:we|you|i) have)?{_ABOUT}",
    )
)
_OWNED = re.compile(
    rf"{_LEAD}(?:what|which) {_NOUN} (?:do|does|has|have) (?P<owner>.+?) (?:have|has|got)(?: got)?"
    rf"|{_LEAD}(?:list|show(?: me)?|give me)(?: all)?(?: of)? (?P<whose>.+?)(?:['’]s?|s) (?P<of>{'|'.join(_KINDS)})",
    re.IGNORECASE,
)
_EXISTS = re.compile(
    rf"{_LEAD}(?:(?:is|are) there|(?:do|have) (?:we|you) (?:have|got)) (?:a |an |any |some )?"
    rf"(?P<name>(?:[\w’'-]+ ){{0,4}}){_NOUN}{_ABOUT}",
    re.IGNORECASE,
)
_DUE = re.compile(
    rf"{_LEAD}(?:(?:what|which) (?:of (?:our|the) )?{_NOUN} (?:are|is|needs?|falls?|comes?|will be|should be|must be|"
    r"ha(?:s|ve) to be)|what(?:['’]s| is)) (?:to be )?(?:now )?"
    r"(?:due (?:for|to be) (?:a )?(?:review(?:ed)?|renewal|updat(?:e|ing|ed))|"
    r"overdue(?: for (?:a )?review)?|out of date|past (?:its|their) review(?: date)?|(?:to be )?review(?:ed|ing)?|"
    r"up for review|expired|due(?= (?:this|next|by|before|in|within|over|soon)\b))(?P<when>.*)",
    re.IGNORECASE,
)
_DUE_IN_SHORT = re.compile(
    rf"{_LEAD}(?:(?:list|show(?: me)?|any|all) )*(?:the |our )?(?P<noun>polic(?:y|ies)|documents?) (?:that |which )?"
    r"(?:due|overdue|out of date|needing|up)(?: (?:for|a|to be))*(?: (?:renewal|review(?:ed|ing)?))?(?P<when>.*)",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    rf"{_LEAD}(?:show(?: me)?|open|find(?: me)?|get(?: me)?|send(?: me)?|bring up|where(?:['’]s| is| are"
    r"| can (?:i|we) (?:find|see|get))|(?:can|could|may) (?:i|we) (?:see|read|have|get)"
    r"|(?:i|we)(?: am|['’]m| are|['’]re)? (?:need|want|looking for)(?: to see)?)(?: a copy of)?"
    r" (?:the |our )?(?P<name>.+)",
    re.IGNORECASE,
)
_NOT_A_TITLE = re.compile(r"(?:privacy )?notices?|forms?", re.IGNORECASE)
_CALLED = re.compile(rf"(?:{NOUN.pattern})(?: please)?$", re.IGNORECASE)
NONE_CALLED = "No {noun} that you can see has “{about}” in its title. These come closest; they may not answer it."


class DocumentCatalogue:
    """Answers "what policies do we have on attendance?" and "which policies are due for review this term?"."""

    def __init__(self, search: Search) -> None:
        self._search = search

    def reply(self, turn: Turn) -> SkillAnswer | None:
        """The list, or None where none is asked for, or none of it is known by its title."""
        text = " ".join(turn.query.text.split()).strip(" ?.!")
        if match := _DUE.fullmatch(text) or _DUE_IN_SHORT.fullmatch(text):
            # "What is overdue at Oakfield?" asks for actions as likely as for reviews.
            if match["noun"] or "review" in text.casefold() or not naming.schools(match["when"], self._search.names):
                return self._due(match["noun"] or "documents", match["when"], turn)
            return None
        for form in _LIST:
            if match := form.fullmatch(text):
                return self._listed(match["noun"], match["about"] or "", turn)
        if match := _OWNED.fullmatch(text):
            owner = match["owner"] or match["whose"]
            if naming.schools(owner, self._search.names):
                return self._listed(match["noun"] or match["of"], owner, turn)
        if match := _EXISTS.fullmatch(text):
            about = f"{match['name']} {match['about'] or ''}".strip()
            return self._listed(match["noun"], about, turn) if about else None
        if (match := _SHOWN.fullmatch(text)) and _CALLED.search(match["name"]):
            return self._shown(match["name"], turn)
        return None

    def _shown(self, name: str, turn: Turn) -> SkillAnswer | None:
        """The document of this name: what is known of it, its file, and how it begins."""
        found = named(name, turn, self._search)
        if found.documents and not found.sure and not found.partly:
            return offered(found, "Which one do you mean?", turn.reader, self._search)
        if not found.documents:
            noun = NOUN.findall(name)[-1]
            return self._nearest(noun, " ".join(NOUN.sub(" ", name.removesuffix(" please")).split()), turn)
        if not found.sure or found.of_trust:
            return None
        document = found.documents[0]
        first = first_words(document, turn.reader, self._search)
        lead = f"{described(document, self._search)} Its file is {document.file_name}."
        lead += " It begins:" if first else ""
        return SkillAnswer(layout(Outcome.ANSWERED, lead, [Section("", "", (first,))] if first else []))

    def _nearest(self, noun: str, about: str, turn: Turn) -> SkillAnswer | None:
        """What comes closest where no title says what was asked for; None where nothing does."""
        results = self._search.find(turn.query.question, turn.reader, READ)
        ranked = rank(results)
        citations = quotes(ranked)
        if _NOT_A_TITLE.fullmatch(noun) or not terms(about) or judge(results, ranked, citations) is Outcome.NOT_FOUND:
            return None
        lead = NONE_CALLED.format(noun=_one(noun), about=about)
        sources = tuple(Source(each.hit.passage, each.hit.document) for each in ranked[:READ])
        return SkillAnswer(layout(Outcome.CLOSEST, lead, [Section("", "", citations)]), sources, beside=lead)

    def _listed(self, noun: str, about: str, turn: Turn) -> SkillAnswer | None:
        found = self._about(self._of_kind(noun, turn), about)
        if not found:
            return self._nearest(noun, about, turn)
        found.sort(key=lambda each: (each.title.casefold(), each.source))
        if found[0].kind is Kind.MINUTES:
            found.sort(key=lambda each: each.date or date.min, reverse=True)
        count = "One document" if len(found) == 1 else f"{len(found)} documents"
        lead = f"{count} that you can see, by title and in force:"
        lines = [described(each, self._search) for each in found]
        return SkillAnswer(layout(Outcome.ANSWERED, lead, [self._piece("", found, turn, lines)]))

    def _due(self, noun: str, when: str, turn: Turn) -> SkillAnswer | None:
        today = self._search.today()
        schools = naming.schools(when, self._search.names)
        for said in schools.values():
            when = re.sub(rf"\s*\b(?:at|in|for|of)?\s*{re.escape(said)}", " ", when)
        last = until(" ".join(when.split()), today)
        if last is None:
            return None
        dated = [each for each in self._of_kind(noun, turn) if each.review is not None]
        if schools:
            dated = [each for each in dated if each.school in schools]
        dated.sort(key=lambda each: (each.review or date.max, each.title))
        late = [each for each in dated if each.review and each.review < today]
        soon = [each for each in dated if each.review and today <= each.review <= last]
        lead = f"{_many(len(late))} of {len(dated)} are overdue for review and {_many(len(soon)).lower()} due by "
        lead += f"{day(last)}, by the documents' own review dates."
        pieces = [
            self._piece(
                heading,
                found,
                turn,
                [f"{titled(each, self._search)}, {day(each.review)}" for each in found if each.review],
            )
            for heading, found in (("Overdue", late), (f"Due by {day(last)}", soon))
            if found
        ]
        return SkillAnswer(layout(Outcome.ANSWERED if pieces else Outcome.NOT_FOUND, lead, pieces))

    def _piece(self, heading: str, found: Sequence[Document], turn: Turn, lines: Sequence[str]) -> Section:
        said = [f"• {line}" for line in lines[:LISTED]]
        said += [f"and {len(lines) - LISTED} more."] if len(lines) > LISTED else []
        quotes = (first_words(each, turn.reader, self._search) for each in found[:LISTED])
        behind: tuple[Citation, ...] = tuple(quote for quote in quotes if quote is not None)
        return Section(heading, "\n".join(said), behind=behind)

    def _of_kind(self, noun: str, turn: Turn) -> list[Document]:
        kinds = next(kinds for words, kinds in _KINDS.items() if re.fullmatch(words, noun, re.IGNORECASE))
        return [
            document
            for document in self._search.library.documents(turn.reader)
            if document.in_force
            and document.status is Status.APPROVED
            and (document.kind in kinds if kinds else document.kind is not Kind.PRINCIPLE)
        ]

    def _about(self, documents: Sequence[Document], about: str) -> list[Document]:
        """Those that are of the schools and committees named, and whose titles say the rest."""
        names = self._search.names
        schools, bodies = naming.schools(about, names), naming.bodies(about, names)
        left = about
        for said in (*schools.values(), *bodies.values(), names.trust):
            left = left.replace(said, " ") if said else left
        wanted = set(terms(re.sub(r"\b(?:our|the|trust|school|schools)\b", " ", left, flags=re.IGNORECASE)))
        ways = alternatives(left)

        def says(document: Document) -> bool:
            bag = set(terms(f"{document.title} {document.body or ''}"))
            return all(term in bag or any(bag.issuperset(way) for way in ways.get(term, ())) for term in wanted)

        return [
            each
            for each in documents
            if (not schools or each.school in schools) and (not bodies or each.body in bodies) and says(each)
        ]


def _one(noun: str) -> str:
    """One of what is asked for: a policy of policies; minutes and guidance are not counted."""
    said = noun.casefold()
    if said in ("minutes", "guidance"):
        return said
    return "document" if said == "anything" else re.sub(r"ies$", "y", said).removesuffix("s")


def _many(number: int) -> str:
    return str(number) if number else "None"
