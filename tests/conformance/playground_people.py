"""People in the playground, without a browser: what they see is read from its HTTP answers."""

import asyncio
from typing import Any

from tests.adapters.playground.conftest import Tab
from tests.conformance.people import until
from tests.support.html import Node, read


class Visitor:
    """A person in the room. `sees` is the last thing shown only to them."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.sees: Node | None = None

    async def types(self, command: str) -> str:
        return self._saw(await self.tab.say(command))

    async def presses(self, label: str, on: Node | None = None) -> str:
        card = on or self.sees
        assert card is not None
        button = next(b for b in card.all("button") if b.text == label)
        name, value = button.attributes["data-act"], button.attributes.get("data-value", "")
        return self._saw(await self.tab.request("press", act=name, value=value))

    async def fills(self, **answers: str) -> str:
        assert self.sees is not None
        form = self.sees.one("form").attributes
        filled = {name: [text] for name, text in answers.items()}
        sent: dict[str, Any] = {"token": form["data-token"], "form": form["data-form"], "value": form["data-value"]}
        return self._saw(await self.tab.request("fill", **sent, answers=filled))

    def _saw(self, told: dict[str, Any]) -> str:
        html = told["private"]["html"] if "private" in told else told.get("form", "")
        self.sees = read(html) if html else None
        return self.sees.text if self.sees else ""

    async def post_with(self, words: str) -> Node:
        """Wait for a post in the room that says `words`. Returns the newest."""

        async def find_post() -> Node | None:
            page = await self.tab.page()
            return next((p for p in reversed(page.all("article")) if words in p.text), None)

        return await until(find_post, f"{words!r} on the playground")

    async def is_there(self) -> None:
        for _try in range(600):
            try:
                await self.tab.page()
                return
            except OSError:
                await asyncio.sleep(0.05)
        raise AssertionError("the playground did not come")
