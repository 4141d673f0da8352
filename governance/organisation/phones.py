"""Telephone numbers of mainland China: one written form and a keyed hash to compare by (电话号码)."""
import hashlib
import hmac
import re

from .encryption import keys_in

MOBILE = re.compile(r"1[3-9]\d{9}")
# Area code 010, 02x or 0xxx and seven or eight digits, an extension of up to five digits allowed.
LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))-?([2-9]\d{6,7})(?:-(\d{1,5}))?")
LOCAL = re.compile(r"[2-9]\d{6,7}")
WIDE = str.maketrans("０１２３４５６７８９－—–＋（）", "0123456789---+()")


def normalise_phone(text) -> str:
    """Return 11 digits of a mobile, or area-number[-extension] of a landline; "" if it is neither."""
    if isinstance(text, float) and text.is_integer():
        text = int(text)
    digits = re.sub(r"[\s()·.]", "", str(text or "").translate(WIDE))
    digits = re.sub(r"^(\+|00)86-?", "", digits)
    bare = digits.replace("-", "")
    if MOBILE.fullmatch(bare):
        return bare
    landline = LANDLINE.fullmatch(digits)
    if landline:
        return "-".join(part for part in landline.groups() if part)
    return bare if LOCAL.fullmatch(bare) else ""


def hash_phone(key: bytes, phone: str) -> str:
    """Return the HMAC-SHA256 (hex) of the digits of ``phone``, "" for none: equality without the number.

    Of several keys the first one is taken; to look for a number use ``hashes_of_phone``.
    """
    return (*hashes_of_phone(key, phone), "")[0]


def hashes_of_phone(key: bytes, phone: str) -> tuple[str, ...]:
    """Return the hashes of a number under each of the keys: while keys change, rows hold the one or the other."""
    digits = re.sub(r"\D", "", normalise_phone(phone)).encode()
    return tuple(hmac.new(one, digits, hashlib.sha256).hexdigest() for one in keys_in(key)) if digits else ()


def mask_phone(phone: str) -> str:
    """138****2617; nothing of a short number."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 10 else "****" if phone else ""
