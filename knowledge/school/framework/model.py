"""The leadership framework as frozen types, read once from its YAML file and checked."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

Words = Annotated[str, Field(min_length=2)]
PriorityId = Literal["risk", "workforce", "communications", "finance", "data"]
TEST_NAMES = ("PURPOSE", "MUTUALITY", "CHANGE", "PACE", "PRIORITISATION")
RESPONSIBILITY_NAMES = ("Children", "Strategy", "Improvement", "Capacity")
PRIORITY_IDS: tuple[PriorityId, ...] = ("risk", "workforce", "communications", "finance", "data")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class GuidingPrinciple(_Strict):
    """The one principle under the ten."""

    statement: Words
    meaning: Words
    duties: tuple[Words, ...] = Field(min_length=3, max_length=3)


class Responsibility(_Strict):
    """One of the four responsibilities that trust and school leaders share."""

    name: Words
    text: Words


class Principle(_Strict):
    """One of the ten guiding principles, with what leaders do to live by it, and what they talk of when it speaks to
    them (by which it is found; no document says it)."""

    number: int
    name: Words
    summary: Words
    duties: tuple[Words, ...] = Field(min_length=3)
    speaks_to: tuple[Words, ...] = Field(min_length=3)


class CollaborationTest(_Strict):
    """One of the five tests of a collaboration, with the question to ask before starting one."""

    __test__ = False

    name: Words
    statement: Words
    question: Annotated[str, Field(pattern=r"\?$")]


class Priority(_Strict):
    """One of the five priorities of a trust."""

    id: PriorityId
    name: Words
    text: Words


class Reflection(_Strict):
    """One of the five answers of the reflection grid, and what follows from it."""

    statement: Words
    next_step: Words


class CapacityDimension(_Strict):
    """One of the things that capacity is made of."""

    name: Words
    text: Words


class CareerStage(_Strict):
    """One of the five stages of a ten-year career plan."""

    number: int
    name: Words
    text: Words


class StandardItem(_Strict):
    """One standard agenda item of leadership meetings, tagged with a priority or with children."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$")]
    name: Words
    priority: PriorityId | Literal["children"]


class Framework(_Strict):
    """The whole framework; `source` credits where its ideas come from."""

    source: Words
    guiding_principle: GuidingPrinciple
    responsibilities: tuple[Responsibility, ...] = Field(min_length=4, max_length=4)
    principles: tuple[Principle, ...] = Field(min_length=10, max_length=10)
    tests: tuple[CollaborationTest, ...] = Field(min_length=5, max_length=5)
    priorities: tuple[Priority, ...] = Field(min_length=5, max_length=5)
    reflection: tuple[Reflection, ...] = Field(min_length=5, max_length=5)
    capacity: tuple[CapacityDimension, ...] = Field(min_length=5, max_length=5)
    career_stages: tuple[CareerStage, ...] = Field(min_length=5, max_length=5)
    agenda: tuple[StandardItem, ...] = Field(min_length=14, max_length=14)

    @model_validator(mode="after")
    def _named_and_numbered(self) -> Self:
        if tuple(each.number for each in self.principles) != tuple(range(1, 11)):
            raise ValueError("the principles are not numbered 1 to 10 in order")
        if tuple(each.number for each in self.career_stages) != tuple(range(1, 6)):
            raise ValueError("the career stages are not numbered 1 to 5 in order")
        if tuple(each.name for each in self.tests) != TEST_NAMES:
            raise ValueError(f"the tests are not {', '.join(TEST_NAMES)} in order")
        if tuple(each.name for each in self.responsibilities) != RESPONSIBILITY_NAMES:
            raise ValueError(f"the responsibilities are not {', '.join(RESPONSIBILITY_NAMES)} in order")
        if tuple(each.id for each in self.priorities) != PRIORITY_IDS:
            raise ValueError(f"the priorities are not {', '.join(PRIORITY_IDS)} in order")
        named = [each.name for each in self.principles], [each.id for each in self.agenda]
        if any(len(set(names)) != len(names) for names in named):
            raise ValueError("two principles or two agenda items share a name")
        return self

    def principle(self, number: int) -> Principle:
        """The principle of this number, 1 to 10; a LookupError when there is none."""
        if not 1 <= number <= len(self.principles):
            raise LookupError(f"there is no principle {number}: they are numbered 1 to {len(self.principles)}")
        return self.principles[number - 1]


def parse(text: str) -> Framework:
    """Read a framework from YAML; a pydantic ValidationError says what is missing or too many."""
    return Framework.model_validate(yaml.safe_load(text))


@cache
def load() -> Framework:
    """The framework that comes with the package."""
    return parse(files("knowledge.school.framework").joinpath("framework.yaml").read_text(encoding="utf-8"))
