"""Answers what has changed: in the library since a day, or from one version of a document to another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import islice

from knowledge.answer.citing import NOT_FOUND
from knowledge.answer.retrieve import Search
from knowledge.library.versions import STANDING_ALONE
from knowledge.llm.checking import Source
from knowledge.passages import Answer, Citation, Document, Kind, Outcome, Passage, Reader, Status
from knowledge.skills.documents.boilerplate import lists_changes
from knowledge.skills.documents.description import dated_as, described, first_words, offered
from knowledge.skills.documents.finder import IT, NOUN, cited, named, versions
from knowledge.skills.layout import Section, layout
from knowledge.skills.turn import SkillAnswer, Turn
from knowledge.skills.versions.diff import Change, Differences, VersionSentence, differences
from knowledge.skills.versions.listing import in_period
from knowledge.skills.versions.since import Span, span
from knowledge.text.dates import find as find_dates

MOST_CHANGES = 5
MOST_OTHERS = 3
OWN_LIST_WORDS = 90
SHORTER = 0.6

_THINGS = r"(?:documents?|polic(?:y|ies)|papers?|procedures?|plans?|the library|anything|things?|what)"
_OVER_ALL = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?:so,? )?what(?:['’]s| is| has| have| was| were)? (?:been )?(?:changed|new|added|updated|different)"
        r"(?: in (?:the )?(?:documents|library|policies|trust))?,?"
        r" (?P<when>(?:since|in the (?:last|past)|this|last|over) .+)",
        r"(?:which|what|any|are there any|have any|show me(?: the| all)?|list(?: the| all)?)"
        rf"(?: new| changed| updated)? {_THINGS}"
        r"(?: that)?(?: have| has| are| is| were| was)?(?: been)?(?: changed| new| added| updated| replaced| issued)?"
        r",? (?P<when>since .+)",
    )
)
_POLICIES = re.compile(r"\bpolic(?:y|ies)\b", re.IGNORECASE)
_CHANGED = r"(?:changed|changes|been changed|been updated|new|different)"
_BETWEEN = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"what(?:['’]s| has| is| was| have)? {_CHANGED} (?:in|to|with|about) (?P<what>.+?)(?: (?P<when>since .+))?",
        r"what (?:did|does|would|will) (?P<what>.+?) change(?: (?P<when>since .+))?",
        r"how (?:has|have|did|does|would|will) (?P<what>.+?) (?:changed?|differ|been changed)"
        r"(?: (?P<when>(?:since|from) .+))?",
        r"what(?:['’]s| is| are| was)?(?: the)? (?:differences?|different|changed?|changes) between (?P<what>.+)",
        r"(?:show(?: me)? )?(?:the )?(?:differences?|changes) between (?P<what>.+)",
        r"(?:please )?compare (?P<what>.+)",
        r"what(?:['’]s| has| is)? (?P<what>)changed?",
    )
)
_VERSIONS = re.compile(
    r"(?:the )?(?:(?:two|old and (?:the )?new|new and (?:the )?old|different|last two) )?(?:versions|editions|ones)"
    r"|the (?:old|previous|last|earlier) (?:one|version) and (?:the )?(?:new|current|this|present)(?: (?:one|version))?"
    r"|the (?:new|current) (?:one|version) and (?:the )?(?:old|previous|last|earlier)(?: (?:one|version))?",
    re.IGNORECASE,
)


class VersionChanges:
    """Answers "what changed since January?" and "what has changed in the lettings policy?"."""

    def __init__(self, search: Search) -> None:
        self._search = search

    def reply(self, turn: Turn) -> SkillAnswer | None:
        """The changes, or None where none are asked for."""
        text = " ".join(turn.query.written.split()).strip(" ?.!")
        for form in _OVER_ALL:
            if (match := form.fullmatch(text)) and (period := span(match["when"], self._search.today())):
                return self._over_all(period, turn.reader, bool(_POLICIES.search(text)))
        for form in _BETWEEN:
            if match := form.fullmatch(text):
                return self._between(match["what"], match.groupdict().get("when") or "", turn)
        return None

    def _over_all(self, period: Span, reader: Reader, policies: bool) -> SkillAnswer:
        listed = in_period(period, reader, self._search.library, Kind.POLICY if policies else None)
        one, several = ("policy", "policies") if policies else ("document", "documents")
        if not listed.shown:
            said = f"No {one} that you can see is dated {period.words}, by its own date."
            return SkillAnswer(Answer(Outcome.NOT_FOUND, said))
        total = len(listed.shown) + listed.more
        lead = f"{total} {several} that you can see are dated {period.words}, by their own dates, newest first"
        if total == 1:
            lead = f"One {one} that you can see is dated {period.words}, by its own date"
        lead += f"; the first {len(listed.shown)}:" if listed.more else ":"
        pieces = [
            Section(each.heading, each.said, (quote,))
            for each in listed.shown
            if (quote := each.quote or first_words(each.document, reader, self._search))
        ]
        return SkillAnswer(layout(Outcome.ANSWERED, lead, pieces))

    def _between(self, what: str, when: str, turn: Turn) -> SkillAnswer | None:
        what = re.sub(r"^(?:the|our)\s+(?=\S)", "", what.strip(), flags=re.IGNORECASE)
        if not what or IT.fullmatch(what) or _VERSIONS.fullmatch(what) or _VERSIONS.fullmatch(f"the {what}"):
            document = cited(turn, self._search)
            return self._compared(document, what, when, turn) if document else None
        if not NOUN.search(what):
            return None
        plain = re.sub(r"\b(?:19|20)\d\d\b", " ", what)
        plain = re.sub(
            r"\b(?:old|previous|earlier|former|new|current|present|draft|versions? of|between|and|from|to|the"
            r"|last year['’]s|this year['’]s|with|one)\b",
            " ",
            plain,
            flags=re.IGNORECASE,
        )
        found = named(" ".join(plain.split()), turn, self._search)
        if re.search(r"\bdraft\b", what, re.IGNORECASE):
            drafts = named(f"draft {' '.join(plain.split())}", turn, self._search)
            found = found if found.documents and drafts.documents else drafts
        if not found.documents:
            return SkillAnswer(Answer(Outcome.NOT_FOUND, NOT_FOUND))
        if not found.sure:
            return offered(found, "Which one do you mean?", turn.reader, self._search)
        return self._compared(found.documents[0], what, when, turn)

    def _compared(self, document: Document, what: str, when: str, turn: Turn) -> SkillAnswer:
        if document.kind in STANDING_ALONE:
            quote = first_words(document, turn.reader, self._search)
            known = described(document, self._search)
            lead = f"{known} It stands for its own day and has no other version to compare it with."
            return SkillAnswer(layout(Outcome.ANSWERED, lead, [Section("", "", (quote,))] if quote else []))
        pair = _two(versions(document, turn, self._search), f"{what} {when}", self._search.today())
        if pair is None:
            quote = first_words(document, turn.reader, self._search)
            known = described(document, self._search)
            lead = f"{known} You can see no other version of it, so there is nothing to compare it with."
            return SkillAnswer(layout(Outcome.ANSWERED, lead, [Section("", "", (quote,))] if quote else []))
        old, new = pair
        before, after = ([*self._search.library.contents(turn.reader, each.id).values()] for each in pair)
        found = differences(old, before, new, after)
        return _answer_of(old, new, found, _own_list(new, [passage for passage, _ in after]), _partial(before, after))


def _two(family: Sequence[Document], said: str, today: date) -> tuple[Document, Document] | None:
    """The earlier and the later of the two versions that are meant; `family` is newest first."""
    if len(family) < 2:
        return None
    drafts = [each for each in family if each.status is Status.DRAFT]
    approved = [each for each in family if each.status is not Status.DRAFT]
    if re.search(r"\bdraft\b", said, re.IGNORECASE) and drafts and approved:
        return approved[0], drafts[0]
    years = sorted({each.start.year for each in find_dates(said)})
    dated = [next((each for each in family if _of_year(each, year)), None) for year in years]
    meant = [each for each in dated if each]
    if len(years) > 1:
        return (meant[0], meant[-1]) if len(meant) > 1 and meant[0] != meant[-1] else None
    standing = [each for each in approved if each.in_force]
    last = standing[0] if standing else approved[0] if approved else family[0]
    older = [each for each in approved if each.id != last.id and (each.date or date.min) <= (last.date or date.max)]
    if years:
        # "Since 2024" asks for the version that stood then.
        older = [each for each in older if each.date and each.date.year <= years[0]]
    return (older[0], last) if older else None


def _of_year(document: Document, year: int) -> bool:
    return bool(document.date and document.date.year == year) or str(year) in f"{document.title} {document.version}"


def _partial(before: Sequence[object], after: Sequence[object]) -> bool:
    return len(after) < SHORTER * len(before)


def _own_list(document: Document, contents: Sequence[Passage]) -> Citation | None:
    """What a version says itself of what it changes."""
    for passage in contents:
        if any(lists_changes(each) for each in passage.heading[-1:]):
            lines: list[str] = []
            count = 0
            for line in passage.text.split("\n"):
                count += len(line.split())
                if lines and count > OWN_LIST_WORDS:
                    break
                lines.append(line)
            return Citation("\n".join(lines), passage.id, document, passage.heading, passage.page)
    return None


def _answer_of(old: Document, new: Document, found: Differences, own: Citation | None, partial: bool) -> SkillAnswer:
    lead = f"{_name(old)} compared with {_name(new)}, sentence by sentence. "
    if not (found.changed or found.new or found.gone or own):
        return SkillAnswer(Answer(Outcome.ANSWERED, f"{lead}No difference was found in what can be compared."))
    counts = [
        f"{len(found.changed)} {'says' if len(found.changed) == 1 else 'say'} something else now",
        f"{len(found.new)} {'is' if len(found.new) == 1 else 'are'} new",
    ]
    if not partial:
        counts.append(f"{len(found.gone)} {'is' if len(found.gone) == 1 else 'are'} gone")
    lead += f"Of the sentences, {', '.join(counts[:-1])} and {counts[-1]}."
    if partial:
        lead += " The later one is much shorter, so what it leaves out may well still stand."
    if new.status is Status.DRAFT:
        lead += " The later one is a draft and not approved."
    pieces = [Section("What it says itself of its changes", "", (own,))] if own else []
    pieces += [_was_and_now(each) for each in _varied(found.changed)]
    more = len(found.changed) - MOST_CHANGES
    if more > 0:
        pieces.append(Section("", f"{more} more sentences say something else now; ask about one matter to see it."))
    pieces += _others("New", found.new)
    if not partial:
        pieces += _others("Gone", found.gone)
    cited = {citation.passage_id: citation.document for piece in pieces for citation in piece.citations}
    passages = {passage.passage.id: passage.passage for passage in _passages(found)}
    sources = tuple(Source(passages[key], document) for key, document in cited.items() if key in passages)
    return SkillAnswer(layout(Outcome.ANSWERED, lead, pieces), sources)


def _varied(changes: Sequence[Change]) -> list[Change]:
    """The weightiest, at most two of one section while others wait."""
    taken: dict[tuple[str, ...], int] = {}
    rounds: list[tuple[int, int]] = []
    for n, each in enumerate(changes):
        heading = each.new.passage.heading
        rounds.append((taken.get(heading, 0) // 2, n))
        taken[heading] = taken.get(heading, 0) + 1
    return [changes[n] for _, n in sorted(rounds)][:MOST_CHANGES]


def _passages(found: Differences) -> list[VersionSentence]:
    pairs = [each for change in found.changed for each in (change.old, change.new)]
    return [*pairs, *found.new, *found.gone]


def _name(document: Document) -> str:
    known = document.version if document.version and "." in document.version else None
    dated = dated_as(document)
    said = ", ".join(each for each in (known, dated if dated not in document.title else "") if each)
    return f"{document.title} ({said})" if said else document.title


def _was_and_now(change: Change) -> Section:
    if change.was and change.now:
        heading = f"Was {_listed(change.was)}, now {_listed(change.now)}"
    elif change.now:
        heading = f"Now with {_listed(change.now)}"
    elif change.was:
        heading = f"Was {_listed(change.was)}, now said otherwise"
    else:
        heading = f"Now otherwise: {change.new.passage.heading[-1]}" if change.new.passage.heading else "Now otherwise"
    if change.new.row:
        heading = f"{change.new.bare.split(' | ')[0]}: {heading[:1].lower()}{heading[1:]}"
    return Section(heading, "", (change.old.cite(), change.new.cite()))


def _listed(figures: Sequence[str]) -> str:
    return " and ".join(islice(figures, 3))


def _others(heading: str, said: Sequence[VersionSentence]) -> list[Section]:
    if not said:
        return []
    more = len(said) - MOST_OTHERS
    return [
        Section(
            heading,
            f"{MOST_OTHERS} of {len(said)}, those that say most:" if more > 0 else "",
            tuple(each.cite() for each in said[:MOST_OTHERS]),
        )
    ]
