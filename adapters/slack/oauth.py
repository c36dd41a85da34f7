"""Installs the bot in a workspace by OAuth: a page that says what it will see, Slack's own page, and the way back.

A ticket travels through Slack as `state` and a cookie keeps its other half, so that only the browser that began an
installation can finish it.
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import structlog
from aiohttp import encode_basic_auth, web
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from adapters.slack import oauth_pages
from adapters.slack.errors import FAULTS, code
from adapters.slack.manifest import SCOPES, THREAD_SCOPES
from adapters.slack.multi_workspace import MultiWorkspace
from bot.i18n import speaking
from bot.operations.installations import VALID, Installed

log = structlog.get_logger(__name__)

INSTALL, OAUTH = "/slack/install", "/slack/oauth"
# The person can simply try again, so the page needs no reason.
ANSWERED = {"invalid_code", "code_already_used", "code_expired"}
# Only what looks like one of Slack's error codes may be shown: anyone can write the address of the way back.
ERROR_CODE = re.compile(r"[a-z_]{1,60}")


class CannotInstall(Exception):
    """Slack's answer can't be used. `page` says so, and the log has the reason for whoever runs the bot."""

    def __init__(self, page: str) -> None:
        super().__init__("cannot install")
        self.page = page


class Door:
    """The two HTTP routes of an installation: INSTALL begins it, and Slack sends the browser back to OAUTH."""

    def __init__(
        self,
        many: MultiWorkspace,
        client: AsyncWebClient,
        *,
        client_id: str,
        client_secret: str,
        address: str,
        root: str,
        threads: bool = False,
    ) -> None:
        """Take `address`, where browsers reach the bot, without a trailing slash, and `root`, its root word.

        With `threads`, workspaces are asked for what it takes to hear replies under the bot's questions.
        """
        self.scopes = SCOPES | (THREAD_SCOPES if threads else {})
        self.many, self.client, self.root = many, client, root
        self.client_id, self.client_secret = client_id, client_secret
        self.address, self.back = URL(address), address + OAUTH
        self.secure = self.address.scheme == "https"
        self.cookie = "__Host-cop-install" if self.secure else "cop-install"

    def routes(self, web_app: web.Application) -> None:
        web_app.router.add_get(INSTALL, self.show)
        web_app.router.add_get(OAUTH, self.come_back)

    async def show(self, request: web.Request) -> web.Response:
        """Show what the bot will see, with a button to Slack's page. Sets the ticket's cookie."""
        with speaking(_language(request)):
            if refused := self._refuse_other_host(request):
                return refused
            state, cookie_value = self.many.installations.ticket()
            answer = oauth_pages.respond(oauth_pages.install(str(self._authorize_url(state)), self.scopes))
        answer.set_cookie(
            self.cookie, cookie_value, max_age=VALID, path="/", secure=self.secure, httponly=True, samesite="Lax"
        )
        return answer

    async def come_back(self, request: web.Request) -> web.Response:
        """Finish an installation when Slack sends the browser back, and delete the ticket's cookie."""
        with speaking(_language(request)):
            if refused := self._refuse_other_host(request):
                return refused
            answer = await self._finish(request.query, request.cookies.get(self.cookie, ""))
        answer.del_cookie(self.cookie, path="/", secure=self.secure, httponly=True, samesite="Lax")
        return answer

    async def _finish(self, query: Mapping[str, str], cookie_value: str) -> web.Response:
        if why := query.get("error", ""):
            if why == "access_denied":
                return oauth_pages.respond(oauth_pages.cancelled())
            return oauth_pages.respond(oauth_pages.not_confirmed(_safe_code(why)), 400)
        state = query.get("state", "")
        if (
            not state
            or not cookie_value
            or not await asyncio.to_thread(self.many.installations.redeem, state, cookie_value)
        ):
            return oauth_pages.respond(oauth_pages.not_yours(), 400)
        if not query.get("code"):
            return oauth_pages.respond(oauth_pages.not_confirmed(""), 400)
        try:
            answer = await self._exchange(query["code"])
            return await self._install(answer)
        except CannotInstall as why_not:
            return oauth_pages.respond(why_not.page, 400)
        except FAULTS as error:
            why = code(error)
            log.warning("Slack did not confirm an installation", error=why or type(error).__name__)
            if not why:
                return oauth_pages.respond(oauth_pages.slack_is_silent(), 503)
            return oauth_pages.respond(oauth_pages.not_confirmed("" if why in ANSWERED else _safe_code(why)), 400)
        except Exception:
            log.exception("an installation failed")
            return oauth_pages.respond(oauth_pages.internal_error(), 500)

    async def _exchange(self, given: str) -> Mapping[str, Any]:
        answer = await self.client.api_call(
            "oauth.v2.access",
            data={"code": given, "redirect_uri": self.back},
            headers={"Authorization": encode_basic_auth(self.client_id, self.client_secret)},
        )
        found: Mapping[str, Any] = answer.data if isinstance(answer.data, dict) else {}
        return found

    async def _install(self, answer: Mapping[str, Any]) -> web.Response:
        team, enterprise = answer.get("team") or {}, answer.get("enterprise") or {}
        if answer.get("is_enterprise_install") or not team.get("id"):
            raise CannotInstall(oauth_pages.whole_organisation())
        token = str(answer.get("access_token") or "")
        if answer.get("expires_in") or answer.get("refresh_token"):
            log.error("token rotation is on for the Slack app; make one anew from cop manifest slack, where it is off")
            raise CannotInstall(oauth_pages.set_up_wrongly())
        if not token.startswith("xoxb-") or not answer.get("bot_user_id"):
            log.error("Slack gave no bot token; compare the app with what cop manifest slack prints")
            raise CannotInstall(oauth_pages.set_up_wrongly())
        new = Installed(
            space=str(team["id"]),
            name=str(team.get("name") or ""),
            bot=str(answer["bot_user_id"]),
            scopes=frozenset(str(answer.get("scope") or "").split(",")),
            token=token,
            at=self.many.installations.app.clock(),
        )
        by = f"{new.space}-{(answer.get('authed_user') or {}).get('id', '')}"
        await asyncio.to_thread(self.many.installations.let_in, new, by=by, enterprise=str(enterprise.get("id") or ""))
        self.many.forget(new.space)
        return oauth_pages.respond(oauth_pages.installed(new.name or new.space, self.root))

    def _authorize_url(self, state: str) -> URL:
        """Return the address of Slack's page, which asks whether to install the bot."""
        asked = {"client_id": self.client_id, "scope": ",".join(self.scopes), "state": state, "redirect_uri": self.back}
        return URL(self.client.base_url).join(URL("/oauth/v2/authorize")).with_query(asked)

    def _refuse_other_host(self, request: web.Request) -> web.Response | None:
        """Refuse a request for another host, so that no other site can make its own name point here (DNS rebinding)."""
        try:
            host = URL(f"//{request.host}").host
        except ValueError:
            host = None
        return None if host == self.address.host else oauth_pages.respond(oauth_pages.elsewhere(str(self.address)), 421)


def _language(request: web.Request) -> str:
    return request.headers.get("Accept-Language", "").partition(",")[0].partition(";")[0].strip()


def _safe_code(why: str) -> str:
    return why if ERROR_CODE.fullmatch(why) else ""
