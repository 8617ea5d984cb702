"""Privacy, and a person's own data, as Slack shows them."""

from __future__ import annotations

from bot.privacy.facts import Facts
from bot.privacy.mydata import STAYS, Deleted
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block

EXPORT, DELETE, DELETE_VIEW = "privacy.export", "privacy.delete", "privacy.delete.view"
KINDS = {
    "questions": "the words of questions",
    "answers": "answers that were given",
    "feedback": "what you thought of an answer",
    "audit": "who was shown which documents",
    "notes": "the words of meeting notes",
    "drafts": "notes that were never confirmed",
    "returns": "what schools reported after their meetings",
    "matters": "what was marked for a next agenda",
    "posts": "which message stands where in Slack",
    "inbox": "which events are done",
}


def privacy(found: Facts) -> tuple[str, list[Block]]:
    """The message of `/trust privacy`."""
    model = (
        f"*Language model*: `{found.model}`. Your question and the passages that may answer it are sent to "
        "it, with likely "
        "pupils' names masked. Where it runs is its provider's to say; ask whoever runs Trustbot."
        if found.model
        else "*Language model*: none. Answers are quotes. No question and no document is sent to any model or provider."
    )
    run_by = found.run_by or "Whoever looks after Trustbot's machine"
    names = ", ".join(found.administrators) or "nobody is named as one in the trust file"
    where = (
        f"*Where it lies*: records in {found.records}; the index on {found.index}. Meaning is compared by "
        f"`{found.encoder}`, "
        "which runs inside Trustbot."
    )
    kept = "\n".join(f"• {KINDS[kind]}: {_days(days)}" for kind, days in found.retention.model_dump().items())
    masks = "Likely pupils' names beside a concern are masked before anything is kept, searched or sent"
    if found.unmasked_folders:
        masks += f", except in the folders {', '.join(found.unmasked_folders)}, where the trust switched that off"
    blocks = [
        kit.header("Privacy"),
        kit.section(model),
        kit.section(kit.escape(where)),
        kit.section(
            "*What is sent to Slack*: the answers that you read there. Slack keeps messages by your "
            "workspace's own rules."
        ),
        kit.section(f"*How long it is kept*\n{kept}\nActions and decisions are the trust's record and stay."),
        kit.section(
            f"*Who can read it*: you, your own questions. {kit.escape(run_by)} runs it and can read all that is in "
            "the database. "
            f"Administrators ({kit.escape(names)}) and the executive team see what is asked without names, "
            "and only where "
            "at least three people asked it. Nobody is ranked by use. Which documents were shown to whom is "
            "recorded for "
            "the trust's data protection lead; the question is not."
        ),
        kit.section(
            f"*Pupils*: {kit.escape(masks)}. That is done by rules and is not perfect: please leave names out."
        ),
        kit.context("`/trust mydata` gives you all that is kept of you, and deletes what is yours."),
    ]
    return "Privacy: what Trustbot keeps, where, for how long, and who can read it.", blocks


def mydata(counts: Deleted) -> Block:
    """The modal of `/trust mydata`."""
    return kit.modal(
        "Your data",
        [
            kit.section(
                f"Trustbot keeps {kit.counted(counts.answers, 'answer')} to your questions and "
                f"{kit.counted(counts.feedback, 'mark')} that you gave."
            ),
            kit.section(
                "*Export*: a file with all of it, and where records that you may read name you, comes to you alone. "
                "There may be more in records that are not open to you here: ask the trust's data protection lead."
            ),
            kit.section("*Delete*: your questions, their answers and your feedback go for good."),
            kit.context(STAYS),
            kit.actions(kit.button("Export my data", EXPORT), kit.button("Delete my data…", DELETE, style="danger")),
        ],
    )


def confirm(counts: Deleted) -> Block:
    """The modal that asks once more."""
    return kit.modal(
        "Delete your data?",
        [
            kit.section(
                f"{kit.counted(counts.answers, 'answer')} and {kit.counted(counts.feedback, 'mark')} will be "
                "deleted. This cannot be "
                "undone. The buttons under your earlier answers will stop working."
            ),
            kit.context(STAYS),
        ],
        callback=DELETE_VIEW,
        submit="Delete",
        close="Keep it",
    )


def deleted() -> tuple[str, list[Block]]:
    """What the person is told when it is done."""
    text = "Your questions, their answers and your feedback are deleted."
    return text, [kit.section(text), kit.context(STAYS)]


def _days(days: int | str) -> str:
    return "for good" if days == "keep" else f"{days} days"
