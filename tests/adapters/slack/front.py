"""A stand-in for Slack with many workspaces: its OAuth page, the exchange of codes for tokens, and API calls.

Calls for the first workspace are passed on to the test kit's peer. Those for any other are recorded.
"""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from aiohttp import ClientSession, web

from adapters.slack.manifest import SCOPES

HOME, OTHER = "T000000001", "T000000002"
CLIENT, SECRET = "111.222", "the client's own secret"
NAMES = {HOME: "Peer", OTHER: "Second Street"}
Call = dict[str, Any]


class Front:
    """The stand-in. Tests set what it does next.

    `choosing` is the workspace that the installer picks, `says` overrides parts of the answer to a code, and `dead` is
    the error for a token that was revoked. `codes` has the workspace and the address that a code is for, `tokens` the
    workspace of each valid token, `given` every token there ever was, and `asked` the queries of the OAuth page.
    """

    def __init__(self, peer: Any) -> None:
        self.peer = peer
        self.url = ""
        self.choosing = HOME
        self.cancels = False
        self.says: Call = {}
        self.codes: dict[str, tuple[str, str]] = {}
        self.tokens: dict[str, str] = {}
        self.dead = "account_inactive"
        self.given: list[str] = []
        self.asked: list[Call] = []
        self.calls: list[Call] = []

    @property
    def base_url(self) -> str:
        return f"{self.url}/api/"

    def settings(self, public: str) -> dict[str, str]:
        """Return the settings of a bot that many workspaces install, with its pages at `public`."""
        return {
            "SLACK_BASE_URL": self.base_url,
            "SLACK_CLIENT_ID": CLIENT,
            "SLACK_CLIENT_SECRET": SECRET,
            "PUBLIC_ADDRESS": public,
        }

    def sent(self, method: str, team: str = "") -> list[Call]:
        return [c for c in self.calls if c["method"] == method and team in ("", c["team"])]

    def token_of(self, team: str) -> str:
        return next(token for token, of in self.tokens.items() if of == team)

    def take_out(self, team: str) -> None:
        """Remove the app from a workspace. The test sends Slack's event about it itself."""
        for token in [token for token, of in self.tokens.items() if of == team]:
            del self.tokens[token]

    async def authorize(self, request: web.Request) -> web.Response:
        asked = dict(request.query)
        self.asked.append(asked)
        back = f"{asked['redirect_uri']}?state={asked['state']}"
        if self.cancels:
            raise web.HTTPFound(f"{back}&error=access_denied")
        code = f"code-{uuid4()}"
        self.codes[code] = (self.choosing, asked["redirect_uri"])
        raise web.HTTPFound(f"{back}&code={code}")

    async def api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if request.content_type == "application/json":
            args = await request.json()
        else:
            args = {**request.query, **(await request.post())}
        if method == "oauth.v2.access":
            return web.json_response(self._exchange(request, args))
        if method == "apps.connections.open":
            return await self._pass_on(request, method, token)
        team = self.tokens.get(token)
        self.calls.append({"method": method, "team": team, "args": args})
        if team is None:
            return web.json_response({"ok": False, "error": self.dead if token in self.given else "invalid_auth"})
        if team == HOME:
            return await self._pass_on(request, method, str(self.peer.env()["SLACK_BOT_TOKEN"]))
        return web.json_response(self._answer(method, team, args))

    def _exchange(self, request: web.Request, args: Call) -> Call:
        basic = base64.b64decode(request.headers.get("Authorization", "Basic ")[6:]).decode()
        if basic != f"{CLIENT}:{SECRET}":
            return {"ok": False, "error": "bad_client_secret"}
        team, back = self.codes.pop(args["code"], ("", ""))
        if not team or args["redirect_uri"] != back:
            return {"ok": False, "error": "invalid_code"}
        token = f"xoxb-{len(self.given)}-{uuid4().hex}"
        self.tokens[token] = team
        self.given.append(token)
        answer: Call = {
            "ok": True,
            "access_token": token,
            "token_type": "bot",
            "scope": ",".join(SCOPES),
            "bot_user_id": "U0BOT00001" if team == HOME else "U0BOT00002",
            "app_id": "A000000001",
            "team": {"id": team, "name": NAMES[team]},
            "enterprise": None,
            "authed_user": {"id": "U000000009"},
            "is_enterprise_install": False,
        }
        return answer | self.says

    def _answer(self, method: str, team: str, args: Call) -> Call:
        match method:
            case "auth.test":
                return {"ok": True, "team": NAMES[team], "team_id": team, "user": "bot", "user_id": "U0BOT00002"}
            case "users.info":
                user = {"id": args["user"], "name": "olu", "real_name": "Olu", "tz": "Africa/Lagos", "is_admin": True}
                return {"ok": True, "user": user}
            case "chat.postMessage":
                return {"ok": True, "channel": args["channel"], "ts": f"17000000{len(self.calls):02}.000100"}
            case "views.open":
                return {"ok": True, "view": {"id": "V1"}}
        return {"ok": True}

    async def _pass_on(self, request: web.Request, method: str, token: str) -> web.Response:
        head = {"Authorization": f"Bearer {token}", "Content-Type": request.headers.get("Content-Type", "")}
        url = f"{self.peer.base_url}{method}"
        async with (
            ClientSession() as http,
            http.request(request.method, url, params=request.query, data=await request.read(), headers=head) as answer,
        ):
            more = {k: v for k, v in answer.headers.items() if k in ("Retry-After",)}
            return web.json_response(await answer.json(), status=answer.status, headers=more)


@asynccontextmanager
async def front(peer: Any) -> AsyncIterator[Front]:
    played = Front(peer)
    site = web.Application()
    site.add_routes([web.get("/oauth/v2/authorize", played.authorize), web.route("*", "/api/{method}", played.api)])
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    played.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield played
    finally:
        await runner.cleanup()


def command(peer: Any, line: str, team: str = OTHER, user: str = "U000000077", root: str = "/cop") -> Call:
    """Return a slash command typed in a workspace, as Slack sends it."""
    return {
        "command": root,
        "text": line,
        "team_id": team,
        "team_domain": NAMES[team].lower().replace(" ", "-"),
        "channel_id": "C000000077",
        "channel_name": "general",
        "user_id": user,
        "user_name": "olu",
        "api_app_id": "A000000001",
        "token": "x",
        "is_enterprise_install": "false",
        "response_url": peer.response_url(),
        "trigger_id": "1.2.3",
    }


def event(inner: Call, team: str = OTHER, *, at: int) -> Call:
    """Return an event in a workspace, as Slack sends it. `at` is in whole seconds since 1970."""
    bot = {"enterprise_id": None, "team_id": team, "user_id": "U0BOT00002", "is_bot": True}
    return {
        "type": "event_callback",
        "token": "x",
        "team_id": team,
        "api_app_id": "A000000001",
        "event": inner,
        "event_id": f"Ev{uuid4().hex[:9].upper()}",
        "event_time": at,
        "authorizations": [bot] if inner["type"] not in ("app_uninstalled", "tokens_revoked") else [],
    }
