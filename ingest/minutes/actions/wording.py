"""The words that make an action of a sentence, and those that do not."""

from __future__ import annotations

import re

# In their bare form, as an action begins with them.
_VERBS = """
    accept add address adjust advertise advise agree alert allocate amend analyse announce apply appoint approach
    approve arrange ask assess assign attach attend audit benchmark book brief bring build buy calculate call cancel
    canvass carry cascade chair change chase check choose circulate clarify clean close collate collect come communicate
    compare compile complete conduct confirm consider consult contact convene coordinate copy correct cost create
    decide deliver design destroy develop devise discuss display disseminate distribute do document draft draw e-mail
    email encourage engage enquire enrol ensure establish evaluate examine explain explore extend feed feedback file
    fill finalise find finish fix follow forward fund gather get give go hold host identify implement include inform
    inspect install instruct interview introduce investigate invite invoice issue keep launch lead let liaise list
    locate log look make manage map meet mention message model monitor move nominate notify obtain offer open order
    organise paint pass pay phone photocopy pick pilot place plan post prepare present print prioritise proceed
    process procure produce progress promote propose provide publicise publish purchase pursue put raise read
    rearrange recirculate recommend reconcile record recruit refer register remind remove renew repair replace reply
    report request reschedule research resend resolve resource respond resubmit retrieve return reverse review
    revise revisit ring roll rota run scan schedule scope score scrutinise seek select send set share shortlist show
    shred sign sign-post signpost sort source speak start store submit suggest summarise supply support survey table
    take talk telephone tell test thank tidy timetable trace track train transfer translate trial try undertake
    update upload use validate verify view visit work write
"""
VERBS = frozenset(_VERBS.split())
# "Ms Boyle will visit on Friday" tells what happens anyway; "Ms Boyle to visit on Friday" is an action.
_WEAK = """
    attend be close come decide go hold keep lead let look meet move open pay run start support take try use visit work
"""
WEAK = frozenset(_WEAK.split())
# What follows "to" and is no verb: "Chair to the board".
NO_VERBS = frozenset(
    [
        "a",
        "all",
        "an",
        "be",
        "both",
        "each",
        "have",
        "her",
        "his",
        "its",
        "our",
        "school",
        "the",
        "their",
        "them",
        "this",
    ]
)
NO_ACTION = re.compile(
    r"\b(?:continu\w+|remain\w*|be\s+(?:joining|leaving|starting|retiring|away|absent|on\s+leave)|retire|leave"
    r"|join|start\s+(?:in|at|on|her|his|work)|become|have|benefit)\b",
    re.IGNORECASE,
)
DECISION = re.compile(
    r"\bit\s+(?:was|is|has\s+been)\s+(?:\w+ly\s+)?(?:agreed|resolved|decided|determined|approved)\b|^(?:resolved"
    r"|agreed|decision|decided|approved|ratified|adopted)\b"
    r"|\b(?:was|were|is|are|be)\s+(?:\w+ly\s+)?(?:agreed|approved|ratified|adopted|resolved|accepted|confirmed|elected"
    r"|appointed|re-elected)\b"
    r"|\b(?:governors|trustees|directors|the\s+(?:board|committee|governing\s+(?:body|board)|fgb|lgb|slt|meeting"
    r"|team|trust)|slt|elt|members|all|heads|the\s+chair|fgb|lgb|everyone|we)\s+(?:unanimously\s+|also\s+"
    r"|then\s+|formally\s+|all\s+|had\s+no\s+objections\s+and\s+)?"
    r"(?:agreed|approved|ratified|adopted|resolved|decided|accepted|supported|endorsed|elected|appointed"
    r"|recommended|voted)\b"
    r"|[-–—:.]\s*(?:recommended\s+.*\band\s+)?(?:agreed|approved|ratified|adopted"
    r"|noted\s+and\s+approved)\b[^.]{0,60}\.?$"
    r"|\b(?:considered|discussed|reviewed|scrutinised)\b.*\band\s+(?:agreed|approved|ratified|adopted)\b"
    r"|^[A-Z][^.]{3,60}\s(?:agreed|approved|ratified|adopted)(?:\.?$|\s+and\s+(?:to\s+be|will|signed|recommended)\b)"
    r"|[-–—:]\s*(?:recommended|referred)\s+to\s+(?:the\s+)?(?:fgb|lgb|full|board|trust|governing|governors)\b"
    r"|\bdecided\s+(?:to|that)\b"
    r"|\brecommended\s+by\s+.*\band\s+approved\b",
    re.IGNORECASE,
)
# These words of a clause say that the meeting decided, whatever else the sentence says.
AGREED = re.compile(
    r"it\s+(?:was|is|has\s+been)\s+(?:\w+ly\s+)?(?:agreed|resolved|decided|determined|approved)\b|(?:resolved|agreed)\b"
    r"|(?:governors|trustees|directors|the\s+(?:board|committee|governing\s+(?:body|board)|meeting))\s+(?:\w+ly\s+|also\s+)?"
    r"(?:agreed|approved|ratified|adopted|resolved|decided|endorsed)\b",
    re.IGNORECASE,
)
MIGHT_BE = re.compile(
    r"^if\b|\b(?:can|could|may|might|cannot|must|would)(?:\s+not)?\s+be\s+(?:\w+ly\s+)?(?:agreed|approved|ratified|adopted"
    r"|accepted|confirmed|appointed|elected)\b",
    re.IGNORECASE,
)
# What every meeting says of itself, and the word Action, which says what is to be done.
ROUTINE = re.compile(
    r"\bapolog(?:y|ies|ise\w*)\b.*\b(?:accepted|approved|agreed|sanctioned|consented)|\baccepted\b.*\bapolog|^\W*action\b",
    re.IGNORECASE,
)
NO_DECISION = re.compile(
    r"^to\s+(?:agree|approve)\b(?!.*\bagreed\b)|\b(?:had\s+(?:been|already\s+been)\s+agreed|to\s+be\s+(?:agreed|approved|ratified|confirmed|accepted|adopted|appointed|elected)"
    r"|as\s+(?:previously\s+)?agreed|not\s+(?:yet\s+)?(?:agreed|approved)"
    r"|will\s+be\s+(?:agreed|approved)|agreed\s+(?:at"
    r"|on)\s+the\s+(?:last|previous)"
    r"|should\s+be\s+(?:agreed|approved)|next\s+agenda)\b",
    re.IGNORECASE,
)
DONE = re.compile(
    r"\b(?:completed|done|actioned|finished|dealt\s+with|carried\s+out|closed)\s+(?:in|during|at"
    r"|within)\s+(?:the|this)\s+meeting\b"
    r"|[(\[–—-]\s*(?:already\s+)?(?:completed?|done|actioned|closed)\s*[)\].]*$|^\s*\[[xX✓✔]\]|[✓✔]\s*$|\b(?:now"
    r"|since|already)\s+(?:completed?|done)\b\W*$"
    r"|\b(?:action|this)\s+(?:has\s+been|was|is)\s+(?:now\s+)?(?:completed?|done|closed)\b",
    re.IGNORECASE,
)
CLOSED = re.compile(
    r"\b(?:completed?|done|actioned|closed|resolved|finished|achieved|(?:has|have|had|was|were)\s+(?:now\s+"
    r"|all\s+|both\s+|since\s+)?(?:been\s+)?"
    r"(?:advertised|found|completed|sent|circulated|signed|uploaded|published|placed|posted|added|updated"
    r"|received|shared|obtained|written|booked|arranged|serviced|repaired|"
    r"fitted|replaced|bought|purchased|contacted|submitted|issued|ordered|installed|produced|paid|met|emailed"
    r"|provided|distributed|thanked|appointed|fixed|renewed))\b"
    r"|\bon\s+(?:the|this|today['’]s)\s+agenda\b",
    re.IGNORECASE,
)
STILL_OPEN = re.compile(
    r"\b(?:outstanding|on[\s-]?going|carr(?:y|ied)\s+(?:forward|over)|deferred|not\s+(?:yet|been|started"
    r"|complete)|in\s+(?:progress|hand)|awaiting|pending|"
    r"still\s+to|partially|none\s+identified|to\s+be\s+\w+ed|not\s+done|remains?|open|overdue|chase)\b",
    re.IGNORECASE,
)


def is_verb(word: str) -> bool:
    """Whether a word begins an action: "circulate", "Circulate"."""
    return word.strip(".,;:").casefold() in VERBS


def is_done(text: str) -> bool:
    """Whether a line says that its action is done already."""
    return bool(DONE.search(text))
