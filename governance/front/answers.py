"""What the front itself answers (自答): a page for people, `{code, message, missing}` for programs."""

import gettext
import html
import json
from functools import lru_cache
from pathlib import Path

CATALOGUES = Path(__file__).resolve().parents[2] / "locale"


def _(text):
    """Mark a text for the catalogue; it is translated when it is answered."""
    return text


TOO_LARGE = _("What was sent is too large: at most {megabytes} MB at once. Send large files one by one.")
TOO_SLOW = _("What was sent did not arrive in time. Try again where the connection is better.")
NOT_READABLE = _("The request could not be read.")
HEAD_TOO_LARGE = _("The address or the cookies are too long.")
BUSY = _("The portal is busy. Try again in a few seconds.")
NOT_THERE = _(
    "The portal did not answer. Try again in half a minute. If you had sent something, look first whether it is there; "
    "a form that is sent twice is entered once."
)

# Status, reason phrase, permanent code, seconds after which to try again.
KINDS = {
    TOO_LARGE: (413, "Content Too Large", "body-too-large", None),
    TOO_SLOW: (408, "Request Timeout", "too-slow", None),
    NOT_READABLE: (400, "Bad Request", "not-readable", None),
    HEAD_TOO_LARGE: (431, "Request Header Fields Too Large", "head-too-large", None),
    BUSY: (503, "Service Unavailable", "busy", 5),
    NOT_THERE: (503, "Service Unavailable", "not-there", 10),
}
PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<link rel="stylesheet" href="/static/portal/portal.css"></head>
<body><main class="bare" id="main"><div class="card"><h1>{title}</h1><p>{message}</p></div></main></body></html>
"""
TITLE = _("This did not work")


@lru_cache
def _translations(language: str):
    return gettext.translation("django", CATALOGUES, [language], fallback=True)


def made(text: str, request=None, **values) -> tuple[int, str, list, bytes]:
    """Status, reason, headers and body for one of the texts above, as this request wants to be answered."""
    status, reason, code, pause = KINDS[text]
    given = dict(request.headers) if request is not None else {}
    language = _language(given)
    translate = _translations("zh_Hans" if language == "zh-Hans" else "en").gettext
    message = translate(text).format(**values)
    if _wants_json(request, given):
        kind, body = "application/json", json.dumps({"code": code, "message": message, "missing": []})
    else:
        kind = "text/html; charset=utf-8"
        body = PAGE.format(language=language, title=html.escape(translate(TITLE)), message=html.escape(message))
    headers = [("Content-Type", kind), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
    if pause:
        headers.append(("Retry-After", str(pause)))
    return status, reason, headers, body.encode()


def _language(given: dict) -> str:
    """Chinese, unless the cookie or the browser says English."""
    cookie = given.get(b"cookie", b"")
    if b"django_language=" in cookie:
        return "en" if b"django_language=en" in cookie else "zh-Hans"
    return "en" if given.get(b"accept-language", b"").lower().startswith(b"en") else "zh-Hans"


def _wants_json(request, given: dict) -> bool:
    is_api = request is not None and request.target.startswith(b"/api/")
    return is_api or b"application/json" in given.get(b"accept", b"")
