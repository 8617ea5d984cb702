"""Other ways to say what a school's question says: abbreviations spelt out, and words that documents use instead."""

from __future__ import annotations

from functools import lru_cache

from knowledge.text.terms import terms, words

_SPELT_OUT = """
ahtt: assistant headteacher
ceo: chief executive officer
cfo: chief finance officer
cif: condition improvement fund
coo: chief operating officer
cpd: continuing professional development
dbs: disclosure and barring
dfe: department for education
dpo: data protection officer
dpia: data protection impact assessment
dsar: subject access request
dse: display screen equipment
dsl: designated safeguarding lead
ddsl: deputy designated safeguarding lead
eal: english as an additional language
ect: early career teacher
ehcp: education health and care plan
evc: educational visits coordinator
eyfs: early years foundation stage
fgb: full governing body
foi: freedom of information
fsm: free school meals
gag: general annual grant
gdpr: data protection
hs: health and safety
hr: human resources
ict: computing
ico: information commissioner
inset: training day / non pupil day
kcsie: keeping children safe in education
ks1: key stage 1
ks2: key stage 2
ks3: key stage 3
ks4: key stage 4
lac: looked after children
lado: local authority designated officer
lgb: local governing body
lsa: learning support assistant
mat: multi-academy trust
mfl: modern foreign languages
nor: number on roll
pan: published admission number
pat: portable appliance testing
pe: physical education
ppa: planning preparation and assessment
ppg: pupil premium grant
pshe: personal social health economic education
pta: parent teacher association
re: religious education
rse: relationships and sex education
sar: subject access request
sbm: school business manager
scr: single central record
sef: self-evaluation form
send: special educational needs
sen: special educational needs
sendco: special educational needs coordinator
senco: special educational needs coordinator
sip: school improvement plan
sdp: school development plan
slt: senior leadership team
smt: senior management team
sre: sex and relationships education
ta: teaching assistant
tlr: teaching and learning responsibility
toil: time off in lieu
"""

_ALIKE = """
absence absent attendance
academisation academy academies
afterschool wraparound
alcohol liquor alcoholic
allergy allergies anaphylaxis
appoint appointment recruit recruitment hire hiring
apply application applications
approve approved ratify ratified adopt adopted agreed
bike bicycle cycle
boss manager
budget finance
bought buy purchase purchasing procurement
bullied bullying bully
cancel cancellation cancels
car vehicle
chair chaired chairs chairing
clothes uniform dress clothing
colleague staff employee employees teacher teachers
complain complaint complaints
contract deal agreement
cost costs price charge charges fee fees pay
cctv camera cameras footage
dad mum parent parents carer carers father mother
detention detentions behind
dinner dinners lunch lunches meal meals
dog dogs animals pets
drink alcohol
email emails
expel expelled exclusion excluded permanent suspended suspension
expenses reimbursed claim
eyesight glasses eye optician spectacles
fine fines penalty
fire fired dismiss dismissal dismissed sack sacked
fix repair repairs maintenance
forbidden banned prohibited ban
gift gifts present voucher hospitality
goal goals target targets aim aims
grounds reasons
head headteacher heads headteachers principal
hire hires hirer hirers hiring let letting lettings rent rental renting booking book
holiday holidays vacation break leave
homework prep
ill sick sickness illness poorly unwell absence
injury injured bump accident accidents hurt
inset training
internet online web
interview interviews
job post role vacancy
kids kid children child pupil pupils student students
late lateness punctuality
lone alone
member members membership
mobile mobiles phone phones smartphone
money funding funds
new starter induction
notice notify notification
oversee oversees responsible responsibility
part-time flexible
payment pay paid salary wage wages
pension pensions
phone telephone tel number
photo photos photograph photographs image images
pick collect collection
police officer
quote quotes quotation quotations tender bid bids
reject rejected rejecting refuse refused refusal decline turn
refund refunded reimbursed refunds
ring call telephone phone
risk risks
roll rolls pupils numbers
rules rule policy
safe safety
sanction sanctions punishment consequence consequences
screen computer computers display
secretary clerk
sendco senco send sen
signed sign signature
spend spending expenditure
start begin commence begins
stop end finish expire expires
end finish close closed closes ended conclude
swap change
swim swimming pool
toilet toilets lavatory
trip trips visit visits excursion offsite
volunteer volunteers helper helpers
wear wearing uniform dress
wellbeing workload welfare
"""


Terms = tuple[int, ...]
_Tables = tuple[dict[str, tuple[Terms, ...]], dict[int, tuple[Terms, ...]], tuple[tuple[frozenset[int], Terms], ...]]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    spelt: dict[str, tuple[Terms, ...]] = {}
    shortened: list[tuple[frozenset[int], Terms]] = []
    for line in _SPELT_OUT.strip().splitlines():
        short, _, long = line.partition(": ")
        spelt[short] = tuple(tuple(terms(each)) for each in long.split(" / "))
        shortened += [(frozenset(whole), tuple(terms(short))) for whole in spelt[short] if len(whole) > 1]
    alike: dict[int, dict[int, None]] = {}
    for line in _ALIKE.strip().splitlines():
        row = list(dict.fromkeys(terms(line)))
        for term in row:
            alike.setdefault(term, {}).update((each, None) for each in row if each != term)
    return spelt, {term: tuple((each,) for each in others) for term, others in alike.items()}, tuple(shortened)


def alternatives(text: str) -> dict[int, tuple[Terms, ...]]:
    """For each term of a text that can be said otherwise: the ways, each one or more terms that belong together."""
    spelt, alike, shortened = _tables()
    found: dict[int, tuple[Terms, ...]] = {}
    for word in words(text):
        for term in terms(word):
            found[term] = spelt.get(word, ()) + alike.get(term, ())
    said = frozenset(found)
    for whole, short in shortened:
        if whole <= said:
            for term in whole:
                found[term] = (*found[term], short)
    return {term: ways for term, ways in found.items() if ways}
