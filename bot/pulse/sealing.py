"""Seals answers so that the database holds nothing readable, and forgets the keys when a wave is over."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from bot.errors import Refusal

KEY_BYTES = 32
_NONCE = 12
_HALF = 16
_LENGTH = 2


class Keys:
    """Two keys a wave, as files of the machine's own, outside the database and its backups.

    `asking` makes each person's token, and is destroyed once everybody has been asked: from then on nothing on this
    machine tells whose token an answer was written with. `sealing` is destroyed when the wave is published.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, wave: str) -> None:
        """Make the keys of a wave; those that exist stay."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for purpose in ("asking", "sealing"):
            try:
                descriptor = os.open(self._path(wave, purpose), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())

    def asking(self, wave: str) -> bytes:
        """The key that tokens are made with; a Refusal once everybody was asked."""
        return self._read(wave, "asking")

    def sealing(self, wave: str) -> bytes:
        """The key that answers are sealed with; a Refusal once the wave was published."""
        return self._read(wave, "sealing")

    def asks(self, wave: str) -> bool:
        """Whether tokens can still be made: not everybody has been asked yet."""
        return self._path(wave, "asking").exists()

    def seals(self, wave: str) -> bool:
        """Whether answers can still be sealed, and read: the key was neither destroyed nor lost with its machine."""
        return self._path(wave, "sealing").exists()

    def everybody_was_asked(self, wave: str) -> None:
        """Destroy the key that tokens are made with."""
        self._destroy(wave, "asking")

    def forget(self, wave: str) -> None:
        """Destroy both keys."""
        self._destroy(wave, "asking")
        self._destroy(wave, "sealing")

    def _path(self, wave: str, purpose: str) -> Path:
        return self._folder / f"{hashlib.sha256(wave.encode()).hexdigest()[:24]}.{purpose}"

    def _read(self, wave: str, purpose: str) -> bytes:
        try:
            key = self._path(wave, purpose).read_bytes()
        except FileNotFoundError:
            key = b""
        if len(key) != KEY_BYTES:
            raise Refusal("This pulse takes no more answers on this machine: its key is gone.")
        return key

    def _destroy(self, wave: str, purpose: str) -> None:
        path = self._path(wave, purpose)
        if path.exists():
            with path.open("r+b") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()


def token(asking: bytes, sealing: bytes, person: str) -> str:
    """What the button of this person's invitation carries, and we do not keep: always the same for the same person."""
    nonce = _digest(asking, b"person", person.encode())
    return base64.urlsafe_b64encode(nonce + _digest(sealing, b"issued", nonce)).decode()


def handle(sealing: bytes, written: str) -> bytes:
    """What an answer written with this token is found again by (16 bytes); a Refusal where we never gave it out."""
    try:
        raw = base64.urlsafe_b64decode(written.encode())
    except ValueError:
        raw = b""
    nonce = raw[:_HALF]
    if len(raw) != 2 * _HALF or not hmac.compare_digest(raw[_HALF:], _digest(sealing, b"issued", nonce)):
        raise Refusal("This form is not of this pulse. Open it again from the invitation.")
    return _digest(sealing, b"handle", nonce)


def seal(sealing: bytes, content: bytes, size: int) -> bytes:
    """The content encrypted (AES-256-GCM), padded to `size` bytes, different each time."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    framed = len(content).to_bytes(_LENGTH) + content
    if len(framed) > size:
        raise ValueError("more content than the size that hides its length")
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(sealing).encrypt(nonce, framed.ljust(size, b"\0"), None)


def unseal(sealing: bytes, sealed: bytes) -> bytes:
    """The content again, without its padding."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    framed = AESGCM(sealing).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
    return framed[_LENGTH : _LENGTH + int.from_bytes(framed[:_LENGTH])]


def _digest(key: bytes, purpose: bytes, content: bytes) -> bytes:
    return hmac.new(key, purpose + b"\0" + content, hashlib.sha256).digest()[:_HALF]
