"""Actions as they stand in one place each: a table's row, the margin, a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.minutes.actions.acting import about, acting, acts_in, each_ones, ought, undertaken
from ingest.minutes.actions.owners import People
from ingest.minutes.actions.phrases import due_in
from ingest.minutes.actions.task import TaskDraft, draft_of, leads, statements, whose_and_when
from ingest.minutes.actions.wording import DECISION, NO_ACTION, NO_VERBS, STILL_OPEN, is_done, is_verb
from ingest.minutes.layout.cells import groups, in_two, numbers_in, repeated, tasks
from ingest.minutes.layout.lines import Line
from ingest.minutes.model import Found, Owner
from knowledge.school.due import DueContext


@dataclass(frozen=True, slots=True)
class Candidate:
    """An action found in one place. `around` is what stands beside it, for recognising it elsewhere; one that is
    `pointed` out only by its owner's name in the margin may be told in full in the table; what running text says may be
    told again where it is `marked` by the word Action."""

    task: str
    owners: tuple[Owner, ...]
    phrase: str
    line: Line
    found: Found
    items: frozenset[str] = frozenset()
    done: bool = False
    around: str = ""
    pointed: bool = False
    marked: bool = False


_INLINE = re.compile(
    r"(?P<open>[(\[])?\b(?:(?:new\s+)?(?:ACTION|Action)(?:\s+(?:POINT|point|required|agreed))?s?(?:\s*(?:no\.?\s*)?\d+(?:[.:]\d+)?[a-z]?)?|AP\s?\d*)\s*(?:[:–—]|-(?=\s)|(?<=ACTION)\s(?=[A-Z]{2,}\b)|\s(?=by\b|for\b))\s*"
)
_TO_ACTION = re.compile(r"[(\[](?P<who>[^()\[\]]{1,40}?)\s+to\s+(?:action|do|follow\s+up|progress)[)\]]\.?")
_ACTION_OF = re.compile(r"\bA(?:ction|CTION)\s+(?P<who>[A-Z][\w&'’./ ]{1,40}?)\s*(?=:|\s[–—-]\s)")
_OWED = re.compile(
    r"(?P<what>.*\b(?:must|to\s+be|needs?\s+to|should|has\s+to|will\s+be|required)\b.*?)\s*(?:[:–—]|-(?=\s)"
    r"|(?=[(\[]))\s*"
    r"[(\[]?(?P<who>[^:–—()\[\]]{1,60}?)[)\]]?\.?$"
)
# The word alone after a sentence, as in a margin: "It was agreed that Mr Dale would do this. ACTION".
_LONE = re.compile(
    r"(?:[\s–—-]+\b(?:outstanding|ongoing|carried\s+forward))?(?:(?<=[.;])\s*|\s+)[(\[]?(?-i:ACTION)[)\]]?\W*$",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"^(?:\d{1,3}[.)]\s*)?(?:\([a-z]{1,4}\)\s*)?")
_FEW = 3
_NOTHING = re.compile(
    r"(?:none|nil|n/?a|no\s+action(?:s)?(?:\s+required)?|no|-+|to\s+note|noted?|for\s+information)?", re.IGNORECASE
)
_LABEL = re.compile(r"^(?P<label>[A-Za-z][A-Za-z /]{1,24}?)\s*:\s*(?P<value>.*)$")


def in_table(line: Line, people: People, context: DueContext) -> Iterator[Candidate]:
    """The actions of a row of an action table."""
    task, who, when, status = (line.cell(each) for each in ("task", "owner", "due", "status"))
    if not task or _NOTHING.fullmatch(task):
        return
    if when and not who and "owner" not in line.columns:
        joint = draft_of(f"x – {when}", people, context)
        who, when = (joint.owners, joint.phrase) if joint.task == "X" else (who, when)
    items = numbers_in(line.cell("number"))
    if not items and (numbered := re.match(r"(\d{1,2}[a-z]?)[.)]?\s+(?=[A-Z])", task)):
        items, task = numbers_in(numbered[1]), task[numbered.end() :]
    done = (
        is_done(task)
        or is_done(f"– {status}")
        or bool(re.match(r"(?:complete|done|closed|yes\b|✓|✔)", status, re.IGNORECASE))
    )
    parts = tasks(task)
    if len(parts) == 1 and len(set(groups(who, 2, people))) == 2 and len(set(repeated(when, 2))) == 2:
        parts = in_two(task)
    whens = repeated(when, len(parts))
    whos = groups(who, len(parts), people)
    for at, text in enumerate(parts):
        draft = draft_of(text, people, context) if not who or not when else TaskDraft(text, done=is_done(text))
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


def in_margin(line: Line, people: People, context: DueContext) -> Iterator[Candidate]:
    """The actions that the margin marks beside a line: named there, or the sentence of the line that says one."""
    who, what, when = _margin(line.margin, people, context)
    if not who and not what:
        return
    text = line.text or line.heading
    items = frozenset({line.number + line.sub, line.number}) - {""}
    around = f"{line.heading}. {text}"
    owners = people.owners(who)
    named_there = [task for each in what for task in _told(each, people)]
    whens, whos = repeated(when, len(named_there)), groups(who, len(named_there), people)
    for at, each in enumerate(named_there):
        draft = draft_of(each, people, context)
        named = people.owners(whos[at]) or people.owners(draft.owners)
        yield Candidate(draft.task, named, whens[at] or draft.phrase, line, "margin", items, draft.done, around)
    if named_there:
        return
    apart = each_ones(text, owners, people) if len(owners) > 1 else []
    for act, whose in apart:
        task, phrase = due_in(act.what, context, loose=False)
        yield Candidate(_capital(task), whose, when or phrase, line, "margin", items, is_done(act.what), around, True)
    if apart:
        return
    act, of = acting(text, owners, people, line.heading)
    task, phrase = due_in(act.what, context, loose=False)
    led = _led(task, people)
    task = _capital(led[1] if led else task, of)
    yield Candidate(task, owners, when or phrase, line, "margin", items, is_done(act.what), around, True)


def in_text(line: Line, people: People, context: DueContext) -> Iterator[Candidate]:
    """The actions that a line's own words say: "Action: …", "KD to circulate …", "The Clerk will write …"."""
    items = frozenset({line.number + line.sub, line.number}) - {""}
    text = _TO_ACTION.sub(r"Action: \g<who>.", line.text)
    rest = text = _ACTION_OF.sub(lambda match: _of(match, people), text)
    if lone := _LONE.search(text):
        text = rest = _NUMBERS.sub("", text[: lone.start()].strip())
        draft = _before(text, TaskDraft(""), people, context)
        yield replace(_candidate(draft, people, line, items, text), marked=True)
    marks = list(_INLINE.finditer(text))
    for at, mark in enumerate(marks):
        end = marks[at + 1].start() if at + 1 < len(marks) else len(text)
        marked = text[mark.end() : end].strip()
        before = text[: mark.start()] if at == 0 else text[marks[at - 1].end() : mark.start()]
        for draft in _marked(marked, before, people, context):
            yield replace(_candidate(draft, people, line, items, before), marked=True)
    if marks:
        rest = text[: marks[0].start()]
    before = ""
    for sentence in statements(rest, people):
        said = _said(sentence, people, context, before, within=not line.margin)
        if said and len(said.task.split()) < _FEW and before and not leads(before, people):
            said = replace(said, task=f"{said.task.rstrip('.')}: {before.rstrip('.')}")
        before = sentence
        if said:
            yield _candidate(said, people, line, items, rest)


def _of(match: re.Match[str], people: People) -> str:
    """ "Action HT: …" with its colon after the word, where an owner stands between the two."""
    whole = all(people.is_owner(part) for part in people.parts(match["who"]))
    return f"Action: {match['who']}" if whole else match[0]


def listed(line: Line, people: People, context: DueContext) -> Iterator[Candidate]:
    """The actions of a line under a heading of actions, where every line is one."""
    text = " | ".join([line.text, *line.margin]) if line.margin else line.text
    if _NOTHING.fullmatch(text.strip(" .")) or text.rstrip().endswith(":"):
        return
    items = numbers_in(line.cells[0]) if line.cells else frozenset[str]()
    numbered = re.split(r"(?<=[.;])\s+(?=\d{1,2}[.)]\s+[A-Z])", text)
    sentences = numbered if len(numbered) > 1 else statements(text, people)
    several = len(numbered) > 1 or (len(sentences) > 1 and all(leads(sentence, people) for sentence in sentences))
    for each in sentences if several else [text]:
        draft = draft_of(each, people, context)
        telling = draft.owners or draft.phrase or line.kind != "paragraph" or is_verb(draft.task.split(" ")[0])
        if telling and 1 < len(draft.task.split()) < 60:
            yield Candidate(
                draft.task, people.owners(draft.owners), draft.phrase, line, "table", items, draft.done, each
            )


def _candidate(draft: TaskDraft, people: People, line: Line, items: frozenset[str], around: str) -> Candidate:
    owners = people.owners(draft.owners)
    return Candidate(draft.task, owners, draft.phrase, line, "text", items, draft.done, f"{line.heading}. {around}")


def _marked(said: str, before: str, people: People, context: DueContext) -> Iterator[TaskDraft]:
    """What follows the word Action: a whole action, or only whose it is and when it is due."""
    said = said.strip(" ()[]")
    if _NOTHING.fullmatch(said.rstrip(" .")):
        return
    short = said if len(said.split()) <= 10 else re.split(r"(?<=[.])\s+(?=[A-Z])", said)[0]
    bare = draft_of(f"x – {short.rstrip(' .')}", people, context) if len(short.split()) <= 10 else TaskDraft("x …")
    if bare.task in ("X", "x") and (bare.owners or bare.phrase):
        yield _before(before, bare, people, context)
        return
    pieces = statements(said, people)
    if len(pieces) > 1 and all(leads(piece, people) for piece in pieces[1:]):
        for piece in pieces:
            yield draft_of(piece, people, context)
        return
    first = pieces[0] if pieces else said
    tail = " ".join(pieces[1:])
    # A few words after the sentence are whose it is, or when it is due.
    text = f"{first} {tail}" if tail and len(tail.split()) <= 8 else first
    draft = draft_of(text, people, context)
    yield replace(draft, task=draft.task) if draft.task else TaskDraft(_capital(first))


def _before(before: str, bare: TaskDraft, people: People, context: DueContext) -> TaskDraft:
    """The action that stands before the word Action, which says no more than whose it is and when it is due."""
    act, of = acting(before, people.owners(bare.owners), people)
    task, phrase = due_in(act.what, context)
    led = _led(task, people)
    who = bare.owners or act.who or (led[0] if led else "")
    return TaskDraft(_capital(led[1] if led else task, of), who, bare.phrase or phrase, is_done(act.what))


def _said(
    sentence: str, people: People, context: DueContext, before: str = "", *, within: bool = True
) -> TaskDraft | None:
    """A sentence that says by itself who is to do what; a few words and a colon may stand before it. Its "she" is whom
    the sentence `before` is about. Clauses `within` it do not count where a margin says what its actions are."""
    sentence = re.sub(r"^[A-Z][\w'’ ]{2,40}:\s+(?=[A-Z])", "", sentence)
    if DECISION.match(sentence) or NO_ACTION.search(sentence.split(",")[0][:90]):
        return None
    led = leads(sentence, people)
    if led and re.match(r"[\s:–—-]*to\s", sentence[len(led[0]) :]):
        verb = led[1].split()[0]
        sure = all(people.is_sure(part) for part in people.parts(led[0]))
        if is_verb(verb) or (sure and verb not in NO_VERBS):
            return draft_of(sentence, people, context)
        return None
    if owed := _owed(sentence, people, context):
        return owed
    capitals = re.match(r"(?:[A-Z]{2,}(?:\s*[+&/,]\s*|\s+and\s+|\s+)){1,4}(?=[a-z])", sentence)
    if capitals and is_verb(sentence[capitals.end() :].split(" ")[0]):
        draft = draft_of(sentence, people, context)
        return draft if draft.owners else None
    act = next((act for act in acts_in(sentence, people, (before,)) if act.who), None)
    if act and (within or undertaken(sentence, people)):
        task, phrase = due_in(act.what, context)
        return TaskDraft(_capital(task, about(act, before)), act.who, phrase, is_done(sentence))
    act = ought(sentence, people) if within else None
    task, phrase = due_in(act.what, context) if act else ("", "")
    return TaskDraft(_capital(task), act.who, phrase, is_done(sentence)) if act and phrase else None


def _owed(sentence: str, people: People, context: DueContext) -> TaskDraft | None:
    """A thing to be done with its owner's name after it: "The review must be completed by 10 July: KD"."""
    match = _OWED.match(sentence)
    who, when = whose_and_when(match["who"], people, context) if match else ("", "")
    if not match or not who or not all(people.is_sure(part) for part in people.parts(who)):
        return None
    task, phrase = due_in(match["what"], context)
    return TaskDraft(_capital(task), who, when or phrase, is_done(sentence))


def _told(text: str, people: People) -> list[str]:
    """The actions that a few words in the margin name: each sentence that says who is to do it, or each task."""
    sentences = statements(text, people)
    return sentences if len(sentences) > 1 and all(leads(sentence, people) for sentence in sentences) else tasks(text)


def _margin(margin: tuple[str, ...], people: People, context: DueContext) -> tuple[str, list[str], str]:
    """Owner, tasks and due phrase of what stands in the margin."""
    who: list[str] = []
    what: list[str] = []
    when = ""
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
                what.append(value)
    return " / ".join(who), what, when


def _led(task: str, people: People) -> tuple[str, str] | None:
    """Who and what, where the words chosen for a task say both; "Board to be reviewed" names nobody."""
    led = leads(task, people) or undertaken(task, people)
    return led if led and led[1].split()[0] not in NO_VERBS else None


def _capital(text: str, of: str = "") -> str:
    """A task with its first letter large, and after it what it is about."""
    text = text.strip(" ,;:–—-")
    text = f"{text.rstrip('.')}{of}" if of else text
    return text[:1].upper() + text[1:]


def is_promise(line: Line, people: People) -> bool:
    """Whether a line says in running text what somebody will do: under matters arising that is more than was asked."""
    sentences = statements(line.text, people)
    return any(
        act.who for at, each in enumerate(sentences) for act in acts_in(each, people, sentences[max(at - 1, 0) : at])
    )


def is_open_matter(line: Line) -> bool:
    """Whether a line under matters arising says that its action is still to be done."""
    return bool(STILL_OPEN.search(line.text))
