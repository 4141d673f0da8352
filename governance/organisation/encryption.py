"""What is kept encrypted (加密存放): short texts with Fernet, whole files block by block; masks for screens.

Every `key` is what stands in the environment: one key, or several with spaces between them. The first one encrypts,
each of them opens what it closed; `services/rotating.py` of keeping turns one into the other.
Whole files are encrypted with AES-256-GCM in blocks, so that their size costs no memory.
"""
import base64
import hashlib
import secrets
from collections.abc import Iterable, Iterator
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# The first form of a file had one key for all files, the present one a key for each, from a salt in its head.
_FIRST, _MARK, _BLOCK, _TAG, _SALT = b"TGPENC1\n", b"TGPENC2\n", 1 << 20, 16, 32
PERSONAL_FILES = b"personal-files:"


@lru_cache(maxsize=8)
def keys_in(key: bytes) -> tuple[bytes, ...]:
    """The single keys, the one that encrypts first."""
    return tuple(key.split()) or (key,)


def first_key(key: bytes) -> bytes:
    """The key that encrypts."""
    return keys_in(key)[0]


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> MultiFernet:
    return MultiFernet([_single(one) for one in keys_in(key)])


@lru_cache(maxsize=16)
def _single(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"personal-data:" + key).digest()))


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


def is_current(token: bytes, *, key: bytes) -> bool:
    """Whether the first key opens it: there is nothing to encrypt anew."""
    try:
        if token:
            _single(first_key(key)).decrypt(bytes(token))
    except InvalidToken:
        return False
    return True


def encrypt_blocks(chunks: Iterable[bytes], *, key: bytes, purpose: bytes = PERSONAL_FILES) -> Iterator[bytes]:
    """The parts of an encrypted file; chunks of any size come in.

    Each block's nonce holds its place and whether it is the last: a block that is missing, moved or cut off is seen.
    """
    salt, held, place = secrets.token_bytes(_SALT), b"", 0
    cipher, prefix = _file_cipher(first_key(key), purpose, salt), bytes(7)
    yield _MARK + salt
    for chunk in chunks:
        held += chunk
        while len(held) > _BLOCK:
            yield cipher.encrypt(_nonce(prefix, place, False), held[:_BLOCK], None)
            held, place = held[_BLOCK:], place + 1
    yield cipher.encrypt(_nonce(prefix, place, True), held, None)


def decrypt_blocks(
    file, *, key: bytes, purpose: bytes = PERSONAL_FILES, takes_clear: bool = True
) -> Iterator[bytes]:
    """The content of a file that `encrypt_blocks` made (an open binary file); one from before comes as it is,
    where that is taken.

    ValueError if it was written with another key, changed or cut off.
    """
    start = file.read(len(_MARK))
    if start not in (_FIRST, _MARK):
        if not takes_clear:
            raise ValueError("not encrypted")
        yield start
        yield from iter(lambda: file.read(_BLOCK), b"")
        return
    salt = file.read(7 if start == _FIRST else _SALT)
    block, following = file.read(_BLOCK + _TAG), file.read(_BLOCK + _TAG)
    cipher, prefix = _opener(keys_in(key), purpose, start, salt, block, not following), _prefix(start, salt)
    place = 0
    while True:
        yield _open(cipher, _nonce(prefix, place, not following), block)
        if not following:
            return
        block, place = following, place + 1
        following = file.read(_BLOCK + _TAG)


def is_current_file(file, *, key: bytes, purpose: bytes = PERSONAL_FILES) -> bool:
    """Whether the first key opens an encrypted file (an open binary file); one in clear is not."""
    try:
        return file.read(len(_MARK)) in (_FIRST, _MARK) and _reads_first_block(file, first_key(key), purpose)
    finally:
        file.seek(0)


def _reads_first_block(file, key, purpose) -> bool:
    file.seek(0)
    try:
        next(decrypt_blocks(file, key=key, purpose=purpose))
    except ValueError:
        return False
    return True


def _opener(keys, purpose, mark, salt, block, is_only) -> AESGCM:
    """The cipher of the key that opens the first block; that of the first key if none does."""
    ciphers = [_file_cipher(one, purpose, b"" if mark == _FIRST else salt) for one in keys]
    for cipher in ciphers:
        try:
            cipher.decrypt(_nonce(_prefix(mark, salt), 0, is_only), block, None)
        except InvalidTag:
            continue
        return cipher
    return ciphers[0]


def _open(cipher: AESGCM, nonce: bytes, block: bytes) -> bytes:
    try:
        return cipher.decrypt(nonce, block, None)
    except InvalidTag as error:
        raise ValueError("changed, cut off, or not written with PORTAL_PERSONAL_KEY (PORTAL_BACKUP_KEY)") from error


def _prefix(mark: bytes, salt: bytes) -> bytes:
    return salt if mark == _FIRST else bytes(7)


def _file_cipher(key: bytes, purpose: bytes, salt: bytes) -> AESGCM:
    root = hashlib.sha256(purpose + key).digest()
    return AESGCM(HKDF(SHA256(), 32, salt, b"file").derive(root) if salt else root)


def _nonce(prefix: bytes, place: int, is_last: bool) -> bytes:
    return prefix + place.to_bytes(4, "big") + bytes([is_last])


def mask_address(address: str) -> str:
    """The first six characters (the village), then stars."""
    return f"{address[:6]}****" if len(address) > 6 else "****" if address else ""
