"""Connecting to Slack, reconnecting, and accepting requests from Slack only."""

import io
import time

import pytest
from aiohttp import ClientSession, web

from adapters.slack.adapter import Slack
from bot.core.platform import ConfigurationError, ConnectedChannel
from tests.adapters.slack.conftest import Connect, Peer
from tests.adapters.slack.pretend import Pretend, no_findings


async def test_forged_stale_huge_and_broken_requests_are_refused(peer: Peer, app: Pretend, connect: Connect) -> None:
    async with connect("http"):
        for name, value in (("secret", "wrong"), ("clock_skew", 600)):
            good = getattr(peer, name)
            setattr(peer, name, value)
            assert (await peer.alice.slash("/cop"))["status"] == 401
            setattr(peer, name, good)
        times = ("soon", "9" * 400, "9" * 5_000, "-1", "1e400", "٣")
        heads = [{"X-Slack-Request-Timestamp": sent, "X-Slack-Signature": "v0=00"} for sent in times]
        async with ClientSession() as http:
            for body, status in ((b"{", 401), (b"ssl_check=1&command=/cop", 401), (b"x" * (2**20 + 1), 413)):
                async with http.post(peer.bot_url, data=io.BytesIO(body)) as answer:
                    assert answer.status == status
            now = {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=é"}
            for headers in (*heads, now):
                async with http.post(peer.bot_url, data=b"{}", headers=headers) as answer:
                    assert answer.status == 400
        assert app.events == []
        assert (await peer.alice.slash("/cop"))["status"] == 200


async def test_lost_connection_is_restored(peer: Peer, app: Pretend, connect: Connect) -> None:
    async with connect() as slack:
        await peer.disconnect("refresh_requested")
        await peer.until(lambda: len(peer.sent("apps.connections.open")) == 2, 15)
        await peer.until(lambda: slack.ready and peer._sockets, 15)
        await peer.alice.slash("/cop", "home")
        await peer.until(lambda: app.events)
    assert not slack.ready


async def test_doctor_finds_what_is_wrong(peer: Peer, connect: Connect) -> None:
    async with connect() as slack:
        assert [c.ok for c in await slack.diagnose()] == [True, True, True]
        assert slack.socket
        slack.client.token, slack.socket.app_token = "xoxb-other", "xoxb-mixed-up"
        token, socket = await slack.diagnose()
    assert not token.ok
    assert "invalid_auth" in token.says
    assert not socket.ok
    assert "xapp-" in socket.fix


@pytest.mark.parametrize(("refused", "name"), [("bot_token", "SLACK_BOT_TOKEN"), ("app_token", "SLACK_APP_TOKEN")])
async def test_refused_token_ends_the_run_and_is_named(peer: Peer, app: Pretend, refused: str, name: str) -> None:
    env = peer.env()
    good = {"bot_token": env["SLACK_BOT_TOKEN"], "app_token": env["SLACK_APP_TOKEN"]}
    slack = Slack(app, **{**good, refused: "xoxb-wrong"}, base_url=peer.base_url)
    with pytest.raises(ConfigurationError, match=name):
        await slack.run()
    assert not slack.ready


async def test_bot_waits_for_an_unreachable_slack(peer: Peer, connect: Connect) -> None:
    peer.fault("auth.test", headers={"Retry-After": "1"})
    async with connect() as slack:
        assert slack.ready
    assert [c["status"] for c in peer.sent("auth.test")] == [429, 200]


async def test_http_is_not_served_without_a_signing_secret(app: Pretend) -> None:
    with pytest.raises(ValueError, match="SLACK_SIGNING_SECRET"):
        Slack(app, bot_token="xoxb-x").routes(web.Application())


async def test_doctor_finds_channels_where_the_bot_cannot_post(peer: Peer, connect: Connect) -> None:
    """Before any message fails there, and without a message that anybody sees."""
    dev, secret, gone = peer.channels["dev"], peer.channels["secret"], "C0GONE0001"
    places = {"general": peer.channels["general"], "dev": dev, "secret": secret, "gone": gone}
    connected = [ConnectedChannel("T000000001", id, name) for name, id in places.items()]
    async with connect() as slack:
        shut_out, missing = await slack.find_unreachable(connected)
        assert (await peer.alice.call("conversations.archive", channel=dev))["ok"]
        archived, *_others = await slack.find_unreachable(connected)
    assert not shut_out.ok
    assert shut_out.name == "Channel of secret on Slack"
    assert f"I’m not in {secret}, or it was deleted" in shut_out.says
    assert gone in missing.says
    assert archived.says == f"{dev} is archived."
    assert "channel bind" in archived.fix
    assert peer.sent("chat.postMessage") == []
    no_findings(peer)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("restricted_action", "not allowed to post"),
        ("channel_not_found", "not in"),
        ("is_archived", "archived"),
        ("ratelimited", ""),
        ("user_is_bot", ""),
        ("user_not_in_channel", ""),
        ("fatal_error", ""),
    ],
)
async def test_doctor_reports_a_channel_only_if_slack_says_so(
    peer: Peer, connect: Connect, error: str, says: str
) -> None:
    peer.fault("chat.postEphemeral", status=200, body={"ok": False, "error": error})
    async with connect() as slack:
        found = await slack.find_unreachable([ConnectedChannel("T000000001", peer.channels["general"], "Mentors")])
    assert [says in check.says for check in found] == ([True] if says else [])
