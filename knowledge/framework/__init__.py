"""The leadership framework that comes with every installation: typed data, and the documents made from it."""

from knowledge.framework.documents import documents
from knowledge.framework.model import Framework, load

__all__ = ["Framework", "documents", "load"]
