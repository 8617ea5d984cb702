"""Tells a question about a child at risk from one about the paperwork of safeguarding, and says what to do first."""

from __future__ import annotations

import re

SIGNPOST = (
    "Speak to your designated safeguarding lead (DSL) or their deputy now, in person or by telephone. "
    "If a child is in immediate danger, call 999 first.\n"
    "Do not promise the child to keep it secret, do not investigate, and write down what you saw and heard in the "
    "child's own words. If it is about a member of staff, go to the headteacher; if it is about the headteacher, go to "
    "the chair of governors or the trust."
)
_RISK = re.compile(r"\b(?:disclos|abus|self[- ]?harm|suicid|radicalis|fgm|missing)", re.IGNORECASE)


def child_at_risk(question: str) -> bool:
    """Whether a question is about a child who may be at risk, or an allegation against an adult."""
    return bool(_RISK.search(question))
