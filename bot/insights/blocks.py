"""Insights as Slack shows them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.insights.model import Cluster, Figures, Insights
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block

MOST = 8
RULES = (
    "No names, and nobody's own words: a question is shown only where at least three people asked it, in a wording "
    "that three of them used or by the words that they share. You see what came from documents that you may read; what "
    "only people of one school or group asked without an answer is shown to that school or group. Contradictions are "
    "pairs of sentences that say the same but for a figure; look at both before you change one."
)
NOTHING = "Nothing yet."


def insights(found: Insights) -> tuple[str, list[Block]]:
    """The message of `/trust insights`."""
    blocks = [
        kit.header(f"Insights of the last {found.days} days"),
        kit.section(_figures(found.figures)),
        *_list("What is asked", [_cluster(each) for each in found.asked]),
        *_list("Questions that your documents don't answer yet", [_cluster(each) for each in found.unanswered]),
        *_list(
            "Marked as not helpful, and what was missing",
            [
                f"“{kit.shorten(each.missing, 300)}”"
                + (f" (the answer quoted {', '.join(each.documents)})" if each.documents else "")
                for each in found.unhelpful
            ],
        ),
        *_list("Documents to look at", [f"{each.document.title}: {each.why}" for each in found.stale]),
        *_list(
            "Documents that contradict each other",
            [
                f"{each.figure.written} or {each.against.written}?\n"
                f"{each.one.document.title}: “{kit.shorten(each.one.text, 250)}”\n"
                f"{each.other.document.title}: “{kit.shorten(each.other.text, 250)}”"
                for each in found.disagreements
            ],
        ),
        kit.context(RULES),
    ]
    return f"Insights of the last {found.days} days", kit.fit(blocks)


def _figures(found: Figures) -> str:
    ended = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in found.outcomes.items() if count)
    people = f" by {found.people} people" if found.people else ""
    lines = [f"{kit.counted(found.questions, 'question')}{people}" + (f": {ended}." if ended else ".")]
    lines.append(f"Marked helpful {found.helpful} times, not helpful {found.unhelpful} times.")
    if found.median_seconds is not None:
        lines.append(
            f"Half of the answers came within {found.median_seconds:.1f} s, 95 in 100 within "
            f"{found.slow_seconds:.1f} s."
        )
    return "\n".join(lines)


def _cluster(cluster: Cluster) -> str:
    return (
        f"{kit.shorten(cluster.wording, 200)} ({kit.counted(cluster.questions, 'question')} by {cluster.people} people)"
    )


def _list(title: str, lines: Sequence[str]) -> list[Block]:
    shown = "\n".join(f"• {kit.escape(line)}" for line in lines[:MOST]) or NOTHING
    more = f"\nand {len(lines) - MOST} more in `trustbot insights`" if len(lines) > MOST else ""
    return [kit.section(f"*{title}*\n{kit.shorten(shown, 2700)}{more}")]
