"""Walking a whole job in the real browser: every page on the way is checked at both widths (全程走查)."""
import io
import re

from PIL import Image

from governance.organisation.models import User

from .browser import assert_axe_clean, assert_no_sideways_scroll

PHONE, DESK = 360, 1366
# What a page is made of: every element with its classes, role, type and the number of its labels.
_PARTS = """() => [...new Set([...document.querySelectorAll('body *')].map(element => [
    element.tagName, element.getAttribute('class'), element.getAttribute('role'), element.type,
    element.labels && element.labels.length, element.parentElement.tagName].join(' ')))]"""
_checked: dict[tuple, set] = {}
_FIELD = "element => element.tagName === 'SELECT' ? 'select' : (element.type || 'text')"


def who(name) -> User:
    """A person of the demo township by login name."""
    return User.objects.get(username=name)


def photo(name="院墙.jpg", size=(1200, 900)) -> dict:
    """A picture as a browser chooses it."""
    stream = io.BytesIO()
    Image.new("RGB", size, "olive").save(stream, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": stream.getvalue()}


class Visitor:
    """Somebody at a screen. Whatever page they come to must be clean, and fit phone and desk alike."""

    def __init__(self, page_at, user, width=DESK):
        self.width, self.height = width, 740 if width == PHONE else 900
        self.page = page_at(width=width, height=self.height, user=user)

    def go(self, path) -> "Visitor":
        """Open an address."""
        self.page.goto(path)
        return self.look()

    def look(self) -> "Visitor":
        """Check the page that is open now; axe is asked again only if the page has a part not seen there before."""
        self.page.wait_for_load_state("load")
        known = _checked.setdefault((re.sub(r"\d+|\?.*", "", self.page.url.split("/", 3)[3]), self.width), set())
        parts = set(self.page.evaluate(_PARTS))
        if parts - known:
            assert_axe_clean(self.page)
            known |= parts
        for width in (DESK if self.width == PHONE else PHONE, self.width):
            self.page.set_viewport_size({"width": width, "height": self.height})
            assert_no_sideways_scroll(self.page)
        return self

    def click(self, what) -> "Visitor":
        """Follow a link or press a button: its words, or a selector; the page that comes is checked."""
        self.page.click(what if what[0] in ".#[" or ">>" in what or " " in what else f"main >> text={what}")
        return self.look()

    def fill(self, **typed) -> "Visitor":
        """Fill in fields by name: text, choice, tick (True), ticks (a list), files (dicts)."""
        for name, value in typed.items():
            field = self.page.locator(f"main [name='{name}']")
            kind = field.first.evaluate(_FIELD)
            if kind in ("checkbox", "radio") and not isinstance(value, bool):
                for one in value if isinstance(value, list) else [value]:
                    self.page.check(f"main [name='{name}'][value='{one}']")
            elif kind == "checkbox":
                field.first.set_checked(value)
            elif kind.startswith("select"):
                field.first.select_option(**value if isinstance(value, dict) else {"value": value})
            elif kind == "file":
                field.first.set_input_files(value)
            else:
                field.first.fill(str(value))
        return self

    def send(self, button="form.form .btn.go") -> "Visitor":
        """Send the form that is open and check what comes."""
        with self.page.expect_navigation():
            self.page.click(button)
        return self.look()

    def take(self, matter, step, **typed) -> "Visitor":
        """Take a step (or an act, as `acts/note`) of a matter through its form, and land on the matter again."""
        path = step if "/" in step else f"steps/{step}"
        self.go(f"/matters/{matter.pk}/{path}/").fill(**typed).send()
        assert re.search(rf"/matters/{matter.pk}/$", self.page.url), f"{step}: {self.text[:600]}"
        return self

    @property
    def text(self) -> str:
        """What stands on the page."""
        return self.page.inner_text("main")

    def download(self, button) -> tuple[str, bytes]:
        """Press a button that gives out a file: its name and content."""
        with self.page.expect_download() as held:
            self.page.click(button)
        with open(held.value.path(), "rb") as file:
            return held.value.suggested_filename, file.read()
