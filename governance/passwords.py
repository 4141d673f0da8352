"""Which passwords are too easy to guess in a township (口令强度): what everybody takes, and what is known of oneself.

Django's own list is English; these look for what Chinese lists of leaked passwords are full of: pinyin phrases and
surnames with a run of digits, initials with a mobile number or a birthday, walks over the keyboard.
"""
import re
import unicodedata
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What is left of a common password without digits and marks.
COMMON_CORES = frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="ascii").split())
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb6yhn",
         "q1w2e3r4t5y6u7i8o9p0", "1q2w3e4r5t6y7u8i9o0p", "zaqxswcde", "abcdefghijklmnopqrstuvwxyz")
_WALKS = (*_ROWS, *(row[::-1] for row in _ROWS))
_INITIALS = 3
_WEAK_DIGITS = re.compile(
    r"(1[3-9]\d{9}|(19|20)\d{2}((0?[1-9]|1[0-2])([0-2]?\d|3[01]))?|(520|521|1314|666|888|168|8)+)"
)
_PART = 4
_PHONE_PART = 6


class CommonPatternValidator:
    """Refuses what lists of leaked passwords begin with."""

    def validate(self, password, user=None):
        """ValidationError `password-common`."""
        if is_common(password):
            raise ValidationError(
                _("This password is among the first that are tried: a common word, name or row of keys with digits."),
                code="password-common",
            )


class OwnWordsValidator:
    """Refuses what holds the person's own names or numbers."""

    def validate(self, password, user=None):
        """ValidationError `password-own-words`."""
        plain = _plain(password)
        if any(word in plain for word in own_words(user)):
            raise ValidationError(
                _("This password holds your own name, login name, mail or phone number."), code="password-own-words"
            )


def is_common(password: str) -> bool:
    """Whether somebody who guesses would come upon it soon."""
    plain = _plain(password)
    letters, digits = re.sub(r"[\W\d_]", "", plain), re.sub(r"\D", "", plain)
    core = _once(letters)
    if core in COMMON_CORES or _is_walk(re.sub(r"[^a-z0-9]", "", plain)) or len(core) > _INITIALS and _is_walk(core):
        return True
    weak = len(set(digits)) <= 2 or _is_walk(digits) or _WEAK_DIGITS.fullmatch(digits) is not None
    return len(core) <= _INITIALS and weak


def own_words(user) -> set[str]:
    """Names and numbers of a person as they would stand in a password; short ones say nothing."""
    if user is None:
        return set()
    pinyin = re.sub(r"[^a-z ]", "", getattr(user, "name_key", "").partition("|")[0])
    mail = getattr(user, "email", "").partition("@")[0]
    words = {_plain(word) for word in (getattr(user, "username", ""), mail, pinyin.replace(" ", ""))}
    phone = re.sub(r"\D", "", getattr(user, "phone", ""))
    numbers = {phone[-_PHONE_PART:], phone} if len(phone) >= _PHONE_PART else set()
    name = getattr(user, "name", "")
    return {word for word in words if len(word) >= _PART} | numbers | ({name} if len(name) > 1 else set())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _once(letters: str) -> str:
    """A word that is written several times in a row is that word."""
    for size in range(1, len(letters) // 2 + 1):
        if len(letters) % size == 0 and letters[:size] * (len(letters) // size) == letters:
            return letters[:size]
    return letters


def _is_walk(text: str) -> bool:
    """Whether it is a piece of a row of keys, or two."""
    if not text:
        return False
    cuts = range(max(len(text) - 3, 1), 2, -1) if len(text) >= 6 else ()
    return _lies_in_a_row(text) or any(_lies_in_a_row(text[:cut]) and _lies_in_a_row(text[cut:]) for cut in cuts)


def _lies_in_a_row(text: str) -> bool:
    return any(text in row + row for row in _WALKS)
