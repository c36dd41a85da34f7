"""What machines may ask the bot: is it alive, is it ready, and its figures."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from prometheus_client import generate_latest

LOOPBACK = ("127.0.0.1", "::1", "localhost")  # names of this machine, by which no other reaches it
BIGGEST = 2**20  # bytes of one request

HEADERS = {  # nothing runs, is framed, guessed at, or kept by a browser
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Question = Callable[[], Awaitable[Mapping[str, bool]]]


def application() -> web.Application:
    """/healthz, and what is added to it."""
    app = web.Application(client_max_size=BIGGEST)
    app.on_response_prepare.append(dress)
    app.router.add_get("/healthz", alive)
    return app


async def dress(_request: web.Request, response: web.StreamResponse) -> None:
    """Every answer carries these, errors too, unless its page has its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


async def alive(_request: web.Request) -> web.Response:
    return web.json_response({"alive": True})


def answer_figures(app: web.Application, question: Question) -> None:
    """/metrics: figures for Prometheus, brought up to date by asking `question`."""

    async def metrics(_request: web.Request) -> web.Response:
        await question()
        return web.Response(body=generate_latest(), headers={"Content-Type": "text/plain; version=0.0.4"})

    app.router.add_get("/metrics", metrics)


def answer_readiness(app: web.Application, question: Question, runs: Callable[[], Mapping[str, list[str]]]) -> None:
    """/readyz: 200 while everything that must be true for the bot to work is true, else 503; as JSON by name.

    Beside that, as "runs", what this process does of what several may share.
    """

    async def ready(_request: web.Request) -> web.Response:
        answers = await question()
        return web.json_response({**answers, "runs": runs()}, status=200 if all(answers.values()) else 503)

    app.router.add_get("/readyz", ready)
