"""What is wrong in a trust file, told with line, key and mend to whoever edits it and knows no programming."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml
from pydantic_core import ErrorDetails

Location = tuple[str | int, ...]


class Loader(yaml.CSafeLoader):
    """Reads YAML as it is usually read, but leaves a day that no calendar has as its words, for a Refusal to quote."""


def _day(loader: Loader, node: yaml.ScalarNode) -> object:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return loader.construct_scalar(node)


Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)


def twice(node: yaml.Node | None) -> Iterator[tuple[int, str]]:
    """The keys that stand twice in one mapping, with the line of the second: YAML would forget the first."""
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from twice(each)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                yield key.start_mark.line + 1, str(key.value)
            seen.add(str(key.value))
            yield from twice(value)


def explained(path: Path, tree: yaml.Node | None, errors: Sequence[ErrorDetails]) -> list[str]:
    """What pydantic found wrong, a line each, without what only follows from other mistakes."""
    places = [each["loc"] for each in errors]
    found = [
        problem(path, tree, _place(each["loc"]), _mend(each))
        for each in errors
        if each["type"] != "too_short" or not any(_below(loc, each["loc"]) for loc in places)
    ]
    return list(dict.fromkeys(found))


def _below(location: Location, other: Location) -> bool:
    return len(location) > len(other) and location[: len(other)] == other


def _place(location: Location) -> Location:
    """Where it stands in the file: what pydantic adds for the kinds that a value may be of is none of the file's."""
    return location[:-1] if location[:1] == ("retention",) and len(location) > 2 else location


def _mend(error: ErrorDetails) -> str:
    """What to write instead, for whoever edits the file and knows no programming."""
    said, context = error["type"], error.get("ctx", {})
    if len(error["loc"]) > 2 and error["loc"][0] == "retention":
        return 'write a number of days, 2 or more, or "keep"'
    given = f"{error['input']!r}" if isinstance(error["input"], str | int | float | bool) else "what stands here"
    if said == "literal_error":
        return f"{given} is not known here: write one of {context['expected']}"
    if said == "string_pattern_mismatch":
        return f"{given} cannot be an id: write small letters, digits and hyphens, such as hazel-lane"
    if said.startswith(("date_", "datetime_")):
        return f"{given} is no day of the calendar: write year-month-day, such as 2026-09-01"
    if said.startswith("time_"):
        return f'{given} is no time of day: write hours and minutes in quotes, such as "15:00"'
    if said in ("tuple_type", "list_type"):
        return (
            "a list is wanted here: write each entry on a line of its own after a hyphen, or all in [square brackets]"
        )
    if said in ("model_type", "model_attributes_type", "dict_type"):
        return "this needs keys of its own, such as `id:` and `name:`; `trustbot guide trust-file` has an example"
    if said == "string_type":
        return f"{given} is not text here: write words, in quotes where they look like a number"
    if said.startswith(("int_", "float_")):
        return f"{given} is no whole number: write one in digits"
    if said == "bool_parsing":
        return f"{given} is neither true nor false: write one of the two"
    return _MENDS.get(said) or str(error["msg"]).removeprefix("Value error, ")


_MENDS = {
    "extra_forbidden": "this key is not known here: check its spelling or remove it",
    "missing": "this key is missing: add it",
    "too_short": "nothing is listed here: add at least one entry",
    "string_too_long": "this is too long: say it in fewer letters",
}


def problem(path: Path, tree: yaml.Node | None, location: Location, mend: str) -> str:
    """One mistake: the line, the key, and what to do."""
    return f"{path}, line {_line(tree, location)}, {'.'.join(map(str, location))}: {mend}."


def _line(tree: yaml.Node | None, location: Location) -> int:
    """The line, from 1, of the deepest node on the way to `location` that the file has."""
    node, line = tree, (tree.start_mark.line if tree else 0)
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == str(part)]
            if not found:
                break
            key, node = found[0]
            line = key.start_mark.line
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
        else:
            break
    return line + 1
