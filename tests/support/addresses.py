"""Every address of the portal, from the URL table: filled in with what is there, and what each one asks for."""
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import get_resolver

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True)
class Address:
    """One line of the URL table: its name with namespaces, and its route."""

    name: str
    route: str

    @property
    def parameters(self) -> list[str]:
        """Names in the path, in order."""
        return [one or other for one, other in _PARAMETER.findall(self.route)]

    def filled(self, values) -> str:
        """The path with these values; KeyError for a parameter that has none."""
        plain = self.route.replace("^", "").replace("$", "")
        return "/" + _PARAMETER.sub(lambda found: str(values[found[1] or found[2]]), plain)


def table() -> list[Address]:
    """Every named address but those of Django's own administration."""
    found = _walk(get_resolver(), "", "")
    return [one for one in found if not one.name.startswith("admin")]


def _walk(resolver, space, route):
    for pattern in resolver.url_patterns:
        here = route + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern, inner, here)
        elif pattern.name:
            yield Address(f"{space}{pattern.name}", here)


class Listening:
    """Hears which names of the query (and of forms sent) a page asks for, while it is patched in."""

    def __init__(self, monkeypatch):
        self.heard: set[str] = set()
        for method in ("get", "getlist", "__getitem__", "__contains__"):
            monkeypatch.setattr(QueryDict, method, self._heard(getattr(QueryDict, method)))

    def _heard(self, own):
        def listened(data, key, *args, **kwargs):
            if isinstance(key, str):
                self.heard.add(key)
            return own(data, key, *args, **kwargs)

        return listened

    def take(self) -> list[str]:
        """The names heard since the last time."""
        names, self.heard = sorted(self.heard), set()
        return names


@dataclass
class Form:
    """A form on a page: where it is sent, and its fields with what they hold."""

    action: str
    method: str
    fields: dict


class _Forms(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.path, self.forms, self._select = path, [], ""

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        if tag == "form":
            action = urlsplit(held.get("action") or self.path)
            path = action.path or self.path
            self.forms.append(Form(path, (held.get("method") or "get").lower(), {}))
        fields = self.forms[-1].fields if self.forms else {}
        name = held.get("name")
        if tag in ("input", "textarea", "button") and name and held.get("type") != "file":
            if held.get("type") in ("radio", "checkbox") and "checked" not in held:
                fields.setdefault(name, held.get("value") or "on")
            else:
                fields[name] = held.get("value") or ""
        if tag == "select" and name:
            self._select = name
            fields.setdefault(name, "")
        if tag == "option" and self._select and ("selected" in held or not fields[self._select]):
            fields[self._select] = held.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = ""


def forms_on(page: str, path: str) -> list[Form]:
    """The forms of a page."""
    parser = _Forms(path)
    parser.feed(page)
    return parser.forms
