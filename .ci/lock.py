"""Writes requirements.lock: what `make demo` installs, each with the hashes of its files, from constraints.txt.

Run it in a Python that has pip-tools and the project (`make test` sets one up; then `pip install pip-tools`), after
constraints.txt has changed. A line of hashes comes from the package index; files that lie beside it, such as a build of
torch for processors alone, are added with `--file PATH`.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from pip._internal.req.constructors import install_req_from_line
from piptools.repositories import PyPIRepository

ROOT = Path(__file__).resolve().parent.parent


def installed_for(extras: frozenset[str]) -> set[str]:
    """The canonical names of all that the project needs with these extras, as it is installed here."""
    found: set[str] = set()
    waiting = [("trustbot", extras)]
    done: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in done:
            continue
        done.add((name, wanted))
        try:
            requires = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        found.add(canonicalize_name(name))
        for line in requires:
            requirement = Requirement(line)
            markers = [{"extra": extra} for extra in wanted] or [{"extra": ""}]
            if requirement.marker is None or any(map(requirement.marker.evaluate, markers)):
                waiting.append((requirement.name, frozenset(requirement.extras)))
    return found - {"trustbot"}


def main() -> None:
    """Write the lock."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, action="append", default=[], help="a wheel that may be installed as well")
    beside = {}
    for path in parser.parse_args().file:
        name = parse_wheel_filename(path.name)[0]
        beside[name] = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    needed = installed_for(frozenset({"ocr"}))
    lines = ["# What `make demo LOCKED=1` installs, on Linux with Python 3.11. Made by .ci/lock.py; do not edit."]
    with tempfile.TemporaryDirectory() as cache:
        repository = PyPIRepository([], cache_dir=cache)
        for pin in (ROOT / "constraints.txt").read_text().split():
            name = canonicalize_name(re.split("==", pin)[0])
            if name not in needed:
                continue
            with repository.allow_all_wheels():
                hashes = sorted(repository.get_hashes(install_req_from_line(pin)))
            hashes += [beside[name]] if name in beside else []
            lines.append(" \\\n    --hash=".join([pin, *hashes]))
    (ROOT / "requirements.lock").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
