"""The whole schema of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

# The number of the last of the steps that this one replaces: a database that has gone them all is up to date as it is.
revision = "0017"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _library()
    _trust()
    _slack()
    _answers()
    _privacy()
    _meetings()
    _reminders()
    _digest()
    _pulse()


def _library() -> None:
    """Documents and their passages, and how far they are read and indexed."""
    op.create_table(
        "library_state",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("library_id", sa.String(32), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("rebuilds", sa.Integer(), nullable=False),
    )
    op.create_table(
        "library_indexes",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("applied", sa.BigInteger(), nullable=False),
        sa.Column("apart", sa.Text(), nullable=False),
        sa.Column("rebuilds", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(64)),
        sa.Column("until", sa.Float(53), nullable=False),
    )
    op.create_table(
        "library_reading",
        sa.Column("process", sa.String(120), primary_key=True),
        sa.Column("left", sa.Integer()),
        sa.Column("beat", sa.Float(53), nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("source", sa.Text(), nullable=False, unique=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False, index=True),
        sa.Column("family", sa.Text(), nullable=False, index=True),
        sa.Column("school", sa.String(60)),
        sa.Column("body", sa.String(60)),
        sa.Column("version", sa.Text()),
        sa.Column("date", sa.Date()),
        sa.Column("review", sa.Date()),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("pages", sa.Integer()),
        sa.Column("unit", sa.String(10)),
        sa.Column("ocr", sa.Boolean(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger()),
        sa.Column("modified", sa.Float(53)),
        sa.Column("generation", sa.BigInteger(), nullable=False, unique=True),
        sa.Column("revised", sa.BigInteger(), nullable=False, index=True),
        sa.Column("encoder", sa.Text(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("masked", sa.Integer(), nullable=False, server_default="0"),
    )
    op.create_table(
        "passages",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column(
            "document_id", sa.String(64), sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer()),
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("sentences", sa.LargeBinary(), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "refused_files",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("reader", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.Float(53), nullable=False),
    )
    op.create_table(
        "scanned_pages",
        sa.Column("document_id", sa.String(64), primary_key=True),
        sa.Column("page", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
    )


def _trust() -> None:
    """The versions of the trust file."""
    op.create_table(
        "trust_versions",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("accepted", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
    )
    op.create_table("trust_folders", sa.Column("folder", sa.Text(), primary_key=True))


def _slack() -> None:
    """Events that came, messages that were sent, and what is known of channels."""
    op.create_table(
        "inbox",
        sa.Column("id", sa.String(160), primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("payload", sa.Text()),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.DateTime(timezone=True), index=True),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("set_aside", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "posts",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("thread", sa.String(40)),
        sa.Column("began", sa.Float(53), nullable=False),
        sa.Column("ts", sa.String(40)),
    )
    op.create_table(
        "streams",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("thread", sa.String(40), nullable=False),
        sa.Column("began", sa.Float(53), nullable=False),
        sa.Column("ts", sa.String(40)),
    )
    op.create_table(
        "channels",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("id", sa.String(40), nullable=False),
    )
    op.create_table(
        "notices",
        sa.Column("subject", sa.String(120), primary_key=True),
        sa.Column("state", sa.String(100), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
    )


def _answers() -> None:
    """What was asked and answered, standard answers, and what a language model was used for."""
    op.create_table(
        "answers",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("event", sa.String(160), nullable=False),
        sa.Column("asker", sa.String(40), nullable=False, index=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("thread", sa.String(40)),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("message", sa.String(40)),
        sa.Column("edited", sa.String(40)),
    )
    op.create_index("ix_answers_thread", "answers", ["channel", "thread"])
    op.create_table(
        "feedback",
        sa.Column("answer_id", sa.String(24), sa.ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("person", sa.String(40), primary_key=True),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("missing", sa.Text()),
        sa.Column("given", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "standard_answers",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("review", sa.Date(), nullable=False, index=True),
        sa.Column("retired", sa.DateTime(timezone=True)),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
    )
    op.create_table(
        "model_calls",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("model", sa.String(120), nullable=False),
        sa.Column("prompt", sa.String(40), nullable=False),
        sa.Column("ended", sa.String(20), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("cost", sa.Float()),
    )


def _privacy() -> None:
    """Who was shown what, legal holds, and what was purged."""
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("person", sa.String(60), nullable=False, index=True),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("documents", sa.Text(), nullable=False),
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.String(12), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "purges",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.Text(), nullable=False),
    )


def _meetings() -> None:
    """Notes, meetings, their actions and decisions, schools' returns."""
    op.create_table(
        "meeting_notes",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "meeting_drafts",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, index=True),
        sa.Column("body", sa.Text()),
        sa.Column("day", sa.Date()),
        sa.Column("meeting", sa.String(24), index=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_meeting_drafts_body_day", "meeting_drafts", ["body", "day"])
    op.create_table(
        "meetings",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), index=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    op.create_index("ix_meetings_body_day", "meetings", ["body", "day"])
    op.create_table(
        "meeting_matters",
        sa.Column("body", sa.Text(), primary_key=True),
        sa.Column("ref", sa.String(160), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("raised", sa.Date(), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
    )
    op.create_table(
        "actions",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("meeting", sa.String(24), sa.ForeignKey("meetings.id", ondelete="CASCADE"), index=True),
        sa.Column("first_meeting", sa.String(24), sa.ForeignKey("meetings.id", ondelete="CASCADE")),
        sa.Column("raised", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, index=True),
        sa.Column("school", sa.Text(), index=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("owners", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False, index=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer()),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("part_b", sa.Boolean(), nullable=False),
        sa.Column("snoozed_until", sa.Date()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "action_changes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("action", sa.String(24), sa.ForeignKey("actions.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
    )
    op.create_index("ix_action_changes_what_at", "action_changes", ["what", "at"])
    op.create_table(
        "action_mentions",
        sa.Column("action", sa.String(24), sa.ForeignKey("actions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column(
            "meeting", sa.String(24), sa.ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True, index=True
        ),
        sa.Column("value", sa.Text(), nullable=False),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column(
            "meeting", sa.String(24), sa.ForeignKey("meetings.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer()),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("part_b", sa.Boolean(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
    )
    op.create_table(
        "returns",
        sa.Column("meeting", sa.String(24), sa.ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("school", sa.Text(), nullable=False, index=True),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("sent_by", sa.String(60), nullable=False),
    )


def _reminders() -> None:
    """Reminders of actions."""
    op.create_table(
        "reminders",
        sa.Column("person", sa.String(60), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("planned", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after_holiday", sa.Boolean(), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True), index=True),
    )
    op.create_table(
        "reminder_lines",
        sa.Column("person", sa.String(60), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("subject", sa.String(120), primary_key=True, index=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.ForeignKeyConstraint(["person", "day"], ["reminders.person", "reminders.day"], ondelete="CASCADE"),
    )


def _digest() -> None:
    """How each channel's digest is set, and which were posted."""
    op.create_table(
        "digest_settings",
        sa.Column("channel", sa.String(80), primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("items", sa.Text()),
        sa.Column("day", sa.String(10)),
        sa.Column("at", sa.Time()),
        sa.Column("by", sa.String(60)),
    )
    op.create_table(
        "digests",
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted", sa.DateTime(timezone=True)),
        sa.Column("value", sa.Text()),
    )
    op.create_index("ix_digests_channel_until", "digests", ["channel", "until"])


def _pulse() -> None:
    """Collaborations, their pulses and panels, sealed answers, and what was published."""
    op.create_table(
        "pulse_collaborations",
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("schools", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("lead", sa.String(60), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("partners", sa.JSON(), nullable=False),
        sa.Column("checklist", sa.JSON(), nullable=False, server_default="[]"),
    )
    op.create_table(
        "pulse_plans",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("collaboration", sa.String(60), sa.ForeignKey("pulse_collaborations.id"), nullable=False, index=True),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("recurring", sa.Boolean(), nullable=False),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "pulse_waves",
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("collaboration", sa.String(60), sa.ForeignKey("pulse_collaborations.id"), nullable=False, index=True),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=False),
        sa.Column("statements", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("plan", sa.String(40), nullable=False, server_default="", index=True),
        sa.Column("panel", sa.Integer(), nullable=False, server_default="0"),
    )
    op.create_table(
        "pulse_panels",
        sa.Column("collaboration", sa.String(60), sa.ForeignKey("pulse_collaborations.id"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("person", sa.String(60), primary_key=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("slices", sa.JSON(), nullable=False),
    )
    op.create_table(
        "pulse_participation",
        sa.Column("wave", sa.String(60), sa.ForeignKey("pulse_waves.id"), primary_key=True),
        sa.Column("person", sa.String(60), primary_key=True),
        sa.Column("slices", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
    )
    op.create_table(
        "pulse_seals",
        sa.Column("wave", sa.String(60), sa.ForeignKey("pulse_waves.id"), primary_key=True),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("issuing", sa.LargeBinary(), nullable=False),
        sa.Column("opening", sa.String(40), nullable=False),
        sa.Column("asking", sa.String(40)),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("spent", sa.Boolean(), nullable=False),
    )
    for table in ("pulse_answers", "pulse_comments", "pulse_waiting"):
        op.create_table(
            table,
            sa.Column("key", sa.String(32), primary_key=True),
            sa.Column("wave", sa.String(60), sa.ForeignKey("pulse_waves.id"), nullable=False, index=True),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sqlite_with_rowid=False,
        )
    op.create_table(
        "pulse_publications",
        sa.Column("wave", sa.String(60), sa.ForeignKey("pulse_waves.id"), primary_key=True),
        sa.Column("publication", sa.Text(), nullable=False),
    )
