"""The library as a LangChain retriever, bound to one reader: for chains of others, as Trustbot itself uses none."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from knowledge.answer.retrieve import Hit, Search
from knowledge.passages import Reader


class LibraryRetriever(BaseRetriever):
    """The best passages for a question, of what `reader` may read; a chain cannot widen that.

    Each document's text is the passage verbatim; its metadata say where it stands and how it scored.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    search: Search
    reader: Reader
    count: int = 5

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        results = self.search.search(query, self.reader, self.count)
        return [_document(hit) for hit in results.hits]


def _document(hit: Hit) -> Document:
    document, passage = hit.document, hit.passage
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "source": document.source,
            "file_name": document.file_name,
            "title": document.title,
            "version": document.version,
            "heading": " > ".join(passage.heading),
            "page": passage.page,
            "score": hit.score,
        },
    )
