"""Everything the bot says can be translated: no sentence is hard-coded."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.pofile import read_po, write_po
from sqlalchemy import Engine
from sqlmodel import Session

from bot import i18n
from bot.core.events import Command, Event, Submission
from bot.core.platform import Delivery
from bot.devtools.extract_messages import TEMPLATE, renew
from bot.features.checkins import templates
from bot.features.prompts.bank import load
from bot.ui import (
    Chart,
    Facts,
    Form,
    FormErrors,
    Message,
    Note,
    NotSaved,
    Part,
    Picture,
    Quote,
    Reply,
    Table,
    Text,
)
from bot.ui.markup import esc
from storage.operations import audit_log
from tests.support.chat import Chat

# A letter.
WORDS = re.compile(r"[^\W\d_]")
PLACEHOLDER = re.compile(r"(\{[^{}]*\})")
TOKEN = re.compile(r"\[[^\]]*\]\((?:person|account|at|command|channel):[^)]*\)|`[^`]*`|/cop[\w-]*(?: \w+)*")
# It may be cut short.
WRAPPED = re.compile(r"⟦[^⟦⟧]*[⟧…]")
ENGLISH = Locale("en")
DATES = {
    word
    for names in (ENGLISH.months, ENGLISH.days)
    for form in names["format"].values()
    for each in form.values()
    for word in re.findall(r"[^\W\d_]+", each)
} | {"AM", "PM", "UTC", "and"}  # "and" as the locale joins a list


def wrapped(sentence: str) -> str:
    """Wrap every stretch of words between placeholders: "Kept by {name}." becomes "⟦Kept by ⟧{name}."."""
    pieces = PLACEHOLDER.split(sentence)
    return "".join(p if PLACEHOLDER.fullmatch(p) or not WORDS.search(p) else f"⟦{p}⟧" for p in pieces)


@pytest.fixture
def wrapping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the bot speak a language in which every sentence is the English one, wrapped."""
    with TEMPLATE.open("rb") as file:
        catalog = read_po(file, locale="en")
    for message in catalog:
        if isinstance(message.id, tuple):
            message.string = tuple(wrapped(each) for each in message.id)
        elif message.id:
            message.string = wrapped(str(message.id))
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "commonplace.po").open("wb") as file:
        write_po(file, catalog)
    renew(folder / "commonplace.po", catalog)
    monkeypatch.setattr(i18n, "LOCALES", tmp_path)
    i18n._catalogue.cache_clear()
    i18n.languages.cache_clear()
    yield
    i18n._catalogue.cache_clear()
    i18n.languages.cache_clear()


class Overheard(Chat):
    """A chat in which everything the bot says to anyone is recorded."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.replies: list[Reply] = []
        self.typed = {"Ada", "Ben", "Mei", "Olu", "Kit", "America/New_York", "US"}
        handle = self.app.handle

        def listen(event: Event) -> Reply:
            if isinstance(event, Command):
                found = [spec.name for spec in self.app.commands if event.line.startswith(spec.name)]
                self.typed.add(event.line.removeprefix(max(found, key=len, default="")).strip())
            if isinstance(event, Submission):
                self.typed |= set(event.answers.values())
            self.replies.append(reply := handle(event))
            return reply

        self.app.handle = listen  # type: ignore[method-assign]

    async def deliver(self, delivery: Delivery) -> str:
        self.replies.append(delivery.message)
        return await super().deliver(delivery)


def spoken(reply: Reply) -> Iterator[str]:
    """Yield each piece of the bot's own words, without what people typed (quotes, the contents of fields)."""
    match reply:
        case Message():
            yield reply.title
            for part in reply.parts:
                yield from _of_part(part)
            for action in reply.actions:
                yield action.label
                yield from (label for _value, label in getattr(action, "choices", ()))
        case Form():
            yield from (reply.title, reply.submit, reply.intro)
            for field in reply.fields:
                yield from (field.label, field.hint, *(label for _value, label in getattr(field, "choices", ())))
        case NotSaved():
            yield reply.problem
            for message in reply.messages:
                yield from spoken(message)
        case FormErrors():
            yield from spoken(reply.form)
            yield from reply.problems.values()


def _of_part(part: Part) -> Iterator[str]:
    match part:
        case Text(body) | Note(body):
            yield body
        case Quote(_, by):
            yield by
        case Facts(rows):
            yield from (each for row in rows for each in row)
        case Table(headings, rows, caption):
            yield from (caption, *headings, *(each for row in rows for each in row))
        case Chart():
            yield from (part.title, part.finding, *part.headings)
            yield from (each for point in part.points for each in (point.label, point.shown))
        case Picture(_, alt):
            yield alt


def data(typed: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds what people typed wherever it is shown, whole or cut short."""
    shown = {form for phrase in typed if phrase for form in (phrase, esc(phrase))}
    phrases = (f"{re.escape(form)}|{re.escape(form[:20])}[^…]*…" for form in sorted(shown, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?![^\W_])")


def spans(line: str) -> Iterator[str]:
    """Yield each run of words in what somebody typed, of which a refusal may quote one."""
    words = line.split()
    yield from (" ".join(words[a:b]) for a in range(len(words)) for b in range(a + 2, len(words) + 1))


def hard_wired(said: str, typed: re.Pattern[str]) -> set[str]:
    """Return the words in `said` that came from nowhere: no translation, no live value, nothing that someone typed."""
    left = TOKEN.sub(" ", said)
    while (fewer := WRAPPED.sub(" ", left)) != left:
        left = fewer
    return set(re.findall(r"[^\W\d_]+", typed.sub(" ", left))) - DATES


@pytest.mark.anywhere
def test_every_sentence_of_a_season_comes_from_the_catalogue(engine: Engine, wrapping: None) -> None:
    """In a language of wrapped sentences, an unwrapped word that nobody typed is hard-coded."""
    chat = Overheard(engine)
    ada = chat.person("Ada", manages=True, zone="America/New_York")
    ben, mei, olu = (chat.person(name, zone="America/New_York") for name in ("Ben", "Mei", "Olu"))
    ada.types("setup", root="admin")
    ada.fills(name="Youth workers", purpose="Better afternoons")
    ada.presses(wrapped("Next: where and who leads"))
    ada.fills(facilitators="ben ada", minutes="90", place="Room 2")
    ada.presses(wrapped("Next: when you meet"))
    ada.fills(phrase="second Wednesday of each month, October to June, 4pm")
    ada.presses(wrapped("Right: show the first month"))
    ada.presses(wrapped("Start"))
    for person in (ada, ben, mei, olu):
        person.types("join")
        person.presses(wrapped("Join"))
    ben.types("checkin open How was the week?")
    mei.presses(wrapped("Answer"), on=chat.last)
    mei.fills(body="Quiet arrivals")
    chat.wait(weeks=6)
    for person in (ada, mei):
        for spec in chat.app.commands:
            if spec.name != "leave":
                person.types(spec.name, root=spec.root)
                person.types(spec.example, root=spec.root)
    ada.types("nonsense")
    mei.types("leave")
    mei.presses(wrapped("Leave"))

    pieces = {piece for reply in chat.replies for piece in spoken(reply)}
    assert len(pieces) > 400
    assert not [piece for piece in pieces if "Something broke" in piece]
    # Prompts and templates are content, not the bot's own words.
    bank = {words for prompt in load() for words in (prompt.text, prompt.starter)}
    bank |= {template.questionnaire.name for template in templates.load("en").values()}
    own = {word for spec in chat.app.commands for word in (*spec.name.split(), *spec.choices)}
    with Session(engine) as session:
        noted = {note.detail for note in audit_log.notes(session, 1, 1_000)}
    quoted = {span for spec in chat.app.commands if spec.root == "admin" for span in spans(spec.example)}
    known = data(chat.typed | quoted | bank | own | noted | {"English", "pretend", "sqlite", "postgresql", "https://"})
    found = [f"{sorted(words)} in {piece!r}" for piece in pieces if (words := hard_wired(piece, known))]
    assert not found, "\n".join(found)
