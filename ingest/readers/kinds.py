"""Which files are read, and what every other kind is called where it is refused."""

from __future__ import annotations

import json
import re
from pathlib import PurePath

from ingest.readers.reading import Unwanted, unwanted

SUFFIXES = (".pdf", ".docx", ".docm", ".pptx", ".pptm", ".html", ".htm", ".md", ".markdown", ".txt", ".text")
KINDS = "PDF, Word (.docx), PowerPoint (.pptx), HTML, Markdown or text (.txt)"

_WORDS = "Open it where it was made and save it as .docx or PDF."
_SHEET = "Save what people should find in it as PDF, or write it in a Word document."
_LINK = "Download the document itself as .docx or PDF and put that here."
_MAIL = "Print it to PDF, or save its attachment, if it belongs in the library."
_OUT = "Leave it out; documents about it are read as PDF or Word."
_OUT_AT_ONCE = "Take it away at once: whoever reads it can use it. If others could open it, have it replaced."
_PICTURE = "Save it as PDF, so that the words in it can be read."

_BY_NAME: dict[str, tuple[str, str]] = {
    ".doc .dot .wps .wpd": ("an old Word file", _WORDS),
    ".ppt .pps .pot": ("an old PowerPoint file", "Open it in PowerPoint and save it as .pptx or PDF."),
    ".rtf": ("a Rich Text file", _WORDS),
    ".odt .odp .odg": ("an OpenDocument file", "Open it where it was made and save it as .docx, .pptx or PDF."),
    ".pages": ("a Pages file", _WORDS),
    ".pub .vsd .vsdx .indd .xps .oxps .ps .eps": ("a layout file", "Save it as PDF."),
    ".one .onetoc2": ("a OneNote notebook", "Print the pages that people should find to PDF."),
    ".epub .mobi .azw3": ("an e-book", "Save it as PDF."),
    ".mht .mhtml .webarchive": ("a saved web page with all its parts", "Print the page to PDF."),
    ".xls .xlsx .xlsm .xlsb .ods .numbers .csv .tsv .tab": ("a spreadsheet", _SHEET),
    ".mdb .accdb .sqlite .db .dbf": ("a database", _SHEET),
    ".gdoc .gsheet .gslides .gform .gdraw .gsite .gmap .gtable .gscript": (
        "only a link to a Google document, without its words",
        _LINK,
    ),
    ".url .webloc .lnk .website .desktop": ("only a link", _LINK),
    ".eml .msg .emlx .mbox .pst .ost": ("an e-mail", _MAIL),
    ".ics .vcs .vcf": ("a calendar or contact file", "Save what people should find as PDF or text."),
    ".pem .ppk .p12 .pfx .jks .keystore .kdbx .kdb .asc .gpg .pgp .crt .cer .der .p7b .p7s .ovpn .rdp .keytab": (
        "a key, a certificate or a store of passwords",
        _OUT_AT_ONCE,
    ),
    ".env .netrc .htpasswd .pgpass .npmrc .pypirc": ("a file of passwords and tokens", _OUT_AT_ONCE),
    ".json .jsonl .xml .yaml .yml .toml .ini .cfg .conf .properties .plist .reg .inf .parquet .sav .rdf": (
        "the data or the settings of a program",
        _OUT,
    ),
    ".py .js .mjs .ts .tsx .jsx .css .scss .java .c .h .cpp .cs .php .rb .go .rs .sh .bash .zsh .bat .cmd .ps1 .vbs "
    ".sql .r .ipynb .pl .lua .swift .kt .asp .aspx .jsp .vue": ("a program's code", _OUT),
    ".log": ("a program's log", _OUT),
    ".exe .msi .dll .app .dmg .pkg .jar .apk .deb .rpm .iso .img .bin .dat .bak .so .class .pyc .wasm": (
        "a program or its data",
        _OUT,
    ),
    ".zip .rar .7z .gz .tgz .tar .bz2 .xz .cab": (
        "a compressed archive",
        "Unpack it and put the documents here that belong in the library.",
    ),
    ".png .jpg .jpeg .jfif .gif .heic .heif .tif .tiff .bmp .webp .svg .psd .ai .ico .raw .cr2": (
        "a picture",
        _PICTURE,
    ),
    ".mp3 .m4a .wav .wma .ogg .flac .aac .mp4 .m4v .mov .avi .wmv .mkv .webm .mpg .mpeg .vtt .srt": (
        "a recording",
        "Put a written record of it here.",
    ),
}
_KIND_OF = {suffix: said for suffixes, said in _BY_NAME.items() for suffix in suffixes.split()}


def suffix_of(name: str) -> str:
    """The end of a file's name that says what it is, in lower case with its dot; only a dot where it has none."""
    return PurePath(name.strip()).suffix.lower() or "."


def kind_of(suffix: str) -> str | None:
    """What a file whose name ends so is called where it is not read; None for what is read, or not known."""
    kind = _KIND_OF.get(suffix)
    return kind[0] if kind else None


def is_secret(suffix: str) -> bool:
    """Whether a file whose name ends so opens something."""
    return suffix in _KIND_OF and _KIND_OF[suffix][1] is _OUT_AT_ONCE


def refused_by_name(suffix: str) -> Unwanted | None:
    """Why a file whose name ends so is not read whatever is in it; None where its content has to say."""
    kind = _KIND_OF.get(suffix)
    return unwanted(f"{kind[0]}. {kind[1]}") if kind else None


def refuse_text(text: str, suffix: str) -> None:
    """Raises Unwanted for text that is no document: by the end of its name, where it is known ("" where it is not), or
    where it is a key, code, a link, an e-mail."""
    if suffix and suffix not in SUFFIXES:
        raise refused_by_name(suffix) or unwanted(
            f"a file whose name does not say that it is a document. Read are {KINDS}. "
            "If it is text, let its name end in .txt and add it again."
        )
    if suffix not in (".html", ".htm"):
        for says, kind in _CONTENTS:
            if says(text):
                raise unwanted(f"{kind[0]}. {kind[1]}")


def refuse_secrets(text: str) -> None:
    """Raises Unwanted where a private key stands in a document of any kind."""
    if _PRIVATE.search(text):
        raise unwanted(
            "a document with a private key in it. Take the key out, add it again, and have the key replaced."
        )


_PRIVATE = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_ARMOUR = re.compile(
    r"-----BEGIN [A-Z0-9 ]{1,60}-----|ssh-(?:rsa|ed25519|dss) AAAA|PuTTY-User-Key-File-\d|# Netscape HTTP"
)
_ASSIGNED = re.compile(r"(?:export\s+|set\s+)?[A-Za-z_][\w.-]{0,80}\s*[=:]\s*\S+")
_NAMES_SECRET = re.compile(
    r"(?:token|secret|passw(?:or)?d|passphrase|api[_-]?key|private[_-]?key|access[_-]?key|client[_-]?id|credential)",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"xox[abeoprs]-[\w-]{3,}|xapp-[\w-]{3,}|sk-[\w-]{16,}|gh[opsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{10,}"
    r"|AKIA[0-9A-Z]{12,}|AIza[\w-]{20,}|ya29\.[\w-]{10,}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.|hooks\.slack\.com/services/\w"
    r"|[a-z][a-z+]{2,20}://[^\s/:@]{1,80}:[^\s/@]{3,80}@"
)
_ENCODED = re.compile(r"[A-Za-z0-9+/_=-]{60,}")
_MAIL_HEAD = re.compile(
    r"(?:Received|Return-Path|MIME-Version|Message-ID|Content-Type|Content-Transfer-Encoding|X-[\w-]{2,40}|DKIM-Signature)"
    r":\s",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(r"(?:From|To|Subject|Date|Cc):\s", re.IGNORECASE)
_CODE = re.compile(r"#!\s*/|<\?php|<\?xml|%PDF|\{\\rtf")
# No line of a policy looks so: its lists end in semicolons too, but no word of it stands right before a bracket.
_STATEMENT = re.compile(
    r"\s*(?:import [\w.]+(?: as \w+)?$|from [\w.]+ import |(?:async )?def \w+\(|class \w+[:({]|(?:var|let|const) \w+ ?="
    r"|#include ?[<\"]|SELECT .{1,200} FROM |[})\]]+[;,]?$|[\w.\[\]\"']{1,80}\s*[-+*/|]?=\s*\S|@\w+(?:\(|$))"
    r"|.*\{$|.*\w\([^()]{0,200}\)[;:,]?$"
)
_HEAD_LINES = 40
_LONGEST_SECRET = 2_000


def _lines(text: str) -> list[str]:
    return [stripped for line in text.split("\n") if (stripped := line.strip())]


def _is_key(text: str) -> bool:
    lines = _lines(text)[:5]
    return any(_ARMOUR.match(line) for line in lines) or bool(_PRIVATE.search(text))


def _is_of_tokens(text: str) -> bool:
    """Whether half of its lines or more are secrets beside their names, or secrets alone."""
    lines = _lines(text)
    secret = sum(_holds_secret(line[:_LONGEST_SECRET]) for line in lines)
    assigned = sum(bool(_ASSIGNED.fullmatch(line[:200])) and "=" in line[:200] for line in lines)
    return secret >= max(1, len(lines) / 2) or (secret > 0 and assigned >= 0.8 * len(lines))


def _holds_secret(line: str) -> bool:
    if _TOKEN.search(line) and len(line.split()) <= 4:
        return True
    name, *value = re.split("[=:]", line, maxsplit=1)
    words = value[0].split() if value else []
    named = len(words) == 1 and len(words[0]) >= 5 and any(letter.isdigit() for letter in words[0])
    return named and bool(_NAMES_SECRET.search(name))


def _is_encoded(text: str) -> bool:
    """Whether half of its letters or more are those of something encoded."""
    letters = sum(map(len, text.split()))
    encoded = sum(len(found) for found in _ENCODED.findall(text) if _is_mixed(found))
    return letters > 0 and encoded >= letters / 2


def _is_mixed(run: str) -> bool:
    """Small and capital letters and figures together: a rule of dashes or a long word is not that."""
    part = run[:200]
    return bool(re.search("[a-z]", part) and re.search("[A-Z]", part) and re.search("[0-9]", part))


def _is_link(text: str) -> bool:
    head = text[:2_000].lstrip()
    return head.startswith(("[InternetShortcut]", "[Desktop Entry]")) or (
        '"doc_id"' in head and head.startswith("{") and len(text) < 2_000
    )


def _is_mail(text: str) -> bool:
    """Whether it begins with an e-mail's headers as programs write them; one that a person pasted has none of those."""
    head: list[str] = []
    for line in text[:20_000].lstrip().split("\n")[:_HEAD_LINES]:
        if not line.strip():
            break
        head.append(line)
    marks = sum(bool(_MAIL_HEAD.match(line)) for line in head)
    return marks > 1 or (marks > 0 and any(_ADDRESSED.match(line) for line in head))


def _is_data(text: str) -> bool:
    head = text[:200].lstrip()
    if head.startswith("BEGIN:V"):
        return True
    if not head.startswith(("{", "[")):
        return False
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


def _is_code(text: str) -> bool:
    if _CODE.match(text[:200].lstrip()):
        return True
    lines = text[:200_000].split("\n")
    filled = [line[:500] for line in lines if line.strip()]
    return len(filled) >= 4 and sum(bool(_STATEMENT.match(line)) for line in filled) >= 0.6 * len(filled)


_CONTENTS = (
    (_is_key, ("a key or a certificate", _OUT_AT_ONCE)),
    (_is_of_tokens, ("a file of passwords and tokens", _OUT_AT_ONCE)),
    (_is_link, ("only a link", _LINK)),
    (_is_mail, ("an e-mail as programs keep it", _MAIL)),
    (
        _is_encoded,
        ("something encoded, such as an attachment of an e-mail", "Save the attachment itself, as PDF or Word."),
    ),
    (_is_data, ("the data or the settings of a program", _OUT)),
    (_is_code, ("a program's code", _OUT)),
)
