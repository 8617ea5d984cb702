"""Slack's published TypeScript types as a check: payloads become a program, and the compiler says what does not fit."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock

PACKAGE = Path(__file__).with_name("package.json")
CACHE = Path("~/.cache/trustbot").expanduser()
TYPES = {"block": "KnownBlock", "modal": "ModalView", "home": "HomeView", "manifest": "Manifest"}
INSTALL_SECONDS, CHECK_SECONDS = 180, 120


class NotToHand(Exception):
    """Why the types cannot be had here."""


def installed() -> Path:
    """The folder with Slack's types and the compiler, filled once; NotToHand without Node or without a network."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NotToHand("Node is not installed")
    folder = CACHE / f"block-kit-{hashlib.sha256(PACKAGE.read_bytes()).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        if (folder / "whole").exists():
            return folder
        shutil.copy(PACKAGE, folder)
        command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
        try:
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=INSTALL_SECONDS)
        except (subprocess.SubprocessError, OSError) as error:
            raise NotToHand("npm could not fetch @slack/types (no network?)") from error
        (folder / "whole").touch()
    return folder


def faults(payloads: Sequence[tuple[str, str]]) -> list[str]:
    """What is wrong with (kind, JSON) of these kinds: block, modal, home, manifest; empty if all fit Slack's types."""
    folder = installed()
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        program = Path(scratch) / "payloads.ts"
        lines = [
            'import type { KnownBlock, ModalView, HomeView } from "@slack/types";',
            'import type { Manifest } from "@slack/web-api/dist/types/request/manifest";',
        ]
        lines += [f"export const p{at} = {held} satisfies {TYPES[kind]};" for at, (kind, held) in enumerate(payloads)]
        program.write_text("\n".join(lines), encoding="utf-8")
        options = [
            "--noEmit",
            "--strict",
            "--skipLibCheck",
            "--module",
            "nodenext",
            "--target",
            "es2022",
            "--types",
            "",
        ]
        tsc = folder / "node_modules" / ".bin" / "tsc"
        told = subprocess.run(
            [tsc, *options, program], cwd=folder, capture_output=True, text=True, timeout=CHECK_SECONDS
        )
    found = []
    for line in told.stdout.splitlines():
        where, _, words = line.partition("): error ")
        if not words:
            continue
        number = int(where.rpartition("(")[2].split(",")[0]) - 3
        found.append(f"{words}\n    {payloads[number][1] if number >= 0 else line}")
    if told.returncode and not found:
        raise RuntimeError(told.stdout + told.stderr)
    return found


def manifest(path: Path) -> tuple[str, str]:
    """A manifest file as a payload."""
    return "manifest", json.dumps(json.loads(path.read_text(encoding="utf-8")))
