"""The papers' library, and somebody who asks it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from bot.runtime import db
from knowledge.answer.retrieve import Search
from knowledge.embedding.encoder import Encoder
from knowledge.library.library import Library
from knowledge.passages import Answer, Citation, Reader
from knowledge.pipeline import Answerer
from tests.knowledge.skills import papers

Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def search(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Search:
    engine = db.make_engine(f"sqlite:///{tmp_path_factory.mktemp('papers') / 'trustbot.sqlite'}")
    db.upgrade(engine)
    library = papers.fill(Library(engine, encoder))
    return Search(library, encoder, papers.NAMES, lambda: papers.TODAY)


@pytest.fixture(scope="session")
def ask(search: Search) -> Ask:
    """Asks a question, after others in the thread; every quote is looked up again, as this reader."""
    answerer = Answerer(search)

    def asked(question: str, reader: Reader = papers.STAFF, *before: str, cited: Sequence[str] = ()) -> Answer:
        answer = answerer.answer(question, reader, before, cited=cited)
        held = search.library.passages(reader, [each.passage_id for each in answer.citations])
        assert all(each.quote in held[each.passage_id].text for each in answer.citations)
        if not reader.may_read(papers.BOARD):
            assert not any(word in answer.text for word in papers.SECRET)
        return answer

    return asked


def of(citations: Sequence[Citation]) -> list[str]:
    """The documents that are quoted, each once, in order."""
    return list(dict.fromkeys(each.document.id for each in citations))
