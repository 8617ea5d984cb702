"""Seals answers so that the disk holds nothing that can be read, and tells a person's own answer by a token.

What is on the disk seals and does not open: each wave has a pair of keys, of which the private one lies in the safe
(`bot.pulse.sealed.safe`), outside this machine. Only a batch that is written and the count at the close open anything.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from bot.errors import Refusal

KEY_BYTES = 32
HANDLE_BYTES = 16
_LENGTH = 2
_OLD_NONCE = 12
# RFC 9180, as `cryptography` provides it.
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def pair() -> tuple[bytes, bytes]:
    """A wave's two keys: the private one for the safe, and the public one."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def key() -> bytes:
    """A random key."""
    return secrets.token_bytes(KEY_BYTES)


def seal(public: bytes, purpose: str, content: bytes, size: int) -> bytes:
    """The content encrypted, padded to `size` bytes, different each time; whoever seals cannot open it."""
    framed = len(content).to_bytes(_LENGTH) + content
    if len(framed) > size:
        raise ValueError("more content than the size that hides its length")
    key = X25519PublicKey.from_public_bytes(public)
    return _SUITE.encrypt(framed.ljust(size, b"\0"), key, info=purpose.encode())


def unseal(private: bytes, purpose: str, sealed: bytes) -> bytes:
    """The content again, without its padding."""
    key = X25519PrivateKey.from_private_bytes(private)
    return _unframed(_SUITE.decrypt(sealed, key, info=purpose.encode()))


def token(asking: bytes, issuing: bytes, person: str) -> str:
    """What the button of this person's invitation carries, and we do not keep: always the same for the same person.

    `asking` lies in the safe until everybody was asked; `issuing` only tells a token of ours from any other.
    """
    nonce = _digest(asking, b"person", person.encode())
    return base64.urlsafe_b64encode(nonce + _digest(issuing, b"issued", nonce)).decode()


def handle(issuing: bytes, written: str) -> bytes:
    """What an answer written with this token is found again by (16 bytes); a Refusal where we never gave it out."""
    try:
        raw = base64.urlsafe_b64decode(written.encode())
    except ValueError:
        raw = b""
    nonce = raw[:HANDLE_BYTES]
    if len(raw) != 2 * HANDLE_BYTES or not hmac.compare_digest(raw[HANDLE_BYTES:], _digest(issuing, b"issued", nonce)):
        raise Refusal("This form is not of this pulse. Open it again from the invitation.")
    return _digest(issuing, b"handle", nonce)


class OldKeys:
    """The keys that an earlier version kept as files beside the database, for waves that were open at the upgrade."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def sealing(self, wave: str) -> bytes | None:
        """The key that answers were sealed with; None where there is none on this machine."""
        return self._read(wave, "sealing")

    def asking(self, wave: str) -> bytes | None:
        """The key that tokens were made with; None once everybody was asked."""
        return self._read(wave, "asking")

    def forget(self, wave: str) -> None:
        """Destroy both."""
        for purpose in ("asking", "sealing"):
            path = self._path(wave, purpose)
            if path.exists():
                with path.open("r+b") as file:
                    file.write(secrets.token_bytes(KEY_BYTES))
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()

    def _path(self, wave: str, purpose: str) -> Path:
        return self._folder / f"{hashlib.sha256(wave.encode()).hexdigest()[:24]}.{purpose}"

    def _read(self, wave: str, purpose: str) -> bytes | None:
        try:
            found = self._path(wave, purpose).read_bytes()
        except FileNotFoundError:
            return None
        return found if len(found) == KEY_BYTES else None


def unseal_old(sealing: bytes, sealed: bytes) -> bytes:
    """The content of what an earlier version sealed."""
    return _unframed(AESGCM(sealing).decrypt(sealed[:_OLD_NONCE], sealed[_OLD_NONCE:], None))


def _unframed(framed: bytes) -> bytes:
    return framed[_LENGTH : _LENGTH + int.from_bytes(framed[:_LENGTH])]


def _digest(key: bytes, purpose: bytes, content: bytes) -> bytes:
    return hmac.new(key, purpose + b"\0" + content, hashlib.sha256).digest()[:HANDLE_BYTES]
