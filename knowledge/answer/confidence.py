"""Says how far what was found answers the question: answered, closest, or not found."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np

from knowledge.answer.quoting import Scored
from knowledge.answer.retrieve import Results
from knowledge.library.versions import STANDING_ALONE
from knowledge.passages import Citation, Document, Outcome
from knowledge.query.answer_type import AnswerType, answers, apart_from
from knowledge.query.question import Question
from knowledge.text.dates import find
from knowledge.text.year_groups import classes, years_named

# Fitted on 27 November 2026 on halves of three sets: the sample's `fit` questions, questions on a real school's papers,
# and gov.uk's at a fifth of the weight; a question that is answered wrongly counts as one not to be answered. At .67,
# 8 of 142 unanswerable questions of the first two sets, near misses most of them, were answered falsely.
BIAS = -5.169
WEIGHTS: Mapping[str, float] = {"sentence": 7.483, "passage_covers": 2.758}
ANSWERED_FROM = 0.67
CLOSEST_FROM = 0.16


def signals(results: Results, best: Scored) -> dict[str, float]:
    """How the best passage fits the question: `sentence` is the highest cosine of its sentences, `passage_covers` the
    share of the question's concepts, by rarity, that it holds with its title and headings.

    Many more were tried (gaps between ranks, agreement of the searches, coverage by the quotes alone, meaning of the
    words not covered): none of them added to these two on questions that were not fitted.
    """
    weights = np.array([concept.weight for concept in results.question.concepts], np.float32) * results.idf
    return {
        "sentence": float(best.cosines.max()),
        "passage_covers": float(np.dot(best.hit.held, weights)) / max(float(weights.sum()), 1e-6),
    }


MUST_BE_SAID = (
    AnswerType.MONEY,
    AnswerType.NUMBER,
    AnswerType.DURATION,
    AnswerType.DATE,
    AnswerType.TIME,
    AnswerType.CONTACT,
)
"""What an answer must hold where it is asked for."""


def beside_the_point(results: Results, best: Scored, quotes: Sequence[Citation]) -> bool:
    """Whether the best quotes lack what is asked for, or are about another school, body, time or class than named."""
    question = results.question
    document = best.hit.document
    own = [quote for quote in quotes if quote.document.id == document.id]
    text = " ".join((document.title, *best.hit.passage.heading, *(each.quote for each in own)))
    if question.answer_type in MUST_BE_SAID and not answers(question.answer_type, text):
        return True
    said = "\n".join(each.quote for each in own)
    if question.answer_type is AnswerType.NUMBER and not answers(AnswerType.NUMBER, _NO_NUMBER.sub(" ", _around(best))):
        return True
    if question.answer_type is AnswerType.PERSON and not _somebody_else(question, said):
        return True
    if _ONE_PERSON.search(question.text) and not _one_person(question, _around(best)):
        return True
    if _WHEN_IT_WAS.search(question.text) and not _DAY.search(_around(best)):
        return True
    if (unit := _UNIT.search(question.text)) and not re.search(rf"\b{unit[1][:-1]}", said, re.IGNORECASE):
        return True
    if _unknown_school(results):
        return True
    return (
        _of_another_school(question, document, text)
        or _of_another_body(question, document, text)
        or _of_another_time(question, document, text)
        or _of_another_class(question, text)
    )


# Years, days and the numbers of paragraphs count nothing.
_NO_NUMBER = re.compile(
    r"\b(?:19|20)\d\d(?:[-/–]\d{2,4})?\b|^\W*\(?\d+(?:\.\d+)*[.)]?\s|\b\d{1,2}(?:st|nd|rd|th)?\s(?=[A-Z][a-z]{2,})",
    re.MULTILINE,
)
_ROLE_WORD = re.compile(r"[A-Za-z]+")


def _somebody_else(question: Question, text: str) -> bool:
    """Whether a text names anybody but by the words of the question."""
    asked = question.own_words
    return answers(AnswerType.PERSON, _ROLE_WORD.sub(lambda word: "" if word[0].casefold() in asked else word[0], text))


_UNIT = re.compile(r"\bhow many (?:\w+ ){0,2}?(minutes|hours|days|weeks|months|years)\b(?!['’])", re.IGNORECASE)
_WHEN_IT_WAS = re.compile(r"\bwhen (?:did|was|were)\b(?!.*\b(?:meeting|committee|board)\b)", re.IGNORECASE)
_DAY = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b(?-i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:autumn|spring|summer|easter|christmas)\b",
    re.IGNORECASE,
)
_ONE_PERSON = re.compile(
    r"\bwho(?:['’]s| is| was)\b|\bname of\b|\bwhich (?:governor|trustee|teacher|member of staff)\b", re.IGNORECASE
)
_ONE = re.compile(
    r"(?-i:\b[A-Z][a-z]+ (?:[A-Z]\.? )?[A-Z][a-z]+)|\b(?:head(?:teacher)?|principal|clerk|chair|manager|officer|"
    r"director|co-?ordinator|sendco|senco|sbm|dsl|secretary|caretaker|ltd|limited|mrs?|ms|dr|ceo|cfo|coo|executive)\b",
    re.IGNORECASE,
)


def _one_person(question: Question, text: str) -> bool:
    """Whether a text names one person, by name or office, but by the words of the question."""
    asked = question.own_words
    return _ONE.search(apart_from(text, asked)) is not None


def _around(best: Scored) -> str:
    """The best sentence with the one before and the one after."""
    spans, number = best.parsed.spans, best.best
    start, end = spans[max(number - 1, 0)][0], spans[min(number + 1, len(spans) - 1)][1]
    return best.hit.passage.text[start:end]


_SCHOOL_NAMED = re.compile(
    r"\b([A-Z][a-z]+)(?: [A-Z][a-z]+)* (?:School|Academy|Primary|College|Junior|Juniors|Infants?|Nursery|High)\b"
    r"|\b(?:at|in) ([A-Z][a-z]+)(?=\W*$|[’']s|\?| [a-z])"
)


def _unknown_school(results: Results) -> bool:
    """Whether the question names a school or place that nothing which was found speaks of."""
    named = {(match[1] or match[2]).casefold() for match in _SCHOOL_NAMED.finditer(results.question.text)}
    columns = [column for column, each in enumerate(results.question.concepts) if each.word in named]
    return any(not any(hit.held[column] for hit in results.hits) for column in columns)


def _of_another_school(question: Question, document: Document, text: str) -> bool:
    if not question.schools or document.school is None or document.school in question.schools:
        return False
    return not any(words.casefold() in text.casefold() for words in question.schools.values())


def _of_another_body(question: Question, document: Document, text: str) -> bool:
    if not question.bodies or document.kind not in STANDING_ALONE or document.body in question.bodies:
        return False
    return not any(words.casefold() in text.casefold() for words in question.bodies.values())


def _of_another_time(question: Question, document: Document, text: str) -> bool:
    if question.month is not None:
        name = calendar.month_name[question.month]
        return not (document.date and document.date.month == question.month) and name[:3] not in text
    if question.start is None or question.end is None:
        return False
    start, end = question.start, question.end
    if document.date:
        stood = document.kind not in STANDING_ALONE and document.date <= end
        until = document.review or document.date + timedelta(days=364)
        if start <= document.date <= end or (stood and (start <= until or not document.in_force)):
            return False
    named = find(f"{document.version or ''} {text}")
    return not any(each.start <= end and start <= each.end for each in named)


def _of_another_class(question: Question, text: str) -> bool:
    """Whether the text speaks of year groups, and of none that the question asks about."""
    asked, said = classes(question.text), classes(text)
    years = years_named(text)
    if len(years) > 2 and years_named(question.text) and not years_named(question.text) & years:
        return True
    return bool(asked and said) and not asked & said


def probability(known: Mapping[str, float]) -> float:
    """How likely it is that the quotes hold the answer, 0 to 1."""
    return 1 / (1 + math.exp(-(BIAS + sum(weight * known[name] for name, weight in WEIGHTS.items()))))


def judge(results: Results, ranked: Sequence[Scored], quotes: Sequence[Citation]) -> Outcome:
    """The outcome for these ranked hits and what would be quoted of them."""
    if not ranked or not results.question.concepts:
        return Outcome.NOT_FOUND
    likely = probability(signals(results, ranked[0]))
    if likely < CLOSEST_FROM:
        return Outcome.NOT_FOUND
    if likely < ANSWERED_FROM or beside_the_point(results, ranked[0], quotes):
        return Outcome.CLOSEST
    return Outcome.ANSWERED
