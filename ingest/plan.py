"""Decide what a sync has to do: what to read, what is gone, and what only seems to be."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from ingest.declared import sidecar_of
from ingest.describe import document_id
from ingest.scan import Found, Refused, Root, Scan, scan
from knowledge.catalogue import Entry
from knowledge.passages import Names
from knowledge.personal import MASKING, Masker
from knowledge.versions import covers

RULES = 3
"""Grows whenever files are read, split or described in another way, so that all are read again."""

_SUDDENLY = 10


@dataclass(slots=True)
class Plan:
    """What is to be done: files to read with their context, ids to remove, what is refused or held back already."""

    todo: list[tuple[Found, str]] = field(default_factory=list)
    gone: dict[str, str] = field(default_factory=dict)
    unchanged: int = 0
    refused: dict[str, Refused] = field(default_factory=dict)
    withheld: list[str] = field(default_factory=list)


class Context:
    """What a document's description rests on beside the file itself, as a hash."""

    def __init__(self, names: Names, principals: Collection[str] | None, staff: Collection[str] = ()) -> None:
        self.names = names
        self.principals = principals
        self.masker = Masker(staff)
        told = {
            "rules": RULES,
            "trust": names.trust,
            "schools": {key: list(ways) for key, ways in names.schools.items()},
            "bodies": {key: list(ways) for key, ways in names.bodies.items()},
            "principals": sorted(principals) if principals is not None else None,
            "masking": MASKING,
            "staff": sorted(staff),
        }
        self._trust = json.dumps(told, sort_keys=True)
        self._rules: dict[tuple[Path, str], str] = {}

    def of(self, found: Found) -> str:
        """32 hexadecimal digits that change with the rule, the names or the sidecar."""
        base = found.root.base or found.root.path
        key = (found.root.path, str(found.path.parent))
        if key not in self._rules:
            rule = found.root.rule
            folder = os.path.relpath(found.path.parent, base) if found.path != base else ""
            told = f"{self._trust}\0{rule.audience.name}\0{rule.kind}\0{rule.school}\0{rule.status}\0{folder}"
            told += "" if rule.mask else "\0unmasked"
            self._rules[key] = sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        if not found.sidecar:
            return self._rules[key]
        try:
            declared = sidecar_of(found.path).read_bytes()
        except OSError as error:
            declared = str(error.errno).encode()
        return sha256(self._rules[key].encode() + declared).hexdigest()[:32]


def plan(
    entries: Mapping[str, Entry],
    encoder: str,
    roots: Sequence[Root],
    former: Sequence[Path],
    context: Context,
    home: Path | None,
    allow_empty: bool,
) -> Plan:
    """Compare what lies in `roots`, and lay in `former` ones, with what the library has."""
    scanned = scan(roots, [home] if home else [])
    decided = Plan(refused=dict(scanned.refused))
    for source, found in scanned.found.items():
        about = context.of(found)
        entry = entries.get(document_id(source))
        if (
            entry
            and (entry.size, entry.modified) == (found.size, found.modified)
            and entry.document.digest[32:] == about
            and entry.encoder == encoder
        ):
            decided.unchanged += 1
        else:
            decided.todo.append((found, about))
    # A document that fewer may read from now on goes first.
    decided.todo.sort(key=lambda pair: not _narrowed(entries.get(document_id(str(pair[0].path))), pair[0]))
    _vanished(decided, scanned, entries, roots, former, allow_empty)
    return decided


def _narrowed(entry: Entry | None, found: Found) -> bool:
    return entry is not None and not covers(found.root.rule.audience, entry.document.audience)


def _vanished(
    plan: Plan,
    scanned: Scan,
    entries: Mapping[str, Entry],
    roots: Sequence[Root],
    former: Sequence[Path],
    allow_empty: bool,
) -> None:
    """Decide which documents are gone, and which only seem to be because their folder is not there."""
    places = [root.path for root in roots]
    mine = [entry for entry in entries.values() if _below(entry.document.source, [*places, *former])]
    missing = {entry.document.id: entry.document.source for entry in mine if entry.document.source not in scanned.found}
    for place in scanned.unreachable:
        held = {key for key, source in missing.items() if _below(source, [place])}
        if place in places:
            if held and allow_empty:
                continue
            plan.refused[str(place)] = Refused(place.name, f"There is nothing at {place}, or it cannot be reached.")
        _hold(plan, missing, held, f"{place} cannot be reached")
    if not allow_empty:
        for place in places:
            _guard(plan, scanned, missing, mine, place, least=1, share=0.0)
            _guard(plan, scanned, missing, mine, place, least=_SUDDENLY, share=0.5)
        for place in scanned.empty:
            _guard(plan, scanned, missing, mine, place, least=_SUDDENLY // 2, share=0.0)
    plan.gone = missing


def _guard(
    plan: Plan, scanned: Scan, missing: dict[str, str], mine: Sequence[Entry], place: Path, *, least: int, share: float
) -> None:
    """Hold back what seems gone from a place that has at most this share of its files left, if it had so many."""
    if not missing:
        return
    known = sum(_below(entry.document.source, [place]) for entry in mine)
    left = sum(_below(source, [place]) for source in scanned.found)
    if known >= least and left <= known * share:
        held = {key for key, source in missing.items() if _below(source, [place])}
        state = "is empty" if not left else f"has only {left} of {known} files left"
        _hold(plan, missing, held, f"{place} {state}")


def _hold(plan: Plan, missing: dict[str, str], held: set[str], why: str) -> None:
    if held:
        for key in held:
            del missing[key]
        count = "1 document stays" if len(held) == 1 else f"{len(held)} documents stay"
        plan.withheld.append(f"{why}: {count} in the library. If that is meant, sync again with --allow-empty.")


def _below(source: str, places: Sequence[Path]) -> bool:
    return any(source == str(place) or source.startswith(f"{str(place).rstrip(os.sep)}{os.sep}") for place in places)
