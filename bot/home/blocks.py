"""Help and App Home as Slack shows them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.ask.model import StoredAnswer
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block
from knowledge.passages import Outcome

HELP = "Trustbot answers questions from the trust's own documents, in their own words, and says where each stands."
WAYS = (
    "*Ask in private*: write in the Messages tab, or send `/trust ask` and your question anywhere.\n"
    "*Ask in a channel*: mention `@Trustbot`. The answer goes into the thread, and you can go on asking there.\n"
    "*Ask about a message*: open the message's menu and choose *Ask Trustbot about this*.\n"
    "*Go on from there*: _summarise it_, _explain it for a new teaching assistant_, _what does LADO mean?_, "
    "_which page is that on?_, _is that the current version?_, _what has changed in the lettings policy?_, "
    "_what's new since January?_\n"
    "*Over all documents and schools*: _which policies are due for review this term?_, _do we have a policy on "
    "lettings?_, _which schools' behaviour policies mention phones?_, _compare Oakfield and Westbrook on homework_"
)
RECORDS = (
    "*Ask about records too*: “What is overdue at Oakfield?”, “Who asked for help with phonics?”, “Which schools have "
    "not reported?”, “How is the phonics collaboration doing?”, “What did we agree about lettings, and what does the "
    "policy say?” Then, in the thread: “Which of the ten principles speaks to this?”"
)
MEETINGS = (
    "*Meetings*: `/trust notes` takes notes in, `/trust actions` and `/trust decisions` show what was agreed, "
    "`/trust agenda` drafts the next agenda, `/trust return` sends your school's return. You can also send minutes as "
    "a file in the Messages tab, or choose *Make this an action* in a message's menu."
)
PULSE = (
    "*Collaborations*: `/trust collaborations` keeps the register, `/trust pulse` asks a short anonymous pulse on the "
    "five tests and shows its results."
)
DIGEST = (
    "*Weekly digest*: each school week it comes to the channels that the trust has chosen. `/trust digest` previews, "
    "posts, moves or pauses it."
)
PRIVACY = (
    "*Privacy*: `/trust privacy` says what is kept, where, how long and who can read it; `/trust mydata` gives you "
    "your data, or deletes it. `/trust standard` lists approved answers; for the trust's administrators and executive, "
    "`/trust insights` shows what is asked and what the documents lack."
)
GUIDES = "*Guides*: `/trust guide` lists them: for heads, clerks, chief executives and trustees, and for setting up."
SCOPE = (
    "In a channel Trustbot shows only what all of its members may read. If you may read more, you get the fuller "
    "answer alone and decide whether to share it."
)
LIMITS = (
    "It quotes; only school words are explained in words of its own. When the documents that you can see do not hold "
    "the answer, it says so. Nothing leaves the trust's own machine. Please leave out pupils' names."
)
WRITTEN = (
    "Answers are written by the language model {model}. Each sentence may only shorten the quote that it rests on; "
    "where it puts in words of its own, you see the quote instead. Your question and the quoted passages go to that "
    "model: `/trust privacy` says where. When the documents that you can see do not hold the answer, it says so. "
    "Please leave out pupils' names."
)
PROMPTS_TITLE = "Questions to start with"
PROMPTS = (
    ("The five tests", "What are the five tests of collaboration?"),
    ("The ten principles", "What are the ten principles?"),
    ("The four responsibilities", "What are the four responsibilities of leaders?"),
    ("Capacity", "What do we mean by capacity?"),
)
OUTCOMES = {
    Outcome.ANSWERED: "answered",
    Outcome.CLOSEST: "nearest passages",
    Outcome.NOT_FOUND: "not found",
    Outcome.SIGNPOST: "signpost",
}


def guidance(model: str | None = None) -> tuple[str, list[Block]]:
    """The help message: its top-level text and its blocks. `model` is the language model that writes, if any does."""
    limits = WRITTEN.format(model=kit.escape(model)) if model else LIMITS
    sections = (HELP, WAYS, RECORDS, MEETINGS, PULSE, DIGEST, PRIVACY, GUIDES, SCOPE)
    return HELP, [*map(kit.section, sections), kit.context(limits)]


def home(recent: Sequence[StoredAnswer], mine: Sequence[Block] = (), model: str | None = None) -> Block:
    """App Home for one person: what waits for him (`mine`, of other rooms), and his own last questions."""
    _, help_blocks = guidance(model)
    blocks = [kit.header("Trustbot"), *mine, *([kit.divider()] if mine else []), *help_blocks, kit.divider()]
    blocks.append(kit.section("*Your last questions*"))
    blocks += [
        kit.section(
            f"{kit.escape(kit.shorten(stored.question.text, 300))}\n{OUTCOMES[stored.answer.outcome]}, {when(stored)}"
        )
        for stored in recent
    ] or [kit.section("None yet.")]
    return kit.home(blocks)


def when(stored: StoredAnswer) -> str:
    """The time of an answer, in the reader's own zone."""
    plain = f"{stored.created.day} {stored.created:%B %Y}"
    return f"<!date^{int(stored.created.timestamp())}^{{date_short_pretty}} {{time}}|{plain}>"
