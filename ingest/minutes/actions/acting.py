"""Which words of a line say what is to be done: an undertaking, a promise within a sentence, what was resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.minutes.actions.owners import People
from ingest.minutes.actions.task import leads
from ingest.minutes.actions.wording import NO_ACTION, NO_VERBS, WEAK, is_verb
from ingest.minutes.layout.cells import sentences_of
from ingest.minutes.model import Owner

_HOW = (
    r"will(?:\s+(?:now|also|then|therefore))?|agreed\s+to|(?:is|are)\s+to|undertook\s+to|offered\s+to|volunteered\s+to"
    r"|promised\s+to|(?:was|were|is|are|has\s+been|have\s+been)\s+(?:all\s+)?(?:asked|requested|tasked|reminded)\s+to"
)
_UNDERTAKES = re.compile(
    r"^(?:(?:and|also|therefore|however|then)\s+)?(?P<who>(?:[Tt]he\s+)?[A-Z&][^.,:;()]{0,50}?|All|Governors|Trustees)\s+"
    rf"(?P<how>{_HOW})\s+(?P<what>[a-z].*)$"
)
_OUGHT = re.compile(r"^(?P<who>[A-Za-z&][^.,:;()]{0,50}?)\s+should\s+(?P<what>[a-z].*)$")
_TURN = re.compile(r"[,;]\s+(?:(?:and|but|so|therefore)\s+)*|\s+(?:and|but|so|therefore)\s+|\s+[–—-]\s+")
_AGREED_THAT = re.compile(
    r"\b(?:agreed|resolved|decided|determined)\s+that\s+"
    r"(?P<who>(?:the\s+)?[A-Z][\w'’./& ]{0,45}?|the\s+[a-z][a-z ]{2,40}?)\s+"
    r"(?:should|would|will|is\s+to|are\s+to|to)\s+(?P<what>[a-z].*)$",
    re.IGNORECASE,
)
_RESOLVED = re.compile(
    r"^to\s+(?:approve|agree|ratify|adopt|accept|endorse)(?:\s+and\s+(?:approve|agree|ratify|adopt|sign))?\s+(?P<what>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_OUTCOME = re.compile(
    r"\s*(?:[-–—:]|\.\s)\s*(?:unanimously\s+)?(?:agreed|approved|ratified|adopted|accepted)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_WAS_RESOLVED = re.compile(r"\b(?:agreed|approved|ratified|adopted|accepted)\b", re.IGNORECASE)
_NARRATES = re.compile(
    r"^(?:there\s+(?:was|were|is|are|has|have)\b"
    r"|(?:the\s+|an?\s+)?[\w'’.& ]{1,40}?\s+(?:also\s+|then\s+|briefly\s+)?(?:reported"
    r"|explained|advised|confirmed|outlined|commented|noted|said|asked|provided|gave|shared|thanked|praised|spoke"
    r"|updated|presented|discussed|felt|considered|reviewed|stated|queried|questioned|observed|congratulated|commended"
    r"|welcomed|had)\b)",
    re.IGNORECASE,
)
_FOR_THE_MEETING = "accept agree approve adopt ratify note consider discuss receive sign review"
_OF_THE_MEETING = frozenset(_FOR_THE_MEETING.split())
_MANY = re.compile(
    r"(?:the\s+)?(?:all|both|each|everyone|everybody|governors|trustees|directors|heads|headteachers|members|staff|board|slt"
    r"|committee|teachers|leaders)\b",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(r"\b(?:was|were|is|are)\s+asked\s+for\s+(?P<what>(?!an?\s+(?:vote|show))\S+\s+\S.*)$")
_IT_WAS_AGREED = re.compile(
    r"(?:it\s+was\s+(?:\w+ly\s+)?(?:agreed|resolved|decided)|resolved)\s*[:–-]?\s*that\s+", re.IGNORECASE
)
_YET_TO_BE = re.compile(r"[^.,;]{0,40}\b(?:to|will|should)\s+be\b")
_WAITS = re.compile(r"\b(?:deferred|carried\s+(?:forward|over)|postponed)\b", re.IGNORECASE)
_HE = re.compile(r"^(?:he|she)\b", re.IGNORECASE)
_AHEAD = re.compile(r"\b(?:will|to\s+be|is\s+to|are\s+to|should|to\s+[a-z]+|deferred|need(?:s|ed)?)\b")
_POINTS_BACK = re.compile(r"\b(?:this|that|it|so|these|them|both)(?:\s+up|\s+on|\s+forward)?\W*$", re.IGNORECASE)
_WORDS_OF_A_NAME, _FEW_WORDS = 4, 8


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody is to do, as a sentence says it: `who` is empty where only "he" or "she" says it, `topic`
    is what stands before it and a dash."""

    who: str
    what: str
    topic: str = ""


def undertaken(sentence: str, people: People) -> tuple[str, str] | None:
    """Who undertakes what, where a sentence begins with somebody sure: "The Clerk will write …"."""
    match = _UNDERTAKES.match(sentence.strip())
    if not match:
        return None
    who, what = match["who"], match["what"]
    sure = all(people.is_sure(part) for part in people.parts(who))
    return (who, what) if sure and _is_act(what, weakly=match["how"].startswith("will")) else None


def acts_in(sentence: str, people: People, earlier: Sequence[str] = ()) -> Iterator[Act]:
    """What somebody sure is to do, as the clauses of a sentence say it. "He" and "she" are who the sentence is about
    or, at its start, whom the last of the `earlier` ones is about that begins with anybody."""
    sentence = sentence.strip()
    dash = re.match(r"(\S.{2,60}?)\s+[–—-]\s", sentence)
    starts = [0, *(gap.end() for gap in _TURN.finditer(sentence))]
    for at in starts:
        clause = sentence[at:]
        topic = dash[1] if dash and at >= dash.end() else ""
        if he := _HE.match(clause):
            match = _UNDERTAKES.match(f"X{clause[he.end() :]}")
            if match and _is_act(match["what"], weakly=match["how"].startswith("will")):
                told = reversed(earlier) if not at else (sentence,)
                who = next((who for each in told if (who := subject_of(each, people))), "")
                yield Act(who, match["what"], topic)
                return
            continue
        clause = clause[:1].upper() + clause[1:]
        if found := undertaken(clause, people):
            yield Act(*found, topic)
            return


def ought(sentence: str, people: People) -> Act | None:
    """What somebody sure should do, in the first clause that says so: an action where it has a day, else advice."""
    for at in (0, *(gap.end() for gap in _TURN.finditer(sentence))):
        match = _OUGHT.match(sentence[at:])
        acts = match and is_verb(match["what"].split()[0]) and not NO_ACTION.match(match["what"])
        if match and acts and all(people.is_sure(part) for part in people.parts(match["who"])):
            return Act(match["who"], match["what"])
    return None


def subject_of(sentence: str, people: People) -> str:
    """The one sure person or post that a sentence begins with, empty where it begins with none or with several."""
    words = re.sub(r"^.{0,60}?\.\s+(?=[A-Z])", "", sentence).split()
    for count in range(min(_WORDS_OF_A_NAME, len(words) - 1), 0, -1):
        who = " ".join(words[:count])
        follows = words[count].casefold()
        if people.is_sure(who) and not re.search(r"[,;:.]$", who):
            return who if not re.match(r"and|&|/", follows) and not _MANY.match(who) else ""
    return ""


def acting(text: str, owners: tuple[Owner, ...], people: People, heading: str = "") -> tuple[Act, str]:
    """What the owner who stands beside a line is to do, with who does it by the line's own words, if these say so, and
    what it is about, to be said after it.

    An undertaking of the owner's comes first, then what was agreed that somebody should do, then what was resolved
    ("To approve that …"), else the sentence that looks ahead: what only tells of the meeting is the last choice.
    """
    sentences = sentences_of(text) or [text.strip()]
    found: list[tuple[int, Act, str]] = []
    for at, sentence in enumerate(sentences):
        for act in acts_in(sentence, people, sentences[:at]):
            theirs = not act.who or not owners or people.overlap(people.owners(act.who), owners)
            found.append((2 * theirs + 1, act, about(act, sentences[at - 1] if at else "")))
        if match := _AGREED_THAT.search(sentence):
            verb = match["what"].split()[0]
            sure = all(people.is_sure(part) for part in people.parts(match["who"])) and verb not in NO_VERBS
            theirs = not owners or people.overlap(people.owners(match["who"]), owners)
            if sure and theirs:
                act = Act(match["who"], match["what"])
                found.append((4, act, about(act, sentences[at - 1] if at else "")))
    best = max((each for each in found if each[0] > 1), key=lambda each: each[0], default=None)
    if best:
        return best[1], best[2]
    if asked := next((match for each in reversed(sentences) if (match := _ASKED_FOR.search(each))), None):
        return Act("", asked["what"]), ""
    waits = any(_WAITS.search(each) for each in sentences)
    return Act("", ("" if waits else resolved(text, heading)) or _ahead(sentences, owners, people)), ""


def each_ones(text: str, owners: tuple[Owner, ...], people: People) -> list[tuple[Act, tuple[Owner, ...]]]:
    """What each of several owners beside a line is to do, where its sentences say so of two of them or more."""
    found: list[tuple[Act, tuple[Owner, ...]]] = []
    for sentence in sentences_of(text):
        led = leads(sentence, people)
        acts = [Act(*led)] if led and is_verb(led[1].split()[0]) else list(acts_in(sentence, people))
        for act in acts:
            whose = people.owners(act.who)
            if whose and len(whose) < len(owners) and all(each in owners for each in whose):
                found.append((act, whose))
    return found if len({whose for _, whose in found}) > 1 else []


def resolved(text: str, heading: str = "") -> str:
    """What was resolved, of an agenda item that begins "To approve …" and says that it was; else empty."""
    for said, outcome in ((text, text), (heading, text)):
        match = _RESOLVED.match(said)
        if not match or not _WAS_RESOLVED.search(re.sub(r"^to\s+\w+", "", outcome)):
            continue
        what = _OUTCOME.sub("", sentences_of(match["what"])[0]).strip(" .")
        if that := re.search(r"(?:^|\s)that\s+(?P<rest>\S+(?:\s+\S+){2,})$", what):
            return that["rest"]
        more = re.search(r"\s+and\s+(?P<verb>[a-z]+)\s+(?P<rest>.+)$", what)
        if more and is_verb(more["verb"]) and more["verb"] not in _OF_THE_MEETING:
            return f"{more['verb']} {more['rest']}: {what[: more.start()]}"
        return what
    return ""


def _is_act(what: str, *, weakly: bool = False) -> bool:
    words = what.split()
    verb = words[0].strip(".,;:")
    if not is_verb(verb) or len(words) < 2 or NO_ACTION.match(what):
        return False
    # "will work with her to form a policy": what comes of it makes an action of a weak verb.
    return not (weakly and verb in WEAK) or bool(re.match(r"work\s+(?:\w+\s+)?with\s+.+?\s+(?:to|on)\s+\w+", what))


def about(act: Act, before: str) -> str:
    """What an act speaks of, to be said after its task: the topic before a dash, or the sentence that it points to."""
    if act.topic and len(act.topic.split()) <= _FEW_WORDS:
        return f" – {_topic(act.topic)}"
    if before and not _UNDERTAKES.match(before) and (_POINTS_BACK.search(act.what) or len(act.what.split()) < 3):
        return f": {before.rstrip('.')}"
    return ""


def _topic(text: str) -> str:
    return text[:1].lower() + text[1:] if not text[:2].isupper() else text


def _ahead(sentences: list[str], owners: tuple[Owner, ...], people: People) -> str:
    """The sentence of a line that looks ahead or names the owner, the last of several; "To …" at its start counts."""
    names = [word for owner in owners for word in (owner.name, owner.written, owner.name.split()[0]) if word]

    def weight(sentence: str) -> int:
        subject = sentence is sentences[0] and re.match(r"To\s+[a-z]+\b", sentence)
        named = any(re.search(rf"\b{re.escape(name)}\b", sentence, re.IGNORECASE) for name in names)
        return (
            2 * bool(subject)
            + named
            + 2 * bool(_AHEAD.search(sentence))
            + bool(leads(sentence, people))
            + bool(re.search(r"\bdeferred|agreed\b", sentence, re.IGNORECASE))
            - 3 * bool(_NARRATES.match(sentence) and not _YET_TO_BE.match(sentence))
        )

    best = max(range(len(sentences)), key=lambda at: (weight(sentences[at]), at))
    chosen = sentences[best]
    # "Audit of Data Protection. …": a heading's few words say what the sentence after them is about.
    if (
        best
        and len(sentences[0].split()) <= _FEW_WORDS
        and not (leads(chosen, people) or _NARRATES.match(sentences[0]))
    ):
        chosen = f"{sentences[0]} {chosen}"
    agreed = _IT_WAS_AGREED.match(chosen)
    return chosen[agreed.end() :] if agreed else chosen
