"""The pages: what a feature shows in a browser, behind a personal link. Read-only, without script.

It is no chat platform: `adapter.py` serves, `render.py` draws, and `bot.core.app.App.open_page` decides who reads what.
"""
