"""Contact data of parties at rest (个人信息加密): Fernet with a key from the environment; masks for screens."""
import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken


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


def mask_address(address: str) -> str:
    """The first six characters (the village), then stars."""
    return f"{address[:6]}****" if len(address) > 6 else "****" if address else ""
