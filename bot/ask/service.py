"""What leaders do with answers: ask, look at the sources, share, and say whether it helped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.ask import model, store
from bot.ask.answer_router import AnswerRouter
from bot.ask.model import Question, Source, StoredAnswer, Verdict
from bot.errors import Refusal
from knowledge.library.library import Library
from knowledge.llm.writer import Heard
from knowledge.passages import Answer, Document, Outcome, Passage, Reader

CONTEXT, TRIES = 3, 3
GONE = "This answer is no longer kept. Ask the question again."
CLOSED = "The documents behind this answer are not open to you."
CLOSING = "Who may read the documents behind this answer is being changed. Ask the question again in a minute."
CHANGED = "A document behind this answer has changed or gone since. Ask the question again before you share it."
NOT_SHARED = "This is about a child who may be at risk, so it is not shared. Tell the safeguarding lead alone."
Seen = Callable[[str, str, str, Sequence[Document]], None]


def not_noted(person: str, what: str, place: str, documents: Sequence[Document]) -> None:
    """Nothing is recorded of who saw which documents."""


class AskService:
    """Answers to questions, kept so that their buttons work after a restart. `seen` notes who was shown what."""

    def __init__(
        self,
        engine: Engine,
        router: AnswerRouter,
        library: Library,
        now: Callable[[], datetime],
        seen: Seen = not_noted,
    ) -> None:
        self._engine = engine
        self._router = router
        self._library = library
        self._now = now
        self._seen = seen

    def answer(self, asked: Question, reader: Reader, heard: Heard | None = None) -> StoredAnswer:
        """Answer from what this reader may read, and keep the answer; the same event and reader get the same one.

        `heard` is told the sentences of an answer that a model writes, while it writes."""
        return self._given(asked, reader, lambda: self._find(asked, reader, heard))

    def answer_in_channel(
        self, asked: Question, own: Reader, together: Reader
    ) -> tuple[StoredAnswer, StoredAnswer | None]:
        """The answer that a channel may see, and the asker's own where that says more.

        The first is the same whatever the asker may read besides.
        """
        shown = self.answer(replace(asked, alone=False), together)
        private = replace(asked, alone=True)
        if own == together:
            return shown, None
        if kept := self._load(private, own):
            return shown, kept
        # Whether there is more is seen without a model, which is asked only where there is.
        plain = self._find(shown.question, together, quoted=True) if shown.answer.written else shown.answer
        if not model.fuller(self._find(private, own, quoted=True), plain, together):
            return shown, None
        return shown, self._given(private, own, lambda: self._find(private, own))

    def at_risk(self, words: str) -> bool:
        """Whether words are about a child at risk: they are answered whoever they were meant for."""
        return self._router.at_risk(words)

    def owns(self, channel: str, thread: str) -> bool:
        """Whether a question was answered in this thread, so that it goes on without a mention."""
        with Session(self._engine) as session:
            return any(not asked.alone for asked in store.in_thread(session, channel, thread))

    def edited_since(self, asked: Question) -> Question | None:
        """The same message as it was edited last, where that was answered after this version of it was asked."""
        with Session(self._engine) as session:
            found = store.versions(session, asked)
        return found[-1] if found and found[-1].edited > asked.edited else None

    def find(self, answer_id: str) -> StoredAnswer:
        """An answer that was given; a Refusal when it is not kept any more."""
        with Session(self._engine) as session:
            stored = store.find(session, answer_id)
        if stored is None:
            raise Refusal(GONE)
        return stored

    def recent(self, asker: str, count: int = 5) -> list[StoredAnswer]:
        """This person's last questions, newest first, each once."""
        with Session(self._engine) as session:
            found = store.of_asker(session, asker, 4 * count)
        return list({_message(stored.question): stored for stored in reversed(found)}.values())[::-1][:count]

    def sources(self, answer_id: str, reader: Reader) -> tuple[StoredAnswer, list[Source]]:
        """The answer with those of its sources that this reader may read now; a Refusal when he may read none."""
        stored = self.find(answer_id)
        listed = [
            (n, citation)
            for n, citation in enumerate(stored.answer.citations)
            if reader.may_read(self._library.audience(citation.document))
        ]
        found = self._library.passages(reader, [citation.passage_id for _, citation in listed])
        if stored.answer.citations and not listed:
            raise Refusal(CLOSED)
        return stored, [
            Source(n, citation, _holding(citation.quote, found, citation.passage_id)) for n, citation in listed
        ]

    def source(self, answer_id: str, number: int, reader: Reader) -> Source:
        """One source of an answer in its page; a Refusal when this reader may not read it."""
        _, sources = self.sources(answer_id, reader)
        for source in sources:
            if source.number == number:
                return replace(source, around=self._library.page(reader, source.passage) if source.passage else ())
        raise Refusal(CLOSED)

    def to_share(self, answer_id: str, sharer: str, reader: Reader) -> StoredAnswer:
        """The answer that this person is about to share; a Refusal unless it is his and he may still read all of it."""
        stored, sources = self.sources(answer_id, reader)
        if stored.question.asker != sharer:
            raise Refusal("Only the person who asked can share this answer.")
        if stored.answer.outcome is Outcome.SIGNPOST:
            raise Refusal(NOT_SHARED)
        if len(sources) < len(stored.answer.citations) or any(source.passage is None for source in sources):
            raise Refusal(CHANGED)
        return stored

    def judge(self, answer_id: str, person: str, reader: Reader, verdict: Verdict, missing: str | None = None) -> None:
        """Keep what a reader of this answer thinks of it."""
        stored = self.find(answer_id)
        if stored.question.asker != person and not model.readable(stored.answer, reader):
            raise Refusal(CLOSED)
        with Session(self._engine) as session, session.begin():
            store.set_feedback(session, answer_id, person, verdict, missing, self._now())

    def note(self, person: str, what: str, documents: Sequence[Document], place: str = "") -> None:
        """Record that this person was shown these documents."""
        self._seen(person, what, place, documents)

    def _find(self, asked: Question, reader: Reader, heard: Heard | None = None, *, quoted: bool = False) -> Answer:
        asker = asked.asker if asked.alone else None
        earlier = self._earlier(asked)
        questions = [each.text for each in earlier]
        return self._router.find(
            asked.text, reader, asker, questions, heard, quoted=quoted, cited=lambda: self._cited(earlier)
        )

    def _given(self, asked: Question, reader: Reader, find: Callable[[], Answer]) -> StoredAnswer:
        """The answer that is kept, else what is found, as long as nothing that it quotes was closed meanwhile."""
        for _ in range(TRIES):
            if kept := self._load(asked, reader):
                return kept
            if not self._closed(answer := find(), reader):
                return self._keep(asked, reader, answer)
        raise Refusal(CLOSING)

    def _closed(self, answer: Answer, reader: Reader) -> bool:
        """Whether this quotes a document that was open to this reader when it was found and is not any more."""
        documents = model.documents(answer)
        was = (document for document in documents if reader.may_read(document.audience))
        return not all(reader.may_read(self._library.audience(document)) for document in was)

    def _load(self, asked: Question, reader: Reader) -> StoredAnswer | None:
        with Session(self._engine) as session, session.begin():
            stored = store.find(session, model.answer_id(asked.event, reader))
            if stored and self._closed(stored.answer, reader):
                store.remove(session, stored.id)
                return None
        return stored

    def _keep(self, asked: Question, reader: Reader, answer: Answer) -> StoredAnswer:
        stored = StoredAnswer(model.answer_id(asked.event, reader), asked, answer, reader, self._now())
        # First: after a crash in between it is recorded twice, which is better than not at all.
        self._seen(asked.asker, "answer", asked.channel, model.documents(answer))
        with Session(self._engine) as session, session.begin():
            store.add(session, stored)
        return stored

    def _earlier(self, asked: Question) -> list[Question]:
        """The last questions of the thread before this one, as far as those who are there could see them."""
        if asked.thread is None:
            return []
        with Session(self._engine) as session:
            earlier = store.in_thread(session, asked.channel, asked.thread)
        questions: dict[str, Question] = {}
        for each in earlier:
            # One without words was purged; of one that was edited, what stands there now is what was asked.
            seen = not each.alone or (asked.alone and each.asker == asked.asker)
            before = questions.get(_message(each))
            if each.text and seen and _message(each) != _message(asked):
                questions[_message(each)] = before if before and before.edited > each.edited else each
        return list(questions.values())[-CONTEXT:]

    def _cited(self, earlier: Sequence[Question]) -> tuple[str, ...]:
        """What the answer to the last of these questions quoted."""
        if not earlier:
            return ()
        with Session(self._engine) as session:
            return store.cited(session, earlier[-1])


def _message(asked: Question) -> str:
    """The same for all versions of one message."""
    return asked.message or asked.event


def _holding(quote: str, found: dict[str, Passage], passage_id: str) -> Passage | None:
    passage = found.get(passage_id)
    return passage if passage is not None and quote in passage.text else None
