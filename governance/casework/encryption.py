"""Contact data of parties at rest (个人信息加密): Fernet with a key from the environment; masks for screens.

Whole files are encrypted block by block (AES-256-GCM), so that their size costs no memory.
"""
import base64
import hashlib
import secrets
from collections.abc import Iterable, Iterator
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_MARK, _BLOCK, _TAG = b"TGPENC1\n", 1 << 20, 16


@lru_cache(maxsize=4)
def _cipher(key: bytes) -> Fernet:
    derived = hashlib.sha256(b"personal-data:" + key).digest()
    return Fernet(base64.urlsafe_b64encode(derived))


def encrypt(text: str, *, key: bytes) -> bytes:
    """Ciphertext of the text; b"" for an empty one."""
    return _cipher(key).encrypt(text.encode()) if text else b""


def decrypt(token: bytes, *, key: bytes) -> str:
    """The text again; ValueError if it was written with another key."""
    if not token:
        return ""
    try:
        return _cipher(key).decrypt(bytes(token)).decode()
    except InvalidToken as error:
        raise ValueError("written with another PORTAL_PERSONAL_KEY") from error


def encrypt_blocks(chunks: Iterable[bytes], *, key: bytes) -> Iterator[bytes]:
    """The parts of an encrypted file; chunks of any size come in.

    Each block's nonce holds its place and whether it is the last: a block that is missing, moved or cut off is seen.
    """
    cipher, prefix, held, place = _file_cipher(key), secrets.token_bytes(7), b"", 0
    yield _MARK + prefix
    for chunk in chunks:
        held += chunk
        while len(held) > _BLOCK:
            yield cipher.encrypt(_nonce(prefix, place, False), held[:_BLOCK], None)
            held, place = held[_BLOCK:], place + 1
    yield cipher.encrypt(_nonce(prefix, place, True), held, None)


def decrypt_blocks(file, *, key: bytes) -> Iterator[bytes]:
    """The content of a file that `encrypt_blocks` made (an open binary file); one from before comes as it is.

    ValueError if it was written with another key, changed or cut off.
    """
    start = file.read(len(_MARK) + 7)
    if not start.startswith(_MARK):
        yield start
        yield from iter(lambda: file.read(_BLOCK), b"")
        return
    cipher, prefix, place = _file_cipher(key), start[len(_MARK):], 0
    block = file.read(_BLOCK + _TAG)
    while True:
        following = file.read(_BLOCK + _TAG)
        try:
            yield cipher.decrypt(_nonce(prefix, place, not following), block, None)
        except InvalidTag as error:
            raise ValueError("changed, cut off, or written with another PORTAL_PERSONAL_KEY") from error
        if not following:
            return
        block, place = following, place + 1


@lru_cache(maxsize=4)
def _file_cipher(key: bytes) -> AESGCM:
    return AESGCM(hashlib.sha256(b"personal-files:" + key).digest())


def _nonce(prefix: bytes, place: int, is_last: bool) -> bytes:
    return prefix + place.to_bytes(4, "big") + bytes([is_last])


def mask_address(address: str) -> str:
    """The first six characters (the village), then stars."""
    return f"{address[:6]}****" if len(address) > 6 else "****" if address else ""
