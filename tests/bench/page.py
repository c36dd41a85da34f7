"""Times how long opening and drawing a page takes."""

import time
from datetime import datetime

from sqlalchemy import Engine

from adapters.pages import render
from bot.core.app import App
from bot.core.pages import OpenPage
from bot.features import ALL

TIMES = 5


def page_ms(engine: Engine, now: datetime) -> tuple[float, str]:
    """Return the shortest of several times that it took, and the page. Its link is made with "token"."""
    app = App(ALL, engine, lambda: now)
    took, page = [], ""
    for _time in range(TIMES):
        start = time.perf_counter()
        opened = app.open_page("token", "browser")
        assert isinstance(opened, OpenPage)
        page = render.page(opened)
        took.append(1_000 * (time.perf_counter() - start))
    if app.identity_cache:
        app.identity_cache.close()
    engine.dispose()
    return min(took), page
