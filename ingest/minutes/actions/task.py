"""One action as a line of text writes it: who is to do what, by when."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.minutes.actions.owners import People
from ingest.minutes.actions.phrases import due_in, is_due_phrase
from ingest.minutes.actions.wording import is_done, is_verb
from knowledge.school.due import DueContext
from knowledge.text.sentences import sentence_spans

_FIELD = re.compile(
    r"[\s|,;.(–—-]*\b(?P<label>by\s+whom|owners?|who|lead|responsible|assigned\s+to|by\s+when|when"
    r"|due(?:\s+(?:date|by))?|deadline|target(?:\s+date)?|"
    r"date|timescale|status)\s*[:=]\s*(?P<value>[^|;()]*?)(?=\s*(?:[|;()]|,?\s+(?:by\s+whom|owner|who|lead"
    r"|by\s+when|when|due|deadline|target|date|status)\b[^:=]{0,8}[:=]|$))",
    re.IGNORECASE,
)
_TO = re.compile(
    r"^(?P<who>(?:(?:Mrs?|Ms|Dr|Rev)\.|[^.:;]){1,70}?)(?:\s*[:–—]\s*|\s+-\s+|\s+)(?:to|will|is\s+to|are\s+to|should|agreed\s+to"
    r"|must)\s+(?P<what>[a-z].*)$",
    re.DOTALL,
)
_LED = re.compile(r"^(?P<who>[^:–—.]{1,60}?)\s*(?::|–|—|\s-\s|-\s)\s*(?P<what>\S.*)$", re.DOTALL)
_MARK = re.compile(r"^\s*(?:\[(?:[ xX✓✔])?\]|[☐☑✓✔•*-])\s*|^\s*(?:\d{1,2}|[a-z])[.)]\s+")
_TURN = re.compile(r"\s*(?:[;,]\s+(?:and\s+)?|→|=>|->)\s*|\s+[–—-]\s+")
_BRACKET = re.compile(r"\s*[(\[](?P<inside>[^()\[\]]{1,80})[)\]]\s*\.?$")
_DONE_TAIL = re.compile(
    r"[\s(\[–—-]*\b(?:already\s+)?(?:completed?|done|actioned|closed)(?:\s+(?:in|during|at)\s+(?:the|this)\s+meeting)?\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """An action as one place of the minutes writes it; `owners` and `phrase` as written there."""

    task: str
    owners: str = ""
    phrase: str = ""
    done: bool = False


def draft_of(text: str, people: People, context: DueContext) -> TaskDraft:
    """Read one line as an action; what it does not say is empty."""
    done = is_done(text)
    text = _MARK.sub("", text).strip()
    text = re.sub(r"^action(?:\s+point)?s?(?:\s*\d+(?:\.\d+)?)?\s*[:–—-]\s*", "", text, flags=re.IGNORECASE)
    if done:
        text = _DONE_TAIL.sub("", text).strip() or text
    text, owners, phrase = _fields(text)
    text, owners, phrase = _brackets(text, owners, phrase, people, context)
    text, owners = _leading(text, owners, people)
    text, owners, phrase = _trailing(text, owners, phrase, people, context)
    if not phrase:
        text, phrase = due_in(text, context)
    text, owners = (text, owners) if owners else _leading(text, owners, people)
    return TaskDraft(_sentence(text), owners, phrase, done)


def leads(text: str, people: People) -> tuple[str, str] | None:
    """Who and what, where a sentence begins with an owner who is to do something: "KD to circulate …"."""
    match = _TO.match(text.strip())
    if not match or not all(people.is_owner(part) for part in people.parts(match["who"])):
        return None
    if not people.parts(match["who"]):
        return None
    return match["who"].strip(), match["what"].strip()


def statements(text: str, people: People) -> list[str]:
    """The sentences of a text, parted also where somebody is to do something after a semicolon, comma or arrow."""
    found: list[str] = []
    for start, stop in sentence_spans(text):
        sentence = text[start:stop].strip()
        begin = 0
        for gap in _TURN.finditer(sentence):
            listing = "," in gap[0] and not leads(sentence[begin : gap.start()], people)
            if gap.start() and not listing and leads(sentence[gap.end() :], people):
                found.append(sentence[begin : gap.start()])
                begin = gap.end()
        found.append(sentence[begin:])
    return found


def _fields(text: str) -> tuple[str, str, str]:
    owners, phrase = "", ""
    while match := next(iter(_FIELD.finditer(text)), None):
        label = match["label"].casefold()
        value = match["value"].strip(" .")
        if re.match(r"by\s+whom|own|who|lead|resp|assig", label):
            owners = value
        elif label != "status":
            phrase = value
        text = (text[: match.start()] + text[match.end() :]).strip(" |;,.()")
    return text, owners, phrase


def _brackets(text: str, owners: str, phrase: str, people: People, context: DueContext) -> tuple[str, str, str]:
    """What stands in brackets at the end: an owner, a due phrase, or both."""
    match = _BRACKET.search(text)
    if not match:
        return text, owners, phrase
    who, when = whose_and_when(match["inside"], people, context)
    led = leads(match["inside"], people) if not who and not when and not owners else None
    if led and is_verb(led[1].split()[0]):
        # "Speakers for parents (KD to find some)": what the bracket says is the task.
        return f"{led[1]} – {text[: match.start()].strip()}", led[0], phrase
    if not who and not when:
        return text, owners, phrase
    return text[: match.start()].strip(), owners or who, phrase or when


def whose_and_when(text: str, people: People, context: DueContext) -> tuple[str, str]:
    """Owner and due phrase of a few words that hold nothing else; both empty where they hold something else."""
    text = re.sub(r"^action(?:ed)?(?:\s+(?:by|for))?\s*[:–—-]?\s*", "", text.strip(), flags=re.IGNORECASE)
    for who, when in _cuts(text):
        fits = not who or all(people.is_owner(part) for part in people.parts(who))
        if fits and (not when or is_due_phrase(when, context)):
            return who, when
    return "", ""


def _cuts(text: str) -> list[tuple[str, str]]:
    """The ways to part some words into owner and due phrase."""
    ways = [("", text), (text, "")]
    for gap in re.finditer(r"\s*[,;:–—|]\s*|\s+-\s+|\s+(?=by\b|before\b|asap\b|on\b|next\b|\d)|\.\s+", text):
        ways += [(text[: gap.start()], text[gap.end() :]), (text[gap.end() :], text[: gap.start()])]
    return ways


def _leading(text: str, owners: str, people: People) -> tuple[str, str]:
    if owners:
        led = leads(text, people)
        return (led[1] if led and not people.owners(led[0]) else text), owners
    if led := leads(text, people):
        return led[1], led[0]
    match = _LED.match(text)
    if match and all(people.is_owner(part) for part in people.parts(match["who"])):
        what = re.sub(r"^to\s+(?=[a-z])", "", match["what"])
        return what, match["who"].strip()
    words = text.split()
    if (group := re.match(r"(?P<who>\w+(?:\s\w+)?)\s+(?:who|that|yet|not|with)\b.*\bto\s", text)) and people.is_sure(
        group["who"]
    ):
        return text, group["who"]
    for count in (4, 3, 2, 1):
        who = " ".join(words[:count])
        # "HT circulate the plan": an owner and a bare verb, with nothing between them.
        sure = all(people.is_sure(part) for part in people.parts(who)) and len(words) > count + 1
        if sure and words[count].islower() and (is_verb(words[count]) or who.isupper()):
            return " ".join(words[count:]), who
    return text, owners


def _trailing(text: str, owners: str, phrase: str, people: People, context: DueContext) -> tuple[str, str, str]:
    """Owner and due phrase after a dash, a bar, a comma or a full stop at the end."""
    for _ in range(2):
        gaps = list(re.finditer(r"\s*[|–—;]\s*|:\s+|\s+-\s+|[.,]\s+|\s+(?=\()", text.rstrip(" .")))
        if not gaps:
            break
        gap = gaps[-1]
        tail = text[gap.end() :].strip(" .()")
        who, when = whose_and_when(tail, people, context) if len(tail.split()) <= 10 else ("", "")
        sure = not who or all(people.is_sure(part) or gap[0].strip() not in (",",) for part in people.parts(who))
        if not (who or when) or not sure or (who and owners) or (when and phrase) or not gap.start():
            break
        text, owners, phrase = text[: gap.start()].strip(), owners or who, phrase or when
    return text, owners, phrase


def _sentence(text: str) -> str:
    text = text.strip(" ,;–—-|").strip()
    text = re.sub(r"^(?:to\s+)(?=[a-z])", "", text)
    return text[:1].upper() + text[1:]
