"""The playground's HTTP routes: the page, its stream of events, files, and what people do."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, assert_never
from urllib.parse import quote

from aiohttp import web

from adapters.html.figures import STYLESHEET
from adapters.playground import parse, render_forms, render_page, security
from adapters.playground.autocomplete import Line, Phrasebook
from adapters.playground.ephemeral import Spot
from adapters.playground.event_stream import Hub, Picture
from adapters.playground.live_workspace import LiveWorkspace
from adapters.playground.render_posts import BOT, DIRECT, address
from bot.core.events import AutocompleteQuery, PersonEvent
from bot.core.resolver import parse_id
from bot.i18n import gettext as _
from bot.ui import WRITTEN, Attachment, Form, FormErrors, Message, NextForm, NotSaved, Reply, filled

STATIC = Path(__file__).parent / "static"
# After so long without a change, a tab is sent the time, which shows that it is still connected.
QUIET = 15.0  # seconds
# Commands that an empty room offers.
TRIES = 3

Handle = Callable[[PersonEvent], Reply]
Complete = Callable[[AutocompleteQuery], list[str]]
To = datetime | timedelta | Literal["next"]
Move = Callable[[To], Awaitable[str]]

STEPS: dict[str, To] = {"hour": timedelta(hours=1), "day": timedelta(days=1), "next": "next"}


class Server:
    """The HTTP server's handlers. Whatever a person does is answered as JSON."""

    def __init__(
        self, workspace: LiveWorkspace, handle: Handle, complete: Complete, book: Phrasebook, move: Move
    ) -> None:
        self.workspace, self.handle, self.complete, self.book, self.move = workspace, handle, complete, book, move
        self.world = workspace.world

    def application(self) -> web.Application:
        app = web.Application(
            middlewares=[security.refuse_strangers, security.say_what_went_wrong], client_max_size=security.MOST_SENT
        )
        app.on_response_prepare.append(security.dress)
        app.on_shutdown.append(self._close_streams)
        app.router.add_get("/static/figures.css", self.send_figure_looks)
        app.router.add_static("/static", STATIC)
        app.add_routes(
            [
                web.get("/", self.show_page),
                web.get("/events", self.stream),
                web.get("/file/{name}", self.send_file),
                web.get("/healthz", self.say_healthy),
                web.post("/say", self.say),
                web.post("/press", self.press),
                web.post("/pick", self.pick),
                web.post("/fill", self.fill),
                web.post("/dismiss", self.dismiss),
                web.post("/look", self.mark_seen),
                web.post("/complete", self.suggest),
                web.post("/clock", self.move_clock),
            ]
        )
        return app

    async def _close_streams(self, _app: web.Application) -> None:
        self.workspace.hub.close()

    @property
    def hub(self) -> Hub:
        return self.workspace.hub

    async def say_healthy(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def send_figure_looks(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(STYLESHEET)

    async def show_page(self, request: web.Request) -> web.Response:
        """Show the page of a person and a room, or redirect to one that exists."""
        people, channels = self.world.people(), self.world.channels()
        if not people:
            return web.Response(status=503, text=_("Nobody is in this workspace yet."))
        who, room = request.query.get("as", ""), request.query.get("in", "")
        known = {p.id for p in people}
        rooms = [*(c.id for c in channels), DIRECT]
        if who not in known or room not in rooms:
            raise web.HTTPSeeOther(address(who if who in known else people[0].id, room if room in rooms else rooms[0]))
        alone = room == DIRECT
        tries = [s.name if alone else self.book.full(s) for s in self.book.commands if s.root == "member"][:TRIES]
        drawn = render_page.whole(self.workspace.talk(who), room, self.hub.at, tries)
        return web.Response(text=drawn, content_type="text/html")

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Send a tab every change from the newest it has seen on, until it or the playground closes."""
        person = request.query.get("as", "")
        if self.world.person(person) is None:
            raise web.HTTPNotFound
        since = request.headers.get("Last-Event-ID") or request.query.get("since", "")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        # Raised when the tab is closed.
        with suppress(ConnectionResetError):
            async for event in self.hub.listen(person, since, QUIET):
                await response.write((event or self._time(person)).encode())
        return response

    def _time(self, person: str) -> str:
        """Return what a quiet tab is sent, so that its clock goes on. Not numbered: nobody needs to catch up on it."""
        return self.hub.write("clock", self.workspace.clock(self.workspace.talk(person)))

    async def send_file(self, request: web.Request) -> web.Response:
        """Send an attachment that this person may see. Raises HTTPNotFound."""
        name, person = request.match_info["name"], request.query.get("as", "")
        file = self._file(name, person)
        if file is None:
            raise web.HTTPNotFound
        return web.Response(
            body=file.body.encode(),
            content_type=file.media_type,
            charset="utf-8",
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"},
        )

    def _file(self, name: str, person: str) -> Attachment | None:
        card = self.workspace.desk.card(person, name)
        if card:
            return card.message.attachment
        asked = parse.PageRequest(person=person, room=DIRECT)
        number = name.removeprefix("p")
        if not parse_id(number):
            return None
        message = parse.seen_post(self.world, asked, parse_id(number)).message
        return message.attachment if message else None

    async def say(self, request: web.Request) -> web.Response:
        """Take what was typed: a command, words for the bot, or words for everyone in the room."""
        posted = parse.body(parse.PostRequest, await request.read())
        somebody, text = parse.who(self.world, posted), posted.text.strip()
        spot = parse.spot(self.world, posted, posted.under)
        if len(text) > parse.MOST_SAID:
            return _refuse(_("This has {n} characters; {most} is the most.").format(n=len(text), most=parse.MOST_SAID))
        line = self.book.read(text)
        if text.startswith("/") and line is None:
            return _refuse(
                _("There is no command {word} here. Commands begin with /{root}.").format(
                    word=text.split()[0], root=self.book.root
                )
            )
        if line is None and posted.room == DIRECT:
            line = Line("", text)
        if line is None:
            self.workspace.say(spot.place, author=somebody.id, words=text, under=spot.under)
            called, _space, rest = text.partition(" ")
            if called.lower() != f"@{BOT}".lower():
                return web.json_response({})
            line = Line("", rest)
        event = parse.command(self.world, posted, line)
        return await self._answer(event, spot, "" if text.startswith("@") else text)

    async def press(self, request: web.Request) -> web.Response:
        pressed = parse.body(parse.ClickRequest, await request.read())
        event = parse.click(self.world, pressed)
        return await self._answer(event, parse.spot(self.world, pressed, pressed.under, pressed.card))

    async def pick(self, request: web.Request) -> web.Response:
        picked = parse.body(parse.ShortcutRequest, await request.read())
        event = parse.shortcut(self.world, picked, f"http://{request.host}")
        return await self._answer(event, parse.spot(self.world, picked))

    async def fill(self, request: web.Request) -> web.Response:
        """Take a submitted form. What any chat platform would refuse never reaches the bot."""
        typed = parse.body(parse.FormRequest, await request.read())
        event = parse.submission(self.world, typed)
        opened = self.workspace.desk.opened(typed.person, typed.token)
        if opened is None or (opened.form.id, opened.form.value) != (typed.form, typed.value):
            return await self._answer(event, parse.spot(self.world, typed))
        spot = opened.spot
        answers = {f.name: event.answers.get(f.name, "") for f in opened.form.fields}
        as_typed = filled(opened.form, answers)
        if wrong := render_forms.problems(opened.form, answers, self._person_choices(), self._channel_choices()):
            return self._form(typed.person, spot, as_typed, wrong)
        written = tuple(f.name for f in opened.form.fields if isinstance(f, WRITTEN))
        return await self._answer(replace(event, written=written), spot, form=as_typed)

    async def dismiss(self, request: web.Request) -> web.Response:
        dismissed = parse.body(parse.DismissRequest, await request.read())
        self.workspace.dismiss(dismissed.person, dismissed.card)
        return web.json_response({"gone": dismissed.card})

    async def mark_seen(self, request: web.Request) -> web.Response:
        looked = parse.body(parse.PageRequest, await request.read())
        self.workspace.mark_seen(parse.who(self.world, looked).id, parse.spot(self.world, looked).place)
        return web.json_response({})

    async def suggest(self, request: web.Request) -> web.Response:
        posted = parse.body(parse.PostRequest, await request.read())
        parse.who(self.world, posted), parse.spot(self.world, posted)
        found = await asyncio.to_thread(
            self.book.suggest, posted.text, lambda line: self.complete(parse.typing(self.world, posted, line))
        )
        return web.json_response(found.picture())

    async def move_clock(self, request: web.Request) -> web.Response:
        """Move the clock by one of STEPS, unless it is moving already, and say what happened."""
        moved = parse.body(parse.ClockRequest, await request.read())
        somebody = parse.who(self.world, moved)
        if moved.by not in STEPS:
            raise parse.Malformed(_("The clock cannot move by that. Please reload the page."))
        if self.workspace.moving:
            return _refuse(_("The clock is already moving."))
        self._set_moving(True)
        try:
            happened = await self.move(STEPS[moved.by])
        finally:
            self._set_moving(False)
        return web.json_response({"happened": self.workspace.talk(somebody.id).pen.line(happened)})

    def _set_moving(self, it_is: bool) -> None:
        self.workspace.moving = it_is
        self.hub.publish("clock")

    async def _answer(self, event: PersonEvent, spot: Spot, asked: str = "", form: Form | None = None) -> web.Response:
        """Pass an event to the bot, and show the reply. `form` is what the person has filled in and still has open."""
        reply = await asyncio.to_thread(self.handle, event)
        match reply:
            case NotSaved(problem=problem) if problem and form:
                return self._form(event.person.id, spot, form, {form.fields[0].name: problem})
            case NotSaved(messages=messages):
                shown = [self.workspace.show(event.person.id, spot, each, asked) for each in messages]
                return web.json_response({"private": shown[-1]})
            case Message():
                return web.json_response({"private": self.workspace.show(event.person.id, spot, reply, asked)})
            case NextForm(card=message):
                return web.json_response({"private": self.workspace.show(event.person.id, spot, message, asked)})
            case Form():
                return self._form(event.person.id, spot, reply)
            case FormErrors(form, problems):
                return self._form(event.person.id, spot, form, dict(problems))
            case None:
                return web.json_response({})
            case _:
                assert_never(reply)

    def _form(self, person: str, spot: Spot, form: Form, problems: dict[str, str] | None = None) -> web.Response:
        token = self.workspace.desk.open(person, form, spot)
        pen = self.workspace.talk(person).pen
        picture: Picture = {
            "form": render_forms.drawn(form, pen, token, self._person_choices(), self._channel_choices(), problems)
        }
        return web.json_response(picture)

    def _person_choices(self) -> list[tuple[str, str]]:
        return [(p.id, p.name) for p in self.world.people()]

    def _channel_choices(self) -> list[tuple[str, str]]:
        return [(c.id, c.name) for c in self.world.channels()]


def _refuse(words: str) -> web.Response:
    return web.json_response({"error": words}, status=422)
