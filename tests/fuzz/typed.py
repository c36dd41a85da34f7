"""The readers of what people type, put in files, or send from the playground's page."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session

from adapters.discord import render as on_discord
from adapters.html.time_format import Reader as PageReader
from adapters.playground import parse as on_page
from adapters.playground.render import Pen
from adapters.slack import render as on_slack
from bot import cadence, settings
from bot.cadence import Unreadable
from bot.core import command_parser
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Place, PlatformUser, Submission
from bot.core.router import Router
from bot.features import ALL
from bot.features.admin import rules as admin
from bot.features.agenda import rules as agenda
from bot.features.availability import rules as availability
from bot.features.library import rules as resources
from bot.features.meetings import rules as meetings
from bot.features.setup import rules as setup
from bot.i18n import locale, speaking
from bot.ui import Button, Chart, Facts, Message, Note, Point, Quote, Table, Text
from bot.ui.markup import clean, cut, esc, parse, plain
from storage import database
from storage.library import search, text_analysis

TODAY, NOW = date(2025, 9, 1), datetime(2025, 9, 1, 12, tzinfo=UTC)
ZONES = ("America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "Pacific/Apia")
LANGUAGES = ("en", "es", "de", "")
# No platform lets people type more at once.
LONGEST = 4_000  # characters
PEN = Pen(PageReader("1001", ZoneInfo(ZONES[0]), NOW))


def typed(data: bytes) -> tuple[int, str]:
    """Split the input into a number to choose by, and what was typed."""
    return (data[0] if data else 0), data[1:].decode(errors="surrogateescape")[:LONGEST]


def phrase(data: bytes) -> None:
    number, text = typed(data)
    with speaking(LANGUAGES[number % 4]), suppress(Unreadable):
        rule = cadence.read(text, zone=ZONES[number // 4 % 4], today=TODAY).rule
        assert cadence.Rule.from_json(rule.to_json()) == rule
        assert cadence.say(rule, locale())
        list(islice(cadence.occurrences(rule, NOW, count=3), 3))


def moment(data: bytes) -> None:
    number, text = typed(data)
    with speaking(LANGUAGES[number % 4]):
        with suppress(Unreadable):
            assert cadence.read_moment(text, zone=ZONES[number // 4 % 4], now=NOW) > NOW
        with suppress(Unreadable):
            ZoneInfo(cadence.read_zone(text))
        cadence.zones_like(text)
        for zone in cadence.zones_near(text):
            ZoneInfo(zone)


def closures(data: bytes) -> None:
    with suppress(Unreadable):
        cadence.read_closures(data, TODAY)


def days(data: bytes) -> None:
    _number, text = typed(data)
    with suppress(Unreadable):
        cadence.read_days(text, TODAY)
    with suppress(Unreadable, admin.TooMany):
        admin.read_days(text, zone=ZONES[0], now=NOW)


def fields(data: bytes) -> None:
    """Read the short answers that forms and commands ask for."""
    number, raw = typed(data)
    text = clean(raw)
    admin.read_channel(text), admin.read_role(text), admin.read_months(text)
    agenda.title_of(text), meetings.read_minutes(text), meetings.is_link(text), setup.read_minutes(text)
    resources.first_words(text, 80), resources.split_link(text), resources.last_topic(text)
    with suppress(availability.NoHours):
        assert all(hour in range(24) for hour in availability.read_hours(text))
    with suppress(resources.BadTopics):
        resources.read_topics(text)
    with suppress(resources.BadTopics):
        resources.close_topics(resources.read_question(text), ("arrivals", "youth-voice"))
    with suppress(setup.UnknownCountry):
        setup.read_country(text, ("en", "es", "de_AT", "pt_BR")[number % 4])
    with suppress(ValueError):
        setup.read_place(text)
    with speaking(raw):
        assert locale()


@lru_cache
def _routes() -> Router:
    return Router(ALL)


def command(data: bytes) -> None:
    """Read a line typed after the root word, and the same bytes as the name and value of a button and a form."""
    number, text = typed(data)
    place, who = Place("slack", "T1", "C1"), PlatformUser("T1-U1", text[:80])
    root = ("", "member", "facilitator", "admin")[number % 4]
    with suppress(Refusal), speaking(LANGUAGES[number // 4 % 4]):
        found = _routes().match(Command(place, who, text, root))
        assert found.spec
        assert isinstance(found.event, Command)
        command_parser.check_argument(found.spec, found.event.text)
    name, _bar, value = text.partition("|")
    for event in (Click(place, who, name, value, (text,)), Submission(place, who, name, value, {name: text})):
        with suppress(Refusal):
            _routes().match(event)


def markup(data: bytes) -> None:
    """Show what someone typed everywhere: it stays what it was, and every platform can render it."""
    _number, text = typed(data)
    body, short = cut(clean(text), 1_500), cut(clean(text), 100)
    assert plain(esc(short)) == " ".join(short.split())
    parse(esc(body))
    figures = (
        Table((short, "How many"), ((short, short),), short),
        Chart("bars", short, short, ("What", "How many"), (Point(short, 2, short), Point(short))),
    )
    card = Message(
        title=short,
        parts=(
            Text(esc(short)),
            Quote(body or "?", esc(short)),
            Facts((("Note", esc(short)),)),
            Note(esc(short)),
            *figures,
        ),
        actions=(Button("Answer", "rounds.answer", "1:1"),),
    )
    json.dumps(on_slack.message(card)).encode()
    on_discord.message(card)
    str(PEN.message(card, "p1", "/file/p1")).encode()


def page(data: bytes) -> None:
    """Read what the playground's page sends."""
    kinds = (
        on_page.PostRequest,
        on_page.ClickRequest,
        on_page.ShortcutRequest,
        on_page.FormRequest,
        on_page.ClockRequest,
        on_page.DismissRequest,
    )
    for kind in kinds:
        with suppress(on_page.Malformed):
            on_page.body(kind, data)


def dotenv(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(prefix="commonplace-") as file:
        Path(file.name).write_bytes(data)
        with suppress(settings.BadSettings):
            settings.load(Path(file.name)).secrets  # noqa: B018


@contextmanager
def library() -> Iterator[Session]:
    """Yield a session on some resources. Changes are rolled back."""
    with Session(_library()) as session:
        yield session
        session.rollback()


@lru_cache
def _library() -> Engine:
    engine = database.connect("sqlite://")
    database.upgrade(engine)
    kept = (
        "Silent starts",
        "Pickup map",
        "Año nuevo: cómo empezar",
        "Überraschung im Flur",
        "茶の時間",
        "C++ for kids",
    )
    with Session(engine) as session, session.begin():
        for number, title in enumerate(kept, 1):
            search.index(session, 1, number, title=title, body=f"{title} calm doors", topics=("arrivals",))
    return engine


def question(data: bytes) -> None:
    """Search for words, and index the same words as a resource."""
    number, raw = typed(data)
    text, language = clean(raw), LANGUAGES[number % 4]
    text_analysis.analyse(text, text, ("arrivals",), language)
    with library() as session:
        search.find(session, (1,), text, limit=3, offset=number // 4 % 3, language=language)
        search.index(session, 1, 1, title=text, body=text, topics=(), language=language)
        search.find(session, (1, 2), text, limit=3, language=language)
