"""Who an action belongs to: names, initials and roles, told by the attendance list and the trust's people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ingest.minutes.layout.blanks import is_blank
from ingest.minutes.model import Attendee, Colleague, Owner
from knowledge.masking.name_words import first_names

_TITLE = r"(?:Mrs?|Ms|Miss|Mx|Dr|Rev(?:d|erend)?|Cllr|Sir|Dame|Fr|Prof)\b\.?"
_KINDS = (
    r"acting|interim|deputy|assistant|vice|co|executive|associate|senior|school|site|office|business|data|phase"
    r"|subject|"
    r"link|lead|development|year\s+\d+|ks\d|eyfs|english|maths|reading|parent|staff|safeguarding|finance|premises|estates|hr"
    r"|it|ict|"
    r"send|curriculum|attendance|pastoral|trust|designated|facilities|admissions|wellbeing|inclusion|behaviour"
)
_POST_WORDS = (
    r"chief\s+(?:executive|finance|operating|education)(?:\s+officer)?|head\s?teachers?|heads?|principals?|chairs?(?:man|woman|person)?|clerks?|governance\s+professional|governors?|"
    r"trustees?|directors?|sen(?:d)?co['’]?s?|slt|smt|elt|lgb|fgb|board|dsls?|ddsl|sbm|sbl|cfo|coo|ceo|hos|hot"
    r"|ht|dht|aht|"
    r"eht|cot|cog|vcog|bursar|managers?|leads?|leaders?|co-?ordinators?|officers?|administrators?|admin|office"
    r"|committee|"
    r"team|teachers?|tutors?|departments?|faculties|colleagues|hods?|hoys?|staff|caretaker|pa|secretary|treasurer|counsellor|mentors?|technicians?|tlrs?|champion|"
    r"working\s+(?:party|group)|partners?|assistant|pta|sip|dpo|exec(?:utive)?|members|directors"
)
_OF = r"(?:\s+(?:of|for)\s+(?:the\s+)?(?:governors|trustees|school|year\s+\d+|[a-z]+(?:\s+(?:and\s+)?[a-z]+)?))?"
# "LPPA Working Group", "PE lead": letters say whose group or post it is.
_POSTS = rf"(?:(?:(?:{_KINDS})|(?-i:[A-Z]{{2,5}}))[\s-]+)*(?:{_POST_WORDS}){_OF}"
_ALL = r"(?:all|everyone|everybody)(?:\s+(?:present|attendees))?|both"
_ROLE = re.compile(rf"(?:(?:all|each|the|both|every|class)\s+)*{_POSTS}(?:\s+team)?|{_ALL}", re.IGNORECASE)
INITIALS = r"[A-Z](?:\.?\s?[A-Z]){1,3}\.?"
_WORD = r"(?:O['’]|Mc|Mac|De)[A-Z][a-z]+|[A-Z][a-z]+(?:['’-][A-Z]?[a-z]+)*"
# "JBradley", "PMcW": an initial with the surname or what is left of it.
_HANDLE = re.compile(r"[A-Z]{1,2}(?:Mc|Mac|O['’])[A-Z][a-z]*|[A-Z][A-Z]?[A-Z][a-z]{3,}")
NAME = (
    rf"(?:{_TITLE}\s+(?:[A-Z]{{1,3}}\b\.?\s+|(?:{_WORD})\s+)?(?:{_WORD})|"
    rf"(?:{_WORD})(?:\s+(?:{_WORD}|[A-Z]\b\.?)){{1,2}})"
)
_WORDS_IN_CAPITALS = """
    AOB FGB LGB SIP SEF SDP SEND SEN PP FSM LAC EAL KS GAG SCR RAG CPD DFE LA PTA SLA GDPR ICO TBC TBA NA HR IT PE RE
    RSE SRE PSHE AM PM KPI QA EYFS SATS UK EU VAT AI II III IV ASAP NONE NB PD AP ARE TO BE OK BM LW KIT AND OR IN ON
    AT BY OF FOR DCC
"""
_NO_INITIALS = frozenset(_WORDS_IN_CAPITALS.split())
_MOST_PIECES = 4
_POSTS_IN_LETTERS = "HT DHT AHT EHT HOS HOT CEO CFO COO SBM SBL DSL DDSL SLT SMT ELT COG VCOG COT DPO"
POST_LETTERS = frozenset(_POSTS_IN_LETTERS.split())
_EVERYBODY = re.compile(
    r"(?:all|everyone|everybody)(?:\s+\w+)?|(?:the\s+)?(?:governors|trustees|heads|members|staff|board|slt)",
    re.IGNORECASE,
)
_THING = re.compile(
    r"['’]s\b|\b(?:report|plan|policy|policies|school|academy|agenda|minutes|meeting|review|update|budget|strategy|term|year"
    r"|stage|autumn|spring|summer|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|training|reading|writing|maths|english|website|audit|finance|health|safety|data|visit|trust|library|survey)s?\b",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s*(?:/|&|,|;|\+|\band\b|\bwith\b|\bsupported\s+by\b|\n)\s*")


@lru_cache(maxsize=1)
def _called() -> frozenset[str]:
    """First names that are no words, as they are written."""
    return frozenset(name.title() for name in first_names())


@dataclass(frozen=True, slots=True)
class People:
    """Everybody whom minutes may mean: those on the attendance list first, then the people of the trust file."""

    attendees: tuple[Attendee, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    school: str | None = None
    clerk: str | None = None
    chair: str | None = None

    def owners(self, text: str) -> tuple[Owner, ...]:
        """The owners whom a cell or the start of a line names, in order, each once; none where it names nobody."""
        found: list[Owner] = []
        for part in self.parts(text):
            owner = self.owner(part)
            if owner and all(owner.name.casefold() != each.name.casefold() for each in found):
                found.append(owner)
        return tuple(found)

    def parts(self, text: str) -> list[str]:
        """The single owners that a text joins, as written."""
        text = _tidy(text)
        words = text.split()
        if len(words) > 1 and all(re.fullmatch(r"[A-Z]{2,4}", word) and self._known(word) for word in words):
            # "SS CH" in a margin: two people whose initials the list of those present explains.
            return words
        if not text or (not _JOINED.search(text) and self.is_owner(text)):
            return [text] if text else []
        parts = [part for part in _JOINED.split(text) if part]
        kept: list[str] = []
        pieces = _JOINED.findall(text)
        for at, part in enumerate(parts):
            if kept and "and" in pieces[at - 1] and not (self.is_owner(part) and self.is_owner(kept[-1])):
                kept[-1] = f"{kept[-1]} and {part}"
            else:
                kept.append(part)
        return [each for part in kept for each in self._run_on(part)]

    def _run_on(self, text: str) -> list[str]:
        """Owners that a layout put side by side with nothing between them: "Clerk Kay Dicken"."""
        if self.is_owner(text):
            return [text]
        words = text.split()
        for cut in range(1, len(words)):
            left, right = " ".join(words[:cut]), " ".join(words[cut:])
            if self.is_owner(left) and self.is_owner(right):
                return [left, right]
        return [text]

    def is_owner(self, text: str) -> bool:
        """Whether this is a person, initials or a role, and nothing else."""
        text = _tidy(text)
        if not text or len(text) > 60:
            return False
        if _ROLE.fullmatch(text) or self._known(text):
            return True
        if re.fullmatch(INITIALS, text):
            return _letters(text) not in _NO_INITIALS
        if _HANDLE.fullmatch(text) or text in _called():
            return True
        return bool(re.fullmatch(NAME, text)) and not _THING.search(text)

    def is_sure(self, text: str) -> bool:
        """Whether this is somebody known, a role, or initials: a capitalised pair of words may be anything."""
        text = _tidy(text)
        return bool(_ROLE.fullmatch(text) or self._known(text)) or (
            bool(re.fullmatch(INITIALS, text)) and _letters(text) not in _NO_INITIALS
        )

    def owner(self, text: str) -> Owner | None:
        """One owner, in full where it is certain whom the text means, else as written."""
        written = _tidy(text)
        if not written or is_blank(text) or re.fullmatch(r"(?:none|nil|n/?a|-+|tbc)", written, re.IGNORECASE):
            return None
        names = self._known(written)
        if names is not None:
            return Owner(names[0], written, names[1])
        mended = _fixed_role(written)
        return Owner(mended, written, self._in_role(mended))

    def _known(self, text: str) -> tuple[str, str | None] | None:
        """Name in full and id of the one person whom these words mean; None for nobody, or for more than one."""
        for way in (text, *((text.title(),) if text.isupper() else ()), *_pieced(text)):
            for form in (self._by_name, self._by_initials, self._by_part):
                if found := form(way, _squashed(way)):
                    return found if found[0] else None
        return None

    def _by_name(self, text: str, said: str) -> tuple[str, str | None] | None:
        here = [(attendee.name, attendee.person) for attendee in self.attendees if _squashed(attendee.name) == said]
        known = [(person.name, person.id) for person in self.colleagues if _squashed(person.name) == said]
        if not here and not known:
            return None
        name, person = (here or known)[-1]
        # A name that two people share says who it may be, and not who it is.
        return name, person if len({ident for _, ident in known}) < 2 and len(here) < 2 else None

    def _by_initials(self, text: str, said: str) -> tuple[str, str | None] | None:
        letters = _letters(text)
        if not re.fullmatch(INITIALS, text):
            return None
        here = {(attendee.name, attendee.person) for attendee in self.attendees if attendee.initials == letters}
        if letters in POST_LETTERS | _NO_INITIALS and not here:
            return None
        if not here:
            here = {(each.name, each.id) for each in self._near() if initials_of(each.name) == letters}
        return next(iter(here)) if len(here) == 1 else (("", None) if here else None)

    def _by_part(self, text: str, said: str) -> tuple[str, str | None] | None:
        """By a first name or a surname that only one person here has, a title before it or not."""
        bare = re.sub(rf"^{_TITLE}\s+(?:[A-Z]{{1,3}}\.?\s+)?", "", text)
        short = re.fullmatch(rf"(?P<first>{_WORD})\s+(?P<last>[A-Z])\.?", bare)
        if not short and not re.fullmatch(_WORD, bare):
            return None
        titled, last = bare != text, short["last"] if short else ""
        bare = short["first"] if short else bare
        for everybody in (self.attendees, self._near()):
            here = {
                (each.name, each.person if isinstance(each, Attendee) else each.id)
                for each in everybody
                if bare.casefold() in [word.casefold() for word in each.name.split()[-1 if titled else 0 :]]
                and each.name.split()[-1].startswith(last)
            }
            if here:
                return next(iter(here)) if len(here) == 1 else ("", None)
        return None

    def _near(self) -> tuple[Colleague, ...]:
        """The people of this school and of the trust as a whole."""
        return tuple(
            colleague
            for colleague in self.colleagues
            if not self.school or not colleague.schools or self.school in colleague.schools
        )

    def _in_role(self, role: str) -> str | None:
        """The one person here who holds this role, by the minutes' own word or the trust file's."""
        said = _squashed(role)
        if said == "clerk" and self.clerk:
            return self._id_of(self.clerk)
        if said == "chair" and self.chair:
            return self._id_of(self.chair)
        here = {attendee.person for attendee in self.attendees if attendee.role and _squashed(attendee.role) == said}
        if len(here) == 1:
            return here.pop()
        wanted = _ROLE_IDS.get(said)
        holders = [
            each.id
            for each in self._near()
            if _squashed(each.title) == said or (wanted in each.roles and self.school in each.schools)
        ]
        return holders[0] if len(holders) == 1 else None

    def _id_of(self, name: str) -> str | None:
        found = self._by_name(name, _squashed(name))
        return found[1] if found else None

    def overlap(self, one: Iterable[Owner], other: Iterable[Owner]) -> bool:
        """Whether two actions can be one person's: they share an owner, or one of them names none."""
        a = {key for owner in one for key in self._keys(owner)}
        b = {key for owner in other for key in self._keys(owner)}
        return not a or not b or bool(a & b)

    def _keys(self, owner: Owner) -> set[str]:
        """All that an owner may be called elsewhere: the name, the role, the holder of the role."""
        said = _squashed(owner.name)
        keys = {said, owner.person or said}
        keys |= {
            _squashed(attendee.role)
            for attendee in self.attendees
            if attendee.role and _squashed(attendee.name) == said
        }
        keys |= {_squashed(each.name) for each in self.attendees if each.role and _squashed(each.role) == said}
        if _EVERYBODY.fullmatch(owner.name):
            keys.add("everybody")
        for role, name in (("clerk", self.clerk), ("chair", self.chair)):
            if name and said in (role, _squashed(name)):
                keys |= {role, _squashed(name)}
        return keys

    def doubtful_initials(self) -> tuple[str, ...]:
        """The initials that two people of the attendance list share."""
        letters = [attendee.initials for attendee in self.attendees if attendee.initials]
        return tuple(sorted({letter for letter in letters if letters.count(letter) > 1}))


_ROLE_IDS = {
    "headteacher": "headteacher", "head": "headteacher", "ht": "headteacher", "principal": "headteacher",
    "sendco": "sendco", "senco": "sendco", "dsl": "dsl",
}  # fmt: skip


def initials_of(name: str) -> str:
    """The initials of a name: Fiona McAllister is FM."""
    words = re.sub(rf"^{_TITLE}\s+", "", name.strip())
    found = re.findall(r"[^\W\d_][\w'’]*", words)
    return "".join(word if word.isupper() and word != found[-1] else word[0] for word in found).upper()


def _pieced(text: str) -> list[str]:
    """The ways to join two neighbouring pieces of a name that a narrow column broke: "Ma rtin S"."""
    words = text.split()
    if not 1 < len(words) <= _MOST_PIECES or not any(word[0].islower() for word in words):
        return []
    pairs = range(1, len(words))
    return [" ".join([*words[: at - 1], words[at - 1] + words[at], *words[at + 1 :]]) for at in pairs]


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text.replace("‑", "-")).strip(" .,;:–—-*_[]")
    text = re.sub(
        r"^(?:the|action(?:ed)?(?:\s+(?:by|for|on))?|owner|lead|by|@)\b[\s:]*", "", text, flags=re.IGNORECASE
    ).strip(" :")
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    return text.lstrip("@")


def _squashed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _letters(text: str) -> str:
    return re.sub(r"[^A-Za-z]", "", text).upper()


def _fixed_role(text: str) -> str:
    """A role that the layout broke, in one piece: "Head teacher", "Cle rk"."""
    joined = text.replace(" ", "")
    broken = " " in text and (not _ROLE.fullmatch(text) or joined.casefold() == "headteacher")
    return joined if broken and _ROLE.fullmatch(joined) else text
