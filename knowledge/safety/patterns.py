"""Tells a question about a child at risk from one about the paperwork of safeguarding, and says what to do first."""

from __future__ import annotations

import re

SPEAK = "Speak to your designated safeguarding lead (DSL) or their deputy now, in person or by telephone."
_THEN = (
    "If a child is in immediate danger, call 999 first.\n"
    "Do not promise to keep it secret, and do not investigate. Write down what you saw and heard, in the child's own "
    "words, with the date and time. If it is about an adult who works with children, tell the headteacher; if it is "
    "about the headteacher, tell the chair of governors or the trust."
)
SIGNPOST = f"{SPEAK} {_THEN}"
WHAT_STAFF_DO = "What do staff do when a child tells them about abuse or harm?"
_TITLES = re.compile(
    r"safeguard|child protection|keeping children safe|\bprevent\b|allegation|low[- ]level concern|missing child",
    re.IGNORECASE,
)

_CHILD = re.compile(
    r"\b(?:child(?:ren)?|pupils?|students?|girls?|boys?|kids?|daughters?|sons?|baby|toddler|teenager|teen|"
    r"youngster|minor|"
    r"young (?:person|people|man|woman|lad)|learners?|sister|brother|siblings?|year (?:\d{1,2}|one|two|three|"
    r"four|five|six)s?|"
    r"y\d{1,2}|tutor group|(?:my|her|his|our|the) class|one of (?:my|our|the) (?:class|form|pupils|students|"
    r"tutees)|reception)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"\b(?:she|he|her|him|his|they|them|someone|somebody)\b", re.IGNORECASE)

_SELF = r"(?:him|her|them)sel(?:f|ves)"
# Words that are hardly said of anything else.
_HARM = re.compile(
    rf"\b(?:abus(?:e|ed|es|ing|ive)|neglect(?:ed|s|ful)?|molest\w*|rap(?:e|ed|ing)|sexual(?:ly)?|groom(?:ed|ing|"
    rf"s)?|sexting|"
    rf"nudes?|indecent|incest|self[- ]?harm(?:s|ed|ing)?|suicid\w*|kill(?:ing)? {_SELF}|end(?:ing)? (?:it all|"
    rf"(?:her|his|their) life)|"
    rf"want(?:s|ed)? to die|cut(?:s|ting)? (?:{_SELF}|(?:her|his|their) (?:arms?|wrists?|legs?))|hurt(?:s|"
    rf"ing)? {_SELF}|overdos\w*|"
    r"fgm|genital mutilation|forced (?:into )?marriage|honour[- ]based|radicali[sz]\w*|extremis[mt]\w*|"
    r"terroris\w*|county lines|"
    r"exploit\w*|traffick\w*|disclos(?:ed?|es|ing|ures?)|domestic (?:abuse|violence)|"
    r"child protection (?:concern|issue)|safeguarding (?:concern|issue|worry|incident)|at risk(?! of (?:falling|"
    r"fail|exclusion|under|not|missing out))|in danger|"
    r"unsafe|touch(?:ed|es|ing)? (?:her|him|them|a|the|pupils?|children|me)|"
    r"inappropriate(?:ly)? (?:\w+ )?(?:with|towards?|touch\w*|messag\w*|"
    r"relationship|contact)|alleg(?:ation|ations|ed|es|ing)|accus(?:ed|ation|es|ing))\b",
    re.IGNORECASE,
)
# Words that need a child and somebody's own experience beside them.
_SIGN = re.compile(
    r"\b(?:hit(?:s|ting)?|hurt(?:s|ing)?|beat(?:s|en|ing)?|slap(?:s|ped|ping)?|punch(?:es|ed|ing)?|kick(?:s|ed|"
    r"ing)?|shak(?:es|en|ing)|"
    r"bruis\w*|burns?|burnt|burned|marks? on|injur\w*|bleeding|starv\w*|hungry|not (?:been )?eat(?:ing|en)|dirty|"
    r"smell[sy]?|"
    r"missing|run(?:s|ning)? away|ran away|ran off|disappeared|not been seen|nobody (?:knows|has seen)|"
    r"cannot be found|can't find|"
    r"drunk|drinking|drugs?|high on|knife|knives|weapon|gun|gang|scared|afraid|frightened|terrified|crying|"
    r"threaten\w*|"
    r"locked (?:in|out|up)|left alone|home alone|on (?:his|her|their) own at home|pregnant|blackmail\w*|naked|"
    r"undress\w*|"
    r"photo(?:s|graphs?)? of|pictures? of|older (?:man|men|boyfriend)|strangers?|hate (?:my|her|his|their) life|"
    r"touch(?:ed|es|ing)?|"
    r"pushed|grabbed|restrained|screamed at|alone with|messaging|messages from|texting)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:told (?:me|us|a|her|his|their|my|one|the|staff)|tells? (?:me|us|a teacher|staff)|confid(?:ed|es|ing)|"
    r"(?:has |have |had )?(?:just )?(?:said|says|saying|admitted|revealed|reported|reports)|"
    r"i(?:'ve| have)? (?:just )?(?:seen|saw|noticed|found|heard|overheard|witnessed|suspect|think|believe|fear|"
    r"worry)|"
    r"we(?:'ve| have)? (?:just )?(?:seen|saw|noticed|found|heard|suspect|think|believe|fear|are worried)|"
    r"i(?:'m| am) (?:really |very |so )?(?:worried|concerned|scared|anxious|afraid)|worried about|concerned about|"
    r"came (?:in|to)|turned up|has been|have been|is being|are being|may be|might be|could be|keeps?|won't|"
    r"wants? to)\b",
    re.IGNORECASE,
)
_WHAT_TO_DO = re.compile(
    r"\b(?:what (?:should|shall|do|must|can|am) (?:i|we)\b(?: \w+)? ?(?:do|supposed)?|what (?:happens )?now|"
    r"what next|who (?:do|should|must|can) "
    r"(?:i|we) (?:tell|contact|speak|talk|call|ring|report|inform|go)|how (?:do|should|can|must) (?:i|"
    r"we) (?:report|raise|respond|react|"
    r"deal|handle|help|support|record|pass)|do i (?:need|have) to (?:tell|report|call|ring|inform)|should (?:i|"
    r"we) (?:tell|report|call|ring|"
    r"inform|contact)|whom (?:do|should))\b",
    re.IGNORECASE,
)
_ABOUT_PAPERS = re.compile(
    r"\b(?:polic(?:y|ies)|procedures?|guidance|kcsie|training|trained|reviewed|review date|due for review|"
    r"adopted|approved|minutes|"
    r"minuted|governors?|trustees?|how (?:many|often|long|soon|much|frequently|quickly)|statistics|figures|"
    r"number of|percentage|data|"
    r"record(?:s|ed)? (?:kept|held|stored)|retention|retained|register|audit|single central|dbs|define[ds]?|"
    r"definition|meaning of|"
    r"which (?:school|governor|trustee|member|document|section)|(?<!\w )who (?:is|are|was|leads|chairs)|who's|"
    r"when (?:is|was|are|were|did|does|"
    r"must|do)|what (?:does|do|did|is|are|was|were) (?:the|our|a|an|kcsie|it)|agreed|decided|report to|"
    r"curriculum|lesson|risk register|"
    r"budget|contract|data breach|disclosure and barring)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^\W*(?:who|what|when|where|which|how|why|is|are|do|does|did|can|could|should|may|must|will|has|have)\b",
    re.IGNORECASE,
)
_ADULT = re.compile(
    r"\b(?:teacher|member of staff|colleague|staff member|coach|volunteer|head(?:teacher)?|teaching assistant|ta|"
    r"adult|driver|caretaker|"
    r"governor|tutor)\b",
    re.IGNORECASE,
)


def signpost(lead: str = "") -> str:
    """What whoever writes of a child at risk is told; `lead` names whom to speak to, in lines that come first."""
    return f"{lead}\n{_THEN}" if lead else SIGNPOST


def asks(words: str) -> bool:
    """Whether words read like a question and not like something that is told."""
    return "?" in words or bool(_ASKS.search(words))


def child_at_risk(question: str) -> bool:
    """Whether a question is about a child who may be at risk, or an allegation against an adult who works with one.

    By its words alone: `knowledge.safety` sees more. What was seen, heard or feared counts, and what to do about it;
    what a policy says, who holds a role, how often or when something is done does not.
    """
    child = bool(_CHILD.search(question))
    harm, sign = bool(_HARM.search(question)), bool(_SIGN.search(question))
    told, act = bool(_TOLD.search(question)), bool(_WHAT_TO_DO.search(question))
    papers, asks = bool(_ABOUT_PAPERS.search(question)), bool(_ASKS.search(question))
    somebody = child or bool(_SOMEBODY.search(question)) or (harm and bool(_ADULT.search(question)))
    if harm and act and not (papers and not told):
        return True
    if harm and somebody and not papers:
        return not asks or told or act or child
    if harm and child and told and not asks:
        return True
    if sign and child and not papers:
        return told or act or not asks
    return sign and somebody and told and not (asks or papers)


def is_safeguarding(title: str) -> bool:
    """Whether a document's title says that it is about keeping children safe."""
    return bool(_TITLES.search(title))
