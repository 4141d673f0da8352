"""Hash links of append-only records: canonical bytes, chained digests, sealed personal values (哈希链)."""
import hashlib
import json

# Made once: json.dumps builds an encoder anew for each call, which a million records feel.
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(data) -> bytes:
    """Return the one byte form of JSON data: sorted keys, compact, characters as they are."""
    return _encode(data).encode()


def link(prev_hash: str, payload: dict) -> str:
    """Return the SHA-256 (hex) of a record that follows the record with ``prev_hash``."""
    return link_canonical(prev_hash, canonical(payload))


def link_canonical(prev_hash: str, payload: bytes) -> str:
    """The same for a payload that is already in its canonical bytes."""
    return hashlib.sha256(prev_hash.encode() + b"\n" + payload).hexdigest()


def seal_personal(values: dict, salt: str) -> str:
    """Return the salted SHA-256 (hex) that stands in the chain for personal values kept beside it."""
    return hashlib.sha256(salt.encode() + b"\n" + canonical(values)).hexdigest()
