"""HTTP endpoints for machines: /healthz, /readyz and /metrics."""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from ipaddress import ip_address
from socket import gethostname
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
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

FOR_MACHINES = ("/healthz", "/readyz", "/metrics")
PORT = re.compile(r":[0-9]*$")  # in a Host header
# Endings of names that only a network of one's own knows.
INTERNAL = (".local", ".internal", ".svc", ".localhost", ".lan", ".home.arpa")

Question = Callable[[], Awaitable[Mapping[str, bool]]]


def own_names(http_host: str, public_address: str) -> frozenset[str]:
    """Return the names by which the pages for machines can be asked, besides addresses and names without a dot."""
    names = (*LOOPBACK, http_host, urlsplit(public_address).hostname or "", gethostname())
    return frozenset(name.lower() for name in names if name)


def is_own(host: str, names: Collection[str]) -> bool:
    """Return whether a request's Host is a name of ours.

    So is any address, as a probe or a collector uses it, and any name without a dot, as containers call each other:
    neither can be a website's, which would point its own name at the bot to read along.
    """
    name = PORT.sub("", host.lower()).strip("[]").rstrip(".")
    try:
        return name in names or "." not in name or bool(ip_address(name))
    except ValueError:
        return name.endswith(INTERNAL)


def _machines_only(names: Collection[str]) -> Middleware:
    @web.middleware
    async def refuse_foreign_names(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path in FOR_MACHINES and not is_own(request.host, names):
            return web.Response(status=421, text="This page answers to its own name only.")
        return await handler(request)

    return refuse_foreign_names


def application(names: Collection[str] = LOOPBACK) -> web.Application:
    """Return an application with /healthz. Callers add the other endpoints. `names` is what `own_names` returns."""
    app = web.Application(client_max_size=BIGGEST, middlewares=[_machines_only(names)])
    app.on_response_prepare.append(dress)
    app.router.add_get("/healthz", alive)
    return app


async def dress(_request: web.Request, response: web.StreamResponse) -> None:
    """Add HEADERS to every response, errors included. A page's own headers win."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # Without the versions of what the bot is made of.
    response.headers["Server"] = "Commonplace"


async def alive(_request: web.Request) -> web.Response:
    return web.json_response({"alive": True})


def answer_figures(app: web.Application, question: Question) -> None:
    """Serve Prometheus metrics at /metrics. Awaiting `question` brings them up to date."""

    async def metrics(_request: web.Request) -> web.Response:
        await question()
        return web.Response(body=generate_latest(), headers={"Content-Type": "text/plain; version=0.0.4"})

    app.router.add_get("/metrics", metrics)


def answer_readiness(
    app: web.Application,
    question: Question,
    runs: Callable[[], Mapping[str, list[str]]],
    problems: Callable[[], Mapping[str, str]],
) -> None:
    """Serve /readyz: JSON with each condition by name, and status 200 if all are true, else 503.

    "runs" in it lists this process’s share of work that several can share. "problems" says why a condition is false.
    """

    async def ready(_request: web.Request) -> web.Response:
        answers = await question()
        said = {**answers, "runs": runs(), "problems": dict(problems())}
        return web.json_response(said, status=200 if all(answers.values()) else 503)

    app.router.add_get("/readyz", ready)
