"""HTTP endpoints for machines: /healthz, /readyz and /metrics."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from prometheus_client import generate_latest

# Names of this machine that no other machine can use to reach it.
LOOPBACK = ("127.0.0.1", "::1", "localhost")
BIGGEST = 2**20  # bytes of one request

# A browser runs no script, shows the page in no frame, guesses no content type, and caches nothing.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Question = Callable[[], Awaitable[Mapping[str, bool]]]


def application() -> web.Application:
    """Return an application with /healthz. Callers add the other endpoints."""
    app = web.Application(client_max_size=BIGGEST)
    app.on_response_prepare.append(dress)
    app.router.add_get("/healthz", alive)
    return app


async def dress(_request: web.Request, response: web.StreamResponse) -> None:
    """Add HEADERS to every response, errors included. A page's own headers win."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


async def alive(_request: web.Request) -> web.Response:
    return web.json_response({"alive": True})


def answer_figures(app: web.Application, question: Question) -> None:
    """Serve Prometheus metrics at /metrics. Awaiting `question` brings them up to date."""

    async def metrics(_request: web.Request) -> web.Response:
        await question()
        return web.Response(body=generate_latest(), headers={"Content-Type": "text/plain; version=0.0.4"})

    app.router.add_get("/metrics", metrics)


def answer_readiness(app: web.Application, question: Question, runs: Callable[[], Mapping[str, list[str]]]) -> None:
    """Serve /readyz: JSON with each condition by name, and status 200 if all are true, else 503.

    "runs" in it lists this process's share of work that several can share.
    """

    async def ready(_request: web.Request) -> web.Response:
        answers = await question()
        return web.json_response({**answers, "runs": runs()}, status=200 if all(answers.values()) else 503)

    app.router.add_get("/readyz", ready)
