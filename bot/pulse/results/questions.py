"""Tell whether a question is about published pulses, and read what it asks for; all else is left alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.pulse.model import Test
from bot.slack.mrkdwn import asked_plainly

What = Literal["all", "weakest", "topic", "five"]

_NAME = r"(?P<name>[\w'&., -]{2,80}?)"
_WORK = r"(?:collaborations?|partnership)"
_PULSE = r"(?:(?:last|latest|most\s+recent|newest)\s+)?(?:published\s+)?pulse(?:\s+survey)?"
_SAID = r"(?:say|said|show|showed|find|found|tell\s+us|told\s+us)"
_BY_PULSE = rf"(?:\s+(?:in|according\s+to|by)\s+(?:the\s+)?{_PULSE})?"
_THE = r"(?:(?:the|our|this|that)\s+)?"
_TESTS = "|".join(each.value.casefold() for each in Test)
_FORMS: tuple[tuple[str, What], ...] = (
    (
        rf"how\s+(?:is|are|was|were|has|have)\s+{_THE}{_NAME}(?P<said>\s+{_WORK})?\s+"
        rf"(?:doing|going|getting\s+on|faring|(?:been\s+)?(?:doing|going))(?:\s+(?:now|so\s+far|at\s+the\s+moment))?"
        rf"{_BY_PULSE}",
        "all",
    ),
    (
        rf"(?:what|which)\s+(?:is|are|was|were)\s+(?:the\s+)?(?:results?|figures)\s+of\s+(?:the\s+)?{_PULSE}"
        rf"(?:\s+(?:on|of|for|about)\s+{_THE}{_NAME}(?:\s+{_WORK})?)?",
        "all",
    ),
    (
        rf"(?:what|which)\s+(?:is|are|was|were)\s+(?:the\s+)?{_PULSE}\s+(?:results?|figures)\s+(?:on|of|for|about)\s+"
        rf"{_THE}{_NAME}(?:\s+{_WORK})?",
        "all",
    ),
    (
        rf"what\s+did\s+(?:people|staff|everybody|everyone|they)\s+{_SAID}\s+(?:about|on|of)\s+"
        rf"(?P<topic>[\w' -]{{2,60}}?)\s+in\s+(?:the\s+)?{_PULSE}"
        rf"(?:\s+(?:on|of|for|about)\s+{_THE}{_NAME}(?:\s+{_WORK})?)?",
        "topic",
    ),
    (
        rf"how\s+(?:did|does|do)\s+{_THE}{_NAME}\s+{_WORK}\s+(?:score|do|fare)\s+(?:on|for|in)\s+"
        rf"(?P<topic>(?:the\s+)?(?:test\s+of\s+)?(?:{_TESTS})){_BY_PULSE}",
        "topic",
    ),
    (
        rf"(?:what|which)(?:\s+(?:is|was)|'s)\s+(?:the\s+)?weakest\s+test\s+(?:of|in|for|at)\s+{_THE}{_NAME}"
        rf"(?:\s+{_WORK})?{_BY_PULSE}",
        "weakest",
    ),
    (
        rf"(?:what|which)\s+test\s+(?:is|was)\s+(?:the\s+)?weakest\s+(?:of|in|for|at)\s+{_THE}{_NAME}"
        rf"(?:\s+{_WORK})?{_BY_PULSE}",
        "weakest",
    ),
    (
        rf"what\s+(?:did|does)\s+(?:the\s+|our\s+)?{_PULSE}(?:\s+(?:on|of|for)\s+{_THE}{_NAME}(?:\s+{_WORK})?)?"
        rf"\s+{_SAID}(?:\s+(?:about|on|of)\s+(?P<topic>[\w' -]{{2,60}}))?",
        "topic",
    ),
    (
        rf"(?:does|did|do|would|will|has|is)\s+{_THE}(?:{_NAME}\s+)?{_WORK}\s+"
        r"(?:pass(?:ed|ing)?|meet(?:ing)?|met|satisfy)\s+(?:all\s+)?(?:of\s+)?(?:the\s+)?five\s+tests"
        r"(?:\s+of\s+collaboration)?",
        "five",
    ),
    (
        rf"how\s+(?:does|is|did)\s+{_THE}(?:{_NAME}\s+)?{_WORK}\s+(?:do|doing|stand|fare|measure\s+up)\s+"
        r"(?:on|in|against|with|by)\s+(?:the\s+)?five\s+tests(?:\s+of\s+collaboration)?",
        "five",
    ),
)
_COMPILED = tuple((re.compile(form), what) for form, what in _FORMS)
_WAYS = {"prioritization": Test.PRIORITISATION, "priorities": Test.PRIORITISATION, "priority": Test.PRIORITISATION}


@dataclass(frozen=True, slots=True)
class PulseQuery:
    """What a question asks of published pulses. An empty `name` is the latest of any collaboration; `sure` says that
    what was named must be one, as the question says so."""

    what: What
    name: str = ""
    topic: str = ""
    sure: bool = True


def read_pulse_query(question: str) -> PulseQuery | None:
    """What a question asks of the pulses; None where it is not of their sort."""
    text = asked_plainly(question)
    for form, what in _COMPILED:
        if match := form.fullmatch(text):
            found = match.groupdict()
            name, topic = (found.get("name") or "").strip(), (found.get("topic") or "").strip()
            if not name and (about := re.fullmatch(rf"(?:the\s+|our\s+)?(.+?)\s+{_WORK}", topic)):
                name, topic = about[1], ""
            sure = "said" not in found or bool(found["said"]) or "pulse" in text
            return PulseQuery("all" if what == "topic" and not topic else what, name, topic, sure)
    return None


def test_named(topic: str) -> Test | None:
    """The one of the five tests that these words name; None where they name none."""
    word = re.sub(r"^(?:the\s+)?(?:test\s+of\s+)?", "", topic.casefold()).strip()
    return next((each for each in Test if each.value.casefold() == word), _WAYS.get(word))
