"""The leadership framework that comes with every installation: typed data, and the documents made from it."""

from knowledge.school.framework.documents import documents
from knowledge.school.framework.model import Framework, load

__all__ = ["Framework", "documents", "load"]
