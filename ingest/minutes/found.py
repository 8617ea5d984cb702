"""Actions as they stand in one place each: a table's row, the margin, a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.minutes.lines import Line
from ingest.minutes.model import Found, Owner
from ingest.minutes.owners import People
from ingest.minutes.phrases import due_in
from ingest.minutes.task import Draft, draft_of, leads
from ingest.minutes.wording import DECISION, NO_ACTION, NO_VERBS, STILL_OPEN, WEAK, is_done, is_verb
from knowledge.due import Context
from knowledge.sentences import sentence_spans


@dataclass(frozen=True, slots=True)
class Candidate:
    """An action found in one place. `around` is what stands beside it, for recognising it elsewhere."""

    task: str
    owners: tuple[Owner, ...]
    phrase: str
    line: Line
    found: Found
    items: frozenset[str] = frozenset()
    done: bool = False
    around: str = ""


_INLINE = re.compile(
    r"(?P<open>[(\[])?\b(?:(?:new\s+)?(?:ACTION|Action)(?:\s+(?:POINT|point|required|agreed))?s?(?:\s*(?:no\.?\s*)?\d+(?:[.:]\d+)?[a-z]?)?|AP\s?\d*)\s*(?:[:–—]|-(?=\s)|(?<=ACTION)\s(?=[A-Z]{2,}\b)|\s(?=by\b|for\b))\s*"
)
_NOTHING = re.compile(
    r"(?:none|nil|n/?a|no\s+action(?:s)?(?:\s+required)?|no|-+|to\s+note|noted?|for\s+information)?", re.IGNORECASE
)
_LABEL = re.compile(r"^(?P<label>[A-Za-z][A-Za-z /]{1,24}?)\s*:\s*(?P<value>.*)$")
_UNDERTAKES = re.compile(
    r"^(?:(?:and|also|therefore|however|then)\s+)?(?P<who>(?:[Tt]he\s+)?[A-Z&][^.,:;()]{0,50}?|All|Governors|Trustees)\s+"
    r"(?P<how>will(?:\s+(?:now|also|then|therefore))?|agreed\s+to|(?:is|are)\s+to|undertook\s+to|offered\s+to|volunteered\s+to|promised\s+to|"
    r"(?:was|were|is|are|has\s+been|have\s+been)\s+(?:all\s+)?(?:asked|requested|tasked|reminded)\s+to)\s+(?P<what>[a-z].*)$"
)  # fmt: skip


def in_table(line: Line, people: People, context: Context) -> Iterator[Candidate]:
    """The actions of a row of an action table."""
    task, who, when, status = (line.cell(each) for each in ("task", "owner", "due", "status"))
    if not task or _NOTHING.fullmatch(task):
        return
    items = numbers_in(line.cell("number"))
    if not items and (numbered := re.match(r"(\d{1,2}[a-z]?)[.)]?\s+(?=[A-Z])", task)):
        items, task = numbers_in(numbered[1]), task[numbered.end() :]
    done = (
        is_done(task)
        or is_done(f"– {status}")
        or bool(re.match(r"(?:complete|done|closed|yes\b|✓|✔)", status, re.IGNORECASE))
    )
    tasks = _tasks(task)
    whens = _repeated(when, len(tasks))
    whos = _groups(who, len(tasks), people)
    for at, text in enumerate(tasks):
        draft = draft_of(text, people, context) if not who or not when else Draft(text, done=is_done(text))
        owners = people.owners(whos[at] or draft.owners)
        yield Candidate(
            draft.task if not who else text,
            owners,
            whens[at] or draft.phrase,
            line,
            "table",
            items,
            done or draft.done,
            task,
        )


def in_margin(line: Line, people: People, context: Context) -> Candidate | None:
    """The action that the margin marks beside a line: named there, or the sentence of the line that says it."""
    who, what, when = _margin(line.margin, people, context)
    if not who and not what:
        return None
    text = line.text or line.heading
    items = frozenset({line.number + line.sub, line.number}) - {""}
    around = f"{line.heading}. {text}"
    owners = people.owners(who)
    if what:
        draft = draft_of(what, people, context)
        if not owners:
            owners = people.owners(draft.owners)
        return Candidate(draft.task, owners, when or draft.phrase, line, "margin", items, draft.done, around)
    sentence = _acting(text, owners, people)
    task, phrase = due_in(sentence, context, loose=False)
    led = leads(task, people) or _undertaken(task, people)
    task = led[1] if led else task
    return Candidate(_capital(task), owners, when or phrase, line, "margin", items, is_done(sentence), around)


def in_text(line: Line, people: People, context: Context) -> Iterator[Candidate]:
    """The actions that a line's own words say: "Action: …", "KD to circulate …", "The Clerk will write …"."""
    items = frozenset({line.number + line.sub, line.number}) - {""}
    rest = line.text
    marks = list(_INLINE.finditer(line.text))
    for at, mark in enumerate(marks):
        end = marks[at + 1].start() if at + 1 < len(marks) else len(line.text)
        marked = line.text[mark.end() : end].strip()
        before = line.text[: mark.start()] if at == 0 else line.text[marks[at - 1].end() : mark.start()]
        for draft in _marked(marked, before, people, context):
            yield _candidate(draft, people, line, items, before)
    if marks:
        rest = line.text[: marks[0].start()]
    for sentence in _sentences(rest):
        if said := _said(sentence, people, context):
            yield _candidate(said, people, line, items, rest)


def listed(line: Line, people: People, context: Context) -> Iterator[Candidate]:
    """The actions of a line under a heading of actions, where every line is one."""
    text = " | ".join([line.text, *line.margin]) if line.margin else line.text
    if _NOTHING.fullmatch(text.strip(" .")) or text.rstrip().endswith(":"):
        return
    items = numbers_in(line.cells[0]) if line.cells else frozenset[str]()
    sentences = _sentences(text)
    several = len(sentences) > 1 and all(leads(each, people) for each in sentences)
    for each in sentences if several else [text]:
        draft = draft_of(each, people, context)
        telling = draft.owners or draft.phrase or line.kind != "paragraph" or is_verb(draft.task.split(" ")[0])
        if telling and 1 < len(draft.task.split()) < 60:
            yield Candidate(
                draft.task, people.owners(draft.owners), draft.phrase, line, "table", items, draft.done, each
            )


def _candidate(draft: Draft, people: People, line: Line, items: frozenset[str], around: str) -> Candidate:
    owners = people.owners(draft.owners)
    return Candidate(draft.task, owners, draft.phrase, line, "text", items, draft.done, f"{line.heading}. {around}")


def _marked(said: str, before: str, people: People, context: Context) -> Iterator[Draft]:
    """What follows the word Action: a whole action, or only whose it is and when it is due."""
    said = said.strip(" ()[]")
    if _NOTHING.fullmatch(said.rstrip(" .")):
        return
    short = said if len(said.split()) <= 10 else re.split(r"(?<=[.])\s+(?=[A-Z])", said)[0]
    bare = draft_of(f"x – {short.rstrip(' .')}", people, context) if len(short.split()) <= 10 else Draft("x …")
    if bare.task in ("X", "x") and (bare.owners or bare.phrase):
        owners = people.owners(bare.owners)
        sentence = _acting(before, owners, people)
        task, phrase = due_in(sentence, context)
        led = leads(task, people) or _undertaken(task, people)
        task = led[1] if led else task
        yield Draft(_capital(task), bare.owners or (led[0] if led else ""), bare.phrase or phrase, is_done(sentence))
        return
    pieces = [piece for piece in _sentences(said) if piece]
    if len(pieces) > 1 and all(leads(piece, people) for piece in pieces[1:]):
        for piece in pieces:
            yield draft_of(piece, people, context)
        return
    first = pieces[0] if pieces else said
    tail = " ".join(pieces[1:])
    # "Action: send the form. KD, by Friday."
    text = f"{first} {tail}" if tail and len(tail.split()) <= 8 else first
    draft = draft_of(text, people, context)
    yield replace(draft, task=draft.task) if draft.task else Draft(_capital(first))


def _said(sentence: str, people: People, context: Context) -> Draft | None:
    """A sentence that says by itself who is to do what; a few words and a colon may stand before it."""
    sentence = re.sub(r"^[A-Z][\w'’ ]{2,40}:\s+(?=[A-Z])", "", sentence)
    if DECISION.match(sentence) or NO_ACTION.search(sentence.split(",")[0][:90]):
        return None
    led = leads(sentence, people)
    if led and re.match(r"[\s:–—-]*to\s", sentence[len(led[0]) :]):
        verb = led[1].split()[0]
        if verb not in NO_VERBS and all(people.is_sure(part) for part in people.parts(led[0])):
            return draft_of(sentence, people, context)
        return None
    led = _undertaken(sentence, people)
    if led is None:
        return None
    task, phrase = due_in(led[1], context)
    return Draft(_capital(task), led[0], phrase, is_done(sentence))


def _undertaken(sentence: str, people: People) -> tuple[str, str] | None:
    match = _UNDERTAKES.match(sentence.strip())
    if not match:
        return None
    verb = match["what"].split()[0]
    who = match["who"]
    if (
        not is_verb(verb)
        or (verb in WEAK and match["how"].startswith("will"))
        or len(match["what"].split()) < 2
        or not all(people.is_sure(part) for part in people.parts(who))
        or NO_ACTION.match(match["what"])
    ):
        return None
    return who, match["what"]


def _acting(text: str, owners: tuple[Owner, ...], people: People) -> str:
    """The sentence of a line that the margin's owner is to act on: the last one that says so, else the last one."""
    sentences = _sentences(text) or [text.strip()]
    names = [word for owner in owners for word in (owner.name, owner.written, owner.name.split()[0]) if word]

    def weight(sentence: str) -> int:
        subject = sentence is sentences[0] and re.match(r"To\s+[a-z]+\b", sentence)
        named = any(re.search(rf"\b{re.escape(name)}\b", sentence, re.IGNORECASE) for name in names)
        ahead = re.search(r"\b(?:will|to\s+be|is\s+to|are\s+to|should|to\s+[a-z]+|deferred|need(?:s|ed)?)\b", sentence)
        return (
            2 * bool(subject)
            + 2 * named
            + 2 * bool(ahead)
            + bool(leads(sentence, people))
            + bool(re.search(r"\bdeferred|agreed\b", sentence, re.IGNORECASE))
        )

    best = max(range(len(sentences)), key=lambda at: (weight(sentences[at]), at))
    chosen = sentences[best]
    # "Audit of Data Protection. …": a heading's few words say what the sentence after them is about.
    if best and len(sentences[0].split()) <= 8 and not leads(chosen, people):
        chosen = f"{sentences[0]} {chosen}"
    return chosen


def _margin(margin: tuple[str, ...], people: People, context: Context) -> tuple[str, str, str]:
    """Owner, task and due phrase of what stands in the margin."""
    who: list[str] = []
    what = when = ""
    for part in margin:
        label = _LABEL.match(part)
        value = label["value"] if label else part
        said = label["label"].casefold() if label else ""
        value = re.sub(r"^action(?:ed)?(?:\s+by)?\s*[:–-]\s*", "", value, flags=re.IGNORECASE).strip(" .*")
        if _NOTHING.fullmatch(value):
            continue
        if re.match(r"by when|when|due|deadline|date|time", said):
            when = value
        elif all(people.is_owner(each) for each in people.parts(value)):
            who.append(value)
        else:
            draft = draft_of(f"x – {value}", people, context)
            if draft.task.casefold() == "x":
                who, when = ([*who, draft.owners] if draft.owners else who), draft.phrase or when
            else:
                what = f"{what} {value}".strip()
    return " / ".join(who), what, when


def _tasks(text: str) -> list[str]:
    """The tasks that one cell holds: sentences that each begin with a verb, parted by a full stop or a lost line."""
    words = text.split()
    cuts = [0]
    for at in range(3, len(words) - 2):
        before, word = words[at - 1], words[at]
        if (
            word[0].isupper()
            and word.isalpha()
            and not word.isupper()
            and is_verb(word)
            and before[-1] not in ",:;(/&-–"
        ):
            if before.casefold() not in ("the", "a", "an", "of", "to", "and", "for", "in", "on", "our", "new", "with"):
                if before[-1] in ".!" or is_verb(words[cuts[-1]]):
                    cuts.append(at)
    if len(cuts) == 1 or not is_verb(words[0]):
        return [text]
    return [" ".join(words[start:stop]) for start, stop in zip(cuts, [*cuts[1:], len(words)], strict=True)]


def _repeated(when: str, count: int) -> list[str]:
    """The due phrases of as many tasks: one for all, or as many as there are."""
    words = when.split()
    if count > 1 and words and len(words) % count == 0:
        size = len(words) // count
        parts = [" ".join(words[at : at + size]) for at in range(0, len(words), size)]
        if size == 1 or len(set(parts)) == 1:
            return parts
    return [when] * count


def _groups(who: str, count: int, people: People) -> list[str]:
    """The owners of as many tasks: parted where nothing stands between two of them, else the same for all."""
    if count == 1:
        return [who]
    words = who.split()
    for cut in range(1, len(words)):
        left, right = " ".join(words[:cut]), " ".join(words[cut:])
        whole = [all(people.is_owner(each) for each in re.split(r"\s*[/&,;]\s*", side)) for side in (left, right)]
        if count == 2 and all(whole):
            return [left, right]
    return [who] * count


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of agenda items in a cell: "54a and 54c/2021" are 54a, 54c and, without their letters, 54."""
    bare = re.sub(r"(?<=[\da-z])/\d{2,4}\b", "", text)
    found = {f"{number}{sub}" for number, sub in re.findall(r"(\d{1,3})\s?((?:\.\d{1,2})?[a-z]?\d?)\b", bare)}
    return frozenset(found | {re.match(r"\d+", each)[0] for each in found})  # type: ignore[index]


def _sentences(text: str) -> list[str]:
    return [text[start:stop].strip() for start, stop in sentence_spans(text) if text[start:stop].strip()]


def _capital(text: str) -> str:
    text = text.strip(" ,;–—-")
    return text[:1].upper() + text[1:]


def is_open_matter(line: Line) -> bool:
    """Whether a line under matters arising says that its action is still to be done."""
    return bool(STILL_OPEN.search(line.text))
