"""The words that tell a pupil's name beside a concern from the name of an adult, an author, a place or a month."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

CONCERN = re.compile(
    r"\b(?:safeguard\w*|child protection|\bcp plan|child in need|abus\w+|neglect\w*|disclos\w+|"
    r"self[- ]?harm\w*|want(?:s|ed)? to die|run away|suicid\w*|"
    r"bruis\w+|injur\w+|marks? on|hit(?:s|ting)?|hurt\w*|bit(?:es|ing)?|biting|punch\w*|kick\w*|fight\w*|"
    r"fought|threw|knife|weapon|vap(?:e|ing)|"
    r"drugs?|assault\w*|arrest\w*|police|county lines|bull(?:y|ied|ying)|racist|sexual\w*|radicali\w+|afraid|"
    r"restrain\w+|"
    r"send|sen|senco?|sendco|ehcp?s?|ehc|autis\w+|adhd|dyslexi\w+|dyspraxi\w+|special needs|speech and "
    r"language|hearing "
    r"impair\w+|visual impair\w+|one-page profile|one-to-one|1:1|behaviou?r\w*|exclu(?:ded?|sions?|ding)|suspen\w+|"
    r"managed move|detention|reduced timetable|part-time timetable|risk assessment|medic\w+|asthma\w*|"
    r"epilep\w+|seizure|"
    r"diabet\w+|insulin|allerg\w+|epi-?pen|inhaler|anxiety|anxious|camhs|care plan|diagnos\w+|mental health|gp|"
    r"attendance|absen\w+|missing from|not been in school|refuses school|missed|bereave\w*|died|lost (?:his|her|their)|"
    r"funeral|divorce|separated|court order|prison|social (?:care|worker)|early help|foster\w*|looked[- ]after|lac|pep|"
    r"placement|young carer|temporary accommodation|refuge|domestic|referr\w+|concerns?|accommodation)\b",
    re.IGNORECASE,
)
# After a name (and perhaps 's) these are said of a child.
OWNED = re.compile(
    r"(?:'s|’s)\s+(?:mum|mummy|mother|dad|father|parents?|carers?|foster|sister|brother|social worker|ehcp?\b|"
    r"ehc\b|sen\b|"
    r"send\b|attendance|behaviou?r|exclusion|suspension|medication|epi-?pen|inhaler|insulin|allerg\w+|support "
    r"plan|care "
    r"plan|risk assessment|one-to-one|key ?worker|class teacher|form tutor|teaching assistant|needs|diagnosis|"
    r"placement|"
    r"timetable|seizure|school place|one-page|speech|referral|disclosure|family|grandmother|grandfather|nan\b)",
    re.IGNORECASE,
)
DONE = re.compile(
    r",?\s+(?:and \S+ )?(?:who\s+)?(?:\(\w+\)\s+)?(?:was|were|is|has|have|had|has been|had been|had an?|been|"
    r"being)?\s*(?:again |now |also |recently |"
    r"permanently |persistently )*(?:"
    r"excluded(?! from the (?:vote|meeting|discussion|item|decision))|suspended|referred to|in foster|looked "
    r"after|at risk|"
    r"on a (?:cp|child)|a child|a young carer|been referred|been permanently|been suspended|been excluded|"
    r"been signed off|been in foster|missing|been missing|"
    r"been involved in county|absent|autistic|autism|adhd|dyslexia|epilepsy|asthma|diabetes|an? ehcp?\b|an "
    r"asthma|a nut|a severe|type 1|allerg\w+|"
    r"disclosed|made a disclosure|self-harm\w*|refuses? (?:school|to (?:come|attend))|an asthma attack|bruises|"
    r"restrained|arrested|found with|requires a|subject to|told (?:me|his|her|us|a teacher)|not been in school|"
    r"(?:hit|bit|bitten|punched|kicked|hurt) (?:another|a pupil|other)|being bullied|separation anxiety|unexplained)",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"\b(?:exclusions?|suspensions?|managed move|placement|appeal|case|safety|referral|refer|exclude|suspend|"
    r"admission|needs|"
    r"risk assessment|behaviour|attendance|disclosure|concerns?|worried|review|plan|assessment|restraint|family|"
    r"parents|mother|father)(?: made)?(?: (?:of|for|by|about|regarding|re|from|that))*:?\s+(?:two boys, )?$",
    re.IGNORECASE,
)
PUPIL = re.compile(
    r"\b(?:pupils?|child|students?|boys?|girls?|learner|son|daughter|sister|brother|sibling|twins?|case study)"
    r"(?: in \w+(?: \w+)?)?(?: called| named)?\s*[,:(]?\s+$",
    re.IGNORECASE,
)
YEAR = (
    r"(?:Year (?:\d{1,2}|one|two|three|four|five|six)\b|[Yy]\d{1,2}\b|Reception\b|reception\b|Nursery\b|nursery\b|"
    r"year \d{1,2}\b|\d{1,2}[A-Z]{1,2}\b)"
)
IN_YEAR = re.compile(
    r"(?:\s*[(|:–—]\s*|\s*,\s*(?:a |an |both )?(?:pupil |student |girl |boy |child |in )*|,? (?:both )?(?:in|"
    rf"from|of) (?:class )?|\s+-\s+){YEAR}"
    rf"(?! ?(?:teacher|lead|leader|ta\b|teaching|team|phase|tutor|parent|governor|class teacher|co-?ordinator|staff|"
    rf"head|assistant|manager|mentor|and Year))"
)
YEAR_BESIDE = re.compile(rf"\s+{YEAR}(?! ?(?:teacher|lead|leader|ta\b|tutor|team|head|pupils|parents))")
YEAR_BEFORE = re.compile(rf"\b{YEAR}(?: (?:pupil|student|girl|boy|child))?,? $")
_HIS = (
    r"(?:suspension|exclusion|disclosure|ehcp?\b|asthma|epilepsy|diabetes|allergy|anxiety|autism|adhd|dyslexia|"
    r"attendance|behaviour|referral|bruis\w+|seizures?|medication|inhaler|placement|self[- ]harm)"
    r"(?! (?:policy|strategy|report|team|lead|guidance|training|figures|data))"
)
# Said of one person, whatever the name: "…'s epilepsy", "… after his suspension".
HAS = re.compile(rf"(?:'s|’s)\s+(?:\w+ )?{_HIS}", re.IGNORECASE)
AFTER_HIS = re.compile(
    rf" (?:\w+ ){{0,2}}(?:after|because of|about|for|with|following) (?:his|her|their) {_HIS}", re.IGNORECASE
)
TAUGHT = re.compile(
    r"\b(?:taught|studied|study|curriculum|themes?|topics?|follow the play|dressed up)\b", re.IGNORECASE
)
WITH_SIBLING = re.compile(r" and (?:her|his|their) (?:brother|sister|twin)", re.IGNORECASE)
TITLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lady|Lord|Cllr|Councillor|Rev|Revd|Father|PC|PCSO|Sgt|"
    r"St|Saint)\.? $"
)
# Before or after a name these are said of adults who work with or beside a school, or of authors.
GROWN_AFTER = re.compile(
    r"^(?:'s|’s)? ?(?:,|\(|–|-|:)?\s?(?:(?:the|our|an?) )?(?!(?:told|has|had|was|is) )(?:(?!his |her |their "
    r")\w+ ){0,2}?(?:headteacher|head of|chair\b|vice[- ]chair|clerk|dsl\b|sendco\b|"
    r"senco\b|teacher|governor|trustee|leader|manager|officer|adviser|advisor|psychologist|nurse|tutor|"
    r"assistant head|deputy|"
    r"director|consultant|counsellor|therapist|author|film|books?|campaign|novel|virtual school|teaching "
    r"assistant|ta\b)",
    re.IGNORECASE,
)
GROWN_DOES = re.compile(
    r"^\s+(?:and [A-Z]\w+ [A-Z]\w+ )?(?:presented|reported|thanked|asked|explained|confirmed|updated|chaired|"
    r"chairs|joined|proposed|seconded|agreed|"
    r"noted|advised|circulated|will|to [a-z]+|leads|monitors|holds|spoke|attends|delivers|delivered|visited|"
    r"wrote|said that (?:eight|the))\b"
)
GROWN_BEFORE = re.compile(
    r"\b(?:written by|by|author|adviser,|present:|apologies:|in attendance:|contact:|owner:|governor:|governor for "
    r"\w+:|seconded by|proposed by|(?:social worker|head|nurse|headteacher|chair|clerk|dsl|sendco|officer|worker),?|"
    r"delivered by|action:|first aid:|named by|film|read)\s+$",
    re.IGNORECASE,
)
LISTS_ADULTS = re.compile(
    r"^\W*(?:present|apologies|in attendance|attendees|attended|first aid|contacts?|proposed by)\b", re.IGNORECASE
)
_PLACE_WORDS = (
    "trust school schools academy centre center foundation house policy award project college hospital surgery "
    "road street lane close avenue day days week term hall park theatre library room building class act report "
    "review programme scheme plan cup prize memorial church house half bank team group committee society "
    "association institute university online unit department premium officer bay court primary junior infant "
    "juniors nursery"
)
PLACE = frozenset(_PLACE_WORDS.split())
_CALENDAR_WORDS = "May June April August Summer Autumn"
CALENDAR = frozenset(_CALENDAR_WORDS.split())
_NO_INITIALS_WORDS = (
    "SEN PP CP EP TA PE RE IT AP CE LA HT DH KS EY UK PA GP PC OT SL EHC EAL FSM LAC CLA DSL SLT LGB PEP ESA MAT "
    "CEO LSA AHT DHT EBSA VI HI MLD SLD PD ADHD ASD AM PM ID"
)
NO_INITIALS = frozenset(_NO_INITIALS_WORDS.split())
_NOT_NAMES_WORDS = (
    "The A An In On At Of For And Or But If Is Are Was Were Has Have Had Do Does Did Can Could Should Would Will "
    "May Must Our We They He She It His Her Their This That These Those There Then When Where Who Whom Which What "
    "Why How Year Years Premium Voice Progress Pupil Pupils Child Children Student Students Boy Girl Parent "
    "Parents Mother Father Teacher Head Headteacher Governor Governors Trustee Trustees Chair Clerk Staff School "
    "Trust Academy Policy Safeguarding Behaviour Attendance Exclusion Exclusions Suspension Suspensions SEND SEN "
    "EHCP CAMHS Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April June July "
    "August September October November December Spring Summer Autumn Winter Christmas Easter Reception Nursery "
    "Name Concern Concerns Two Three Four Five Six One All Any Some No Not Yes Key Stage Class English Maths "
    "Mathematics Science History Geography Spanish French German Latin Music Art Computing Report Review Plan "
    "Case Study Action Present Apologies Contact Police Social Early Help Care Need Protection Looked After "
    "Ofsted Department Education Council Local Authority Part Section Annex Appendix Page Item Bereavement LAC "
    "Attendance Panel Learning Only Each Every Many Most Other Tell Ask Speak Call Record Between From With "
    "Without Before During Since Until While Because As By To Up Mr Mrs Ms Miss Dr Working Together Keeping Safe "
    "Prevent"
)
NOT_NAMES = frozenset(_NOT_NAMES_WORDS.split())
_COMMON_WORDS = (
    "a an the in on at of for and or but if is are was were has have had do does did can could should would will "
    "may must be been being who whom which what why how when where to from with without year class because after "
    "before as by he she they it his her their keeps keep goes come comes that this not no so then than about "
    "into out up down over take takes refuses wants needs"
)
COMMON = frozenset(_COMMON_WORDS.split())


@cache
def first_names() -> frozenset[str]:
    """First names that are hardly anything else."""
    return _listed("first_names.txt")


@cache
def ordinary_names() -> frozenset[str]:
    """First names that are words or months as well."""
    return _listed("ordinary_names.txt")


def _listed(name: str) -> frozenset[str]:
    lines = files("knowledge.masking").joinpath(name).read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
