"""Installing the bot with a browser: a person does it for their own workspace, and nobody can do it in their name."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import ClientSession, FormData
from sqlalchemy import Engine, text
from structlog.testing import capture_logs
from yarl import URL

from adapters.slack.manifest import SCOPES, THREAD_SCOPES
from bot.operations.encryption import Locked, TokenCipher, new_key
from tests.adapters.slack.conftest import Peer
from tests.adapters.slack.front import CLIENT, HOME, OTHER, SECRET, Front, front
from tests.adapters.slack.many import Browser, Running, browser, many, state_in
from tests.support.chat import Chat


@pytest.fixture
async def slack_side(peer: Peer) -> AsyncIterator[Front]:
    async with front(peer) as played:
        yield played


@pytest.fixture
async def bot(slack_side: Front, chat: Chat) -> AsyncIterator[Running]:
    async with many(slack_side, chat.app) as running:
        yield running


@pytest.fixture
async def olu(bot: Running) -> AsyncIterator[Browser]:
    async with browser(bot) as somebody:
        yield somebody


@pytest.fixture
async def eve(bot: Running) -> AsyncIterator[Browser]:
    async with browser(bot) as somebody:
        yield somebody


def everything_kept(engine: Engine) -> str:
    """Return every value of every row, as someone with a copy of the database would read it."""
    with engine.connect() as connection:
        names = connection.execute(text("select platform, space, name, locked, bot, scopes from installation"))
        return repr(names.all())


async def test_installer_reads_the_scopes_and_installs(bot: Running, olu: Browser, slack_side: Front) -> None:
    page = await olu.opens(f"{olu.address}/slack/install")
    assert all(scope in page.words and why.partition("'")[0] in page.words for scope, why in SCOPES.items())
    assert "cannot read channels" in page.words
    done = await olu.installs(OTHER)
    assert done.status == 200
    assert "Commonplace is in Second Street" in done.words
    assert "/invite @Commonplace" in done.words
    assert "/cop-admin setup" in done.words
    asked = slack_side.asked[-1]
    assert asked["client_id"] == CLIENT
    assert set(asked["scope"].split(",")) == set(SCOPES)
    found = bot.installations.find(OTHER)
    assert found
    assert found.name == "Second Street"
    assert found.bot == "U0BOT00002"
    assert found.scopes == set(SCOPES)
    assert found.token == slack_side.token_of(OTHER)


async def test_installation_with_threads_asks_for_what_they_take(chat: Chat, slack_side: Front) -> None:
    """And says what Slack then sends the bot."""
    async with many(slack_side, chat.app, threads=True) as bot, browser(bot) as olu:
        page = await olu.opens(f"{olu.address}/slack/install")
        assert all(scope in page.words for scope in (*SCOPES, *THREAD_SCOPES))
        assert "Slack sends it every message of the channels it is in" in page.words
        assert "cannot read channels" not in page.words
        await olu.installs(OTHER)
    assert set(slack_side.asked[-1]["scope"].split(",")) == {*SCOPES, *THREAD_SCOPES}


async def test_token_is_never_readable(
    bot: Running, olu: Browser, slack_side: Front, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in the database, the logs, the page, or a repr; the database has it encrypted."""
    with capture_logs() as lines:
        page = await olu.installs(OTHER)
    [token] = slack_side.given
    found = bot.installations.find(OTHER)
    for place in (
        everything_kept(engine),
        repr(lines),
        caplog.text,
        page.words,
        page.url,
        repr(found),
        f"{page.headers}",
    ):
        assert token not in place
        assert SECRET not in place
    with engine.connect() as connection:
        locked = connection.execute(text("select locked from installation")).scalar_one()
    with pytest.raises(Locked):
        TokenCipher(new_key()).open(locked)
    assert bot.installations.cipher.open(locked) == token


@pytest.mark.parametrize("path", ["/slack/install", "/slack/oauth", "/slack/oauth?error=access_denied"])
async def test_page_runs_nothing_and_is_not_framed_or_cached(olu: Browser, path: str) -> None:
    page = await olu.opens(olu.address + path)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Cache-Control"] == "no-store"
    assert "<script" not in page.words


async def test_cookie_is_for_one_browser_and_ten_minutes(olu: Browser) -> None:
    page = await olu.opens(f"{olu.address}/slack/install")
    cookie = page.headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age=600" in cookie


async def test_cancelling_says_that_nothing_changed(bot: Running, olu: Browser, slack_side: Front) -> None:
    slack_side.cancels = True
    page = await olu.installs()
    assert page.status == 200
    assert "You cancelled" in page.words
    assert bot.installations.every() == ([], [])


async def test_state_works_once(bot: Running, olu: Browser, slack_side: Front) -> None:
    back = await olu.allows(await olu.asks_to_install())
    kept = olu.http.cookie_jar.filter_cookies(URL(olu.address))
    assert (await olu.opens(back)).status == 200
    slack_side.codes[re.findall(r"code=([^&]+)", back)[0]] = (HOME, f"{olu.address}/slack/oauth")
    olu.http.cookie_jar.update_cookies(kept)
    again = await olu.opens(back)
    assert again.status == 400
    assert "It works once" in again.words
    assert len(slack_side.given) == 1


async def test_state_works_in_no_other_browser(bot: Running, olu: Browser, eve: Browser, slack_side: Front) -> None:
    """Eve sends Olu a link that would let the bot into a workspace of Eve's, in Olu's name; or the other way round."""
    back = await eve.allows(await eve.asks_to_install())
    for somebody in (olu, eve):
        # Their own cookie belongs to another ticket.
        await somebody.opens(f"{olu.address}/slack/install")
        page = await somebody.opens(back)
        assert page.status == 400
        assert "the browser where it began" in page.words
    assert slack_side.given == []


async def test_state_works_for_ten_minutes(bot: Running, olu: Browser, chat: Chat) -> None:
    back = await olu.allows(await olu.asks_to_install())
    chat.clock.move(chat.clock.now() + timedelta(minutes=11))
    assert (await olu.opens(back)).status == 400
    assert bot.installations.every() == ([], [])


@pytest.mark.parametrize("state", ["", "x", "gAAAAA", "é", "0" * 5_000])
async def test_forged_state_is_refused(olu: Browser, slack_side: Front, state: str) -> None:
    await olu.asks_to_install()
    page = await olu.opens(f"{olu.address}/slack/oauth?code=x&state={state}")
    assert page.status == 400
    assert slack_side.given == []


async def test_ticket_works_once_and_only_with_its_cookie(bot: Running) -> None:
    """Nor is any other value a ticket that was locked with the same key."""
    sent, kept = bot.installations.ticket()
    assert not bot.installations.redeem(sent, "other")
    assert not bot.installations.redeem(bot.installations.cipher.lock("slack"), kept)
    assert bot.installations.redeem(sent, kept)
    assert not bot.installations.redeem(sent, kept)


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ({"ok": False, "error": "invalid_code"}, "Slack did not confirm"),
        ({"ok": False, "error": "no_scopes"}, "Slack says: no_scopes"),
        ({"ok": False, "error": "<script>alert(1)</script>"}, "Slack did not confirm"),
        ({"is_enterprise_install": True, "team": None}, "One workspace at a time"),
        ({"expires_in": 43_200, "refresh_token": "xoxe-1"}, "not set up rightly"),
        ({"access_token": "xoxp-of-a-person"}, "not set up rightly"),
    ],
)
async def test_refusal_by_slack_is_answered_in_words(
    bot: Running, olu: Browser, slack_side: Front, says: dict[str, object], words: str
) -> None:
    slack_side.says = says
    page = await olu.installs()
    assert page.status == 400
    assert words in page.words
    assert "<script" not in page.words
    assert "Nothing" in page.words or "cannot be installed" in page.words
    assert bot.installations.every() == ([], [])


async def test_unreachable_slack_is_reported(bot: Running, olu: Browser) -> None:
    back = await olu.allows(await olu.asks_to_install())
    bot.slack.client.base_url = "http://127.0.0.1:9/api/"
    page = await olu.opens(back)
    assert page.status == 503
    assert "try again in a minute" in page.words


@pytest.mark.parametrize("asked", ["error=server_error", "error=%3Cb%3E", "", "state=x", "code=x"])
async def test_broken_redirect_is_answered_in_words(olu: Browser, asked: str) -> None:
    """A way back that leads nowhere is answered in words."""
    page = await olu.opens(f"{olu.address}/slack/oauth?{asked}")
    assert page.status == 400
    assert "<b>" not in page.words
    assert "Begin again" in page.words


async def test_foreign_host_name_is_redirected_to_the_public_address(olu: Browser) -> None:
    for path in ("/slack/install", "/slack/oauth?error=access_denied"):
        page = await olu.opens(olu.address + path, Host="evil.example.org")
        assert page.status == 421
        assert "Set-Cookie" not in page.headers


async def test_installation_page_accepts_no_post(olu: Browser) -> None:
    async with ClientSession() as http, http.post(f"{olu.address}/slack/oauth", data=FormData({"a": "b"})) as answer:
        assert answer.status == 405


async def test_reinstallation_keeps_one_row_with_the_new_token(bot: Running, olu: Browser, slack_side: Front) -> None:
    await olu.installs(OTHER)
    page = await olu.installs(OTHER)
    assert page.status == 200
    [only], _shut = bot.installations.every()
    assert only.token == slack_side.given[1]
    assert state_in(await olu.asks_to_install()) != state_in(await olu.asks_to_install())
