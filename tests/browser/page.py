"""What a person does on the playground's page, through labels and roles as they see or hear them."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, ViewportSize, expect
from playwright.sync_api import Page as Tab

SCREENSHOTS = Path("build/screenshots")
PICTURES = bool(os.environ.get("SCREENSHOTS"))
# One press can let a month of a busy program pass, on a busy machine.
PATIENCE = 60_000  # milliseconds
FieldValue = str | list[str]
PHONE: ViewportSize = {"width": 390, "height": 844}
# The rules of axe that depend on colours.
OF_COLOURS = ["color-contrast", "link-in-text-block"]

# A new page says what time it is. That of the direct messages is short, and nothing of it is drawn.
SHOWS_THE_TIME = """async () => {
  const address = new URL(location.href);
  address.searchParams.set("in", "direct");
  const page = await (await fetch(address)).text();
  const face = page.match(/id="now"[^]*?<time[^>]*>([^]*?)<\\/time>/)[1].replace(/<[^>]*>/g, "");
  return face === document.querySelector("#now time").textContent && !document.querySelector(".clock.moving");
}"""

expect.set_options(timeout=PATIENCE)


class Page:
    def __init__(self, tab: Tab, url: str) -> None:
        """`url` is where the playground is served."""
        self.tab, self.url = tab, url
        # The browser's complaints: errors, warnings, and what the content security policy refused.
        self.errors: list[str] = []
        tab.on("console", lambda said: self.errors.append(said.text) if said.type in ("error", "warning") else None)
        tab.on("pageerror", lambda fault: self.errors.append(str(fault)))

    def open(self, person: str = "", room: str = "") -> "Page":
        """Open the page. `person` and `room` are ids."""
        self.tab.goto(f"{self.url}?as={person}&in={room}")
        return self.settled()

    def settled(self) -> "Page":
        """Wait until everything that was asked for is on the page."""
        expect(self.tab.locator("html:not([data-busy])")).to_have_count(1)
        return self

    # Who and where

    def be(self, person: str) -> "Page":
        """Become another person, by name, in the same room."""
        self._side()
        self.tab.locator("#people summary").click()
        self._follow(self.tab.locator("#people a").filter(has_text=person))
        expect(self.tab.locator("#people summary")).to_contain_text(person)
        return self

    def open_channel(self, name: str) -> "Page":
        self._side()
        self._follow(self.tab.get_by_role("list", name="Channels").get_by_role("link", name=name))
        expect(self.tab.get_by_role("heading", level=1)).to_have_text(name)
        return self

    def open_direct(self) -> "Page":
        self._side()
        self._follow(self.tab.get_by_role("list", name="Direct messages").get_by_role("link"))
        expect(self.tab.get_by_role("heading", level=1)).to_have_text("Commonplace")
        return self

    def _follow(self, link: Locator) -> None:
        """Follow a link to a room, and wait for its page to load, styles included, even if that room is open."""
        with self.tab.expect_navigation():
            link.click()
        self.settled()

    def _side(self) -> None:
        drawer = self.tab.locator("#drawer")
        if drawer.is_visible() and drawer.get_attribute("aria-expanded") == "false":
            drawer.click()

    def new_count(self, room: str) -> int:
        """Return how much is new in a room, by its name."""
        badge = self.tab.get_by_role("navigation", name="Rooms").get_by_role("link", name=room).locator(".count")
        return int(badge.locator("span").first.inner_text()) if badge.is_visible() else 0

    # Writing

    @property
    def box(self) -> Locator:
        return self.tab.get_by_role("combobox", name="Message")

    def type_command(self, line: str) -> "Page":
        """Write a command, or anything else, and send it."""
        self.box.fill(line)
        self.box.press("Enter")
        return self.settled()

    say = type_command

    def suggestions(self, typed: str) -> list[str]:
        """Return what is suggested once this is in the box."""
        self.box.fill("")
        self.box.press_sequentially(typed)
        self.settled()
        return [o.inner_text().split("\n")[0].strip() for o in self.tab.get_by_role("option").all()]

    # Reading

    @property
    def conversation(self) -> Locator:
        return self.tab.get_by_role("log")

    def see(self, words: str) -> "Page":
        """Wait until these words are in the conversation."""
        expect(self.conversation.get_by_text(words).last).to_be_visible()
        return self

    def posts(self) -> list[str]:
        """Return everything posted here for others to see, oldest first, without threads."""
        return [p.locator(".body").first.inner_text() for p in self.tab.locator("#posts > .post:not(.private)").all()]

    def last_post(self) -> str:
        return self.posts()[-1]

    def last_private(self) -> str:
        """Return the newest answer that only this person sees."""
        return self.tab.locator(".post.private .body").last.inner_text()

    # Pressing

    def press(self, button: str, *, on: str = "") -> "Page":
        """Press the newest button with this label, on a card with the words `on`."""
        cards = self.tab.locator(".card")
        card = (cards.filter(has_text=on) if on else cards).filter(has=self.tab.get_by_role("button", name=button))
        card.last.get_by_role("button", name=button, exact=True).click()
        return self.settled()

    def choose(self, menu: str, item: str) -> "Page":
        """Choose from the newest menu with this label."""
        self.tab.get_by_role("button", name=menu).last.click()
        self.tab.get_by_role("menuitem", name=item).click()
        return self.settled()

    def shortcut(self, words: str, item: str) -> "Page":
        """Use one of the actions on a message that someone wrote."""
        post = self.tab.locator("#posts .post").filter(has_text=words).last
        post.hover()
        post.get_by_role("button", name="More actions").click()
        self.tab.get_by_role("menuitem", name=item).click()
        return self.settled()

    # Forms

    @property
    def form(self) -> Locator:
        return self.tab.get_by_role("dialog")

    def fill(self, answers: Mapping[str, FieldValue], *, send: bool = True) -> "Page":
        """Fill in the open form, by the labels of its fields. Several answers to one are a list."""
        expect(self.form).to_be_visible()
        for label, answer in answers.items():
            self._fill(label, answer)
        if send:
            self.form.locator("[type=submit]").click()
            self.settled()
        return self

    def _fill(self, label: str, answer: FieldValue) -> None:
        group = self.form.get_by_role("group", name=label)
        if group.count():
            wanted = [answer] if isinstance(answer, str) else answer
            for box in group.locator("label").all():
                tick = box.locator("input")
                if tick.get_attribute("type") == "checkbox" or box.inner_text() in wanted:
                    tick.set_checked(box.inner_text() in wanted)
            return
        assert isinstance(answer, str), f"{label} takes one answer"
        field = self.form.locator("input, textarea, select").and_(self.form.get_by_label(label))
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=answer)
        else:
            field.fill(answer)

    def problems(self) -> dict[str, str]:
        """Return what is wrong in the open form, by the field's label."""
        wrong = self.form.locator(".field", has=self.tab.locator(".problem")).all()
        return {f.locator("label, legend").first.inner_text(): f.locator(".problem").inner_text() for f in wrong}

    # The clock

    def clock(self, by: str) -> str:
        """Move the clock by the label of its button, and return what the page says happened."""
        self.tab.get_by_role("button", name=by).click()
        self.settled()
        end = time.monotonic() + PATIENCE / 1_000
        # The time arrives with the stream of events, not with the answer.
        while not self.tab.evaluate(SHOWS_THE_TIME):
            assert time.monotonic() < end, f"the page still shows {self.now()}"
            self.tab.wait_for_timeout(50)
        return self.tab.locator("#happened").inner_text()

    def now(self) -> str:
        """Return the time that the page shows, such as "Friday, October 16, 2026 · 4:00 PM"."""
        return self.tab.locator("#now time").inner_text().replace("\u00a0", " ")

    def screenshot(self, name: str) -> None:
        """Save what the page looks like now under build/screenshots, if SCREENSHOTS=1 asks for it."""
        if PICTURES:
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            self.tab.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled", caret="hide")

    def look(self, name: str, at: Locator | None = None) -> "Page":
        """Look at one thing in light, in dark, and on a phone: by default a form or else the message that came last.

        A message stays in the conversation, so `look_around` is enough for it, unless pictures are taken.
        """
        message = self.tab.locator(".post.private").or_(self.tab.locator("#posts > .post")).last
        is_form = self.form.is_visible()
        if not (is_form or PICTURES):
            return self
        shown = at or (self.form if is_form else message)
        for colours in ("light", "dark"):
            self.tab.emulate_media(color_scheme=colours)
            assert complaints(self, colours, shown) == [], name
            self.screenshot(f"{name}-{colours}")
        self.tab.emulate_media(color_scheme="light")
        with self._on_a_phone():
            shown.scroll_into_view_if_needed()
            self.screenshot(f"{name}-phone")
            assert shown.evaluate("shown => shown.scrollWidth <= shown.clientWidth"), f"{name} is wider than a phone"
        return self

    def look_around(self) -> None:
        """Look at everything that is in the conversation, in light, in dark, and on a phone."""
        for colours in ("light", "dark"):
            self.tab.emulate_media(color_scheme=colours)
            assert complaints(self, colours) == []
        self.tab.emulate_media(color_scheme="light")
        with self._on_a_phone():
            wider = (
                "() => [...document.querySelectorAll('.card')].filter((card) => card.scrollWidth > card.clientWidth)"
            )
            assert self.tab.evaluate(f"({wider})().map((card) => card.innerText)") == []

    @contextmanager
    def _on_a_phone(self) -> Iterator[None]:
        large = self.tab.viewport_size
        assert large
        self.tab.set_viewport_size(PHONE)
        yield
        assert self.tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        self.tab.set_viewport_size(large)


def complaints(page: Page, colours: str = "light", within: Locator | None = None) -> list[str]:
    """Return what axe, the accessibility checker, finds wrong with the page or a part. In dark, only colours can be."""
    still = "() => document.getAnimations().every((each) => each.playState === 'finished')"
    # Colours may still be in transition.
    while not page.tab.evaluate(still):
        page.tab.wait_for_timeout(20)
    if page.tab.evaluate("typeof axe === 'undefined'"):
        page.tab.evaluate(Axe().axe_script)
    rules = {"runOnly": OF_COLOURS} if colours == "dark" else {}
    found = (within or page.tab.locator("html")).evaluate(
        "async (part, rules) => (await axe.run(part, {...rules, resultTypes: ['violations']})).violations", rules
    )
    return [f"{v['id']}: {[n['html'][:120] for n in v['nodes']]}" for v in found]
