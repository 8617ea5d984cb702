"""Decide what a sync has to do: what to read, what is gone, and what only seems to be."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from ingest.metadata.declared import from_sidecar, sidecar_bytes
from ingest.metadata.describe import document_id
from ingest.readers.reading import Unreadable
from ingest.sync.held_closed import PART_B, OperatorAlone, PartB, is_part, part_b_of
from ingest.sync.scan import FoundFile, Refused, Root, Scan, scan, shown
from knowledge.library.descriptions import Entry
from knowledge.library.links import may_link
from knowledge.library.reading_log import RefusedFile
from knowledge.library.transactions import CONTENT_DIGITS
from knowledge.library.versions import covers
from knowledge.masking.pupil_names import MASKING, Masker
from knowledge.passages import EVERYONE_PRINCIPAL, Audience, Names

RULES = 4
"""Grows whenever files are read, split or described in another way, so that all are read again."""

_SUDDENLY = 10


@cache
def reader() -> str:
    """What tells one version of the readers from another: where it changes, refused files are tried again."""
    try:
        release = version("trustbot")
    except PackageNotFoundError:
        release = ""
    return f"{RULES} {release} {'ocr' if find_spec('rapidocr_onnxruntime') else ''}".strip()[:64]


@dataclass(slots=True)
class Plan:
    """What is to be done: files to read with their context, ids to remove, what is refused or held back already.

    `narrowed` is who may read a document until it is read again, by id; `forget` are files of which nothing need be
    remembered any more; `unlinked` are documents whose address may not be shown any more.
    """

    todo: list[tuple[FoundFile, str]] = field(default_factory=list)
    gone: dict[str, str] = field(default_factory=dict)
    narrowed: dict[str, Audience] = field(default_factory=dict)
    forget: list[str] = field(default_factory=list)
    unlinked: list[str] = field(default_factory=list)
    unchanged: int = 0
    refused: dict[str, Refused] = field(default_factory=dict)
    withheld: list[str] = field(default_factory=list)


class SyncContext:
    """What a document's description rests on beside the file itself, as a hash."""

    def __init__(
        self,
        names: Names,
        principals: Collection[str] | None,
        staff: Collection[str] = (),
        part_b: PartB | None = None,
        hosts: Collection[str] = (),
    ) -> None:
        self.names = names
        self.hosts = frozenset(hosts)
        self.part_b: PartB = part_b or OperatorAlone()
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
            "hosts": sorted(hosts),
        }
        self._trust = json.dumps(told, sort_keys=True)
        self._rules: dict[tuple[Root, str], str] = {}

    def of(self, found: FoundFile, entry: Entry | None = None) -> str:
        """32 hexadecimal digits that change with the rule, the names, the sidecar, and with who may read what of it is
        confidential."""
        base = found.root.base or found.root.path
        key = (found.root, str(found.path.parent))
        if key not in self._rules:
            rule = found.root.rule
            folder = os.path.relpath(found.path.parent, base) if found.path != base else ""
            told = f"{self._trust}\0{rule.audience.name}\0{rule.kind}\0{rule.school}\0{rule.status}\0{folder}"
            told += "" if rule.mask else "\0unmasked"
            told += f"\0{self.part_b.version(rule.audience)}"
            self._rules[key] = sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        opened = self.part_b.opened(entry.document.date) if entry else ()
        if not found.sidecar and not opened:
            return self._rules[key]
        try:
            declared = sidecar_bytes(found.path) if found.sidecar else b""
        except OSError as error:
            declared = str(error.errno).encode()
        return sha256(f"{self._rules[key]}{''.join(sorted(opened))}".encode() + declared).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class KnownLibrary:
    """What is known before a sync: the library's documents and its encoder, what was refused, by `reader` or by another
    version of it, and the sources of scans of which some pages were read, by id.

    `again` has a file that is named itself read again although it was refused.
    """

    entries: Mapping[str, Entry]
    encoder: str
    refused: Mapping[str, RefusedFile] = field(default_factory=dict)
    scanned: Mapping[str, str] = field(default_factory=dict)
    reader: str = ""
    again: bool = False

    def refusal(self, found: FoundFile, about: str) -> RefusedFile | None:
        """The refusal of this file, as far as its bytes are still those: by this reader and by these rules."""
        file = self.refused.get(document_id(str(found.path)))
        if file is None or file.reader != self.reader or file.digest[-CONTENT_DIGITS:] != about:
            return None
        return None if self.again and found.root.path == found.path else file


def plan(
    known: KnownLibrary,
    roots: Sequence[Root],
    former: Sequence[Path],
    context: SyncContext,
    home: Path | None,
    allow_empty: bool,
) -> Plan:
    """Compare what lies in `roots`, and lay in `former` ones, with what the library has."""
    entries = known.entries
    scanned = scan(roots, [home] if home else [])
    decided = Plan(refused=dict(scanned.refused))
    for source, found in scanned.found.items():
        entry = entries.get(document_id(source))
        about = context.of(found, entry)
        same = entry is not None and (entry.size, entry.modified) == (found.size, found.modified)
        if entry and same and entry.document.digest[CONTENT_DIGITS:] == about and entry.encoder == known.encoder:
            decided.unchanged += 1
            continue
        if entry and entry.document.url and not may_link(entry.document.url, context.hosts):
            decided.unlinked.append(entry.document.id)
        if entry and entry.document.digest[CONTENT_DIGITS:] != about:
            _narrow(decided, entry, found, context)
            if part_b_of(source) in entries:
                # Who may read its confidential part may have changed: until it is read again nobody does.
                decided.gone[part_b_of(source)] = f"{source}{PART_B}"
        refusal = known.refusal(found, about)
        if refusal and (refusal.size, refusal.modified) == (found.size, found.modified):
            decided.refused[source] = Refused(shown(found.path, found.root), refusal.reason)
        else:
            decided.todo.append((found, about))
    # What is answered from already goes before what is new.
    decided.todo.sort(key=lambda pair: document_id(str(pair[0].path)) not in entries)
    _vanished(decided, scanned, entries, roots, former, allow_empty)
    # What may not be read goes out whatever else seems to be gone.
    decided.gone |= {key: source for source in scanned.refused if (key := document_id(source)) in entries}
    # With a document goes its confidential part.
    parts = {part_b_of(source): f"{source}{PART_B}" for source in decided.gone.values()}
    decided.gone |= {key: source for key, source in parts.items() if key in entries}
    places = [*(root.path for root in roots), *former]
    remembered = {**known.scanned, **{file.id: file.source for file in known.refused.values()}}
    decided.forget = [
        key
        for key, source in remembered.items()
        if source not in scanned.found and _below(source, places) and not _below(source, scanned.unreachable)
    ]
    return decided


def expected_audience(found: FoundFile, context: SyncContext) -> Audience:
    """Who may read this file, by its sidecar and its folder; by a sidecar that makes no sense, nobody known."""
    try:
        declared = from_sidecar(found.path, context.names, context.principals).audience
    except Unreadable:
        return Audience(frozenset({""}))
    return Audience(frozenset(declared)) if declared else found.root.rule.audience


def _narrow(plan: Plan, entry: Entry, found: FoundFile, context: SyncContext) -> None:
    """Note who may read a document until its file is read again: nobody whom either rule, before or now, keeps out."""
    now, before = expected_audience(found, context), entry.document.audience
    if covers(now, before):
        return
    common = now.principals if EVERYONE_PRINCIPAL in before.principals else now.principals & before.principals
    if common - {""}:
        plan.narrowed[entry.document.id] = Audience(frozenset(common))
    else:
        plan.gone[entry.document.id] = entry.document.source


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
    mine = [
        entry
        for entry in entries.values()
        if _below(entry.document.source, [*places, *former]) and not is_part(entry.document.source)
    ]
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
    plan.gone |= missing


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
