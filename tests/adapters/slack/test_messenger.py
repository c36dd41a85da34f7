"""Deliveries: cards, threads, direct messages, and files, and what happens when Slack refuses them."""

from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.parse import ReplyTarget
from bot.core.events import Click
from bot.core.platform import DirectMessage, InChannel, InThread, MessageGone, RetryAfter, TokenRefused, Undeliverable
from bot.ui import Attachment, Message, Text, card
from tests.adapters.slack.conftest import Connect, Peer, the_one
from tests.adapters.slack.pretend import Pretend, delivery, no_findings


async def test_card_is_posted_clicked_and_rewritten(peer: Peer, app: Pretend, connect: Connect) -> None:
    general = peer.channels["general"]
    async with connect() as slack:
        receipt = await slack.deliver(delivery(InChannel(general)))
        [posted] = peer.sent("chat.postMessage")
        assert receipt == f"{general} {posted['reply']['ts']}"
        assert posted["args"]["metadata"]["event_payload"] == {"ref": "ref-1"}
        assert posted["args"]["unfurl_links"] in (False, "0")
        await peer.bob.click(posted["reply"], "rounds.answer|12:3")
        await peer.bob.click(posted["reply"], "calm.snooze|12:", "2w")
        await peer.bob.click(posted["reply"], "slack.link|1")
        await peer.until(lambda: len(peer.responses) == 2)
        assert await slack.deliver(delivery(InThread(receipt), card("Here it is."))) != receipt
        await slack.deliver(delivery(InThread(receipt, broadcast=True), card("Tomorrow.")))
        assert await slack.deliver(delivery(InChannel(general), card("Closed."), replaces=receipt)) == receipt
        direct = await slack.deliver(delivery(DirectMessage(f"T000000001-{peer.bob.id}"), card("Just you.")))
        assert direct.startswith("D")
    assert [(e.action, e.value, e.chosen) for e in app.events if isinstance(e, Click)] == [
        ("rounds.answer", "12:3", ()),
        ("calm.snooze", "12:", ("2w",)),
    ]
    under = [call["args"] for call in peer.sent("chat.postMessage")[1:3]]
    assert [args["thread_ts"] for args in under] == [posted["reply"]["ts"]] * 2
    assert [args["reply_broadcast"] for args in under] == [False, True]
    assert peer.sent("chat.update")[0]["args"]["text"] == "Closed."
    no_findings(peer)


async def test_file_goes_with_its_card_and_an_export_by_direct_message(
    peer: Peer, app: Pretend, connect: Connect
) -> None:
    """A delivery's file is in the thread of its card; an export goes to the person who asked."""
    export = Message(parts=(Text("Your data."),), attachment=Attachment("you.json", '{"a": "é"}'))
    app.says = lambda event: export
    async with connect() as slack:
        await slack.deliver(delivery(InChannel(peer.channels["general"]), export))
        await peer.alice.slash("/cop", "data download", "general")
        await peer.until(lambda: len(peer.sent("files.completeUploadExternal")) == 2)
        await peer.until(lambda: peer.responses)
    first, second = peer.sent("files.completeUploadExternal")
    assert first["reply"]["ok"]
    assert second["reply"]["ok"], second["reply"]
    assert second["args"]["channel_id"].startswith("D")
    assert "direct message" in peer.responses[0]["body"]["text"]
    no_findings(peer)


@pytest.mark.parametrize("trap", ["refused", "elsewhere"])
async def test_refused_file_is_sent_as_text_to_nobody_else(
    peer: Peer, connect: Connect, trap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that Slack refuses is sent as messages, and no other server is contacted."""
    monkeypatch.setattr("adapters.slack.messenger.GAP", 0.0)
    body = {"ok": False, "error": "file_uploads_disabled"}
    if trap == "elsewhere":
        body = {"ok": True, "upload_url": "http://files.example.org/up", "file_id": "F1"}
    async with connect() as slack:
        peer.fault("files.getUploadURLExternal", status=200, body=body)
        text = "<!channel> *row*\n" * 800
        whole = Message(parts=(Text("All of it."),), attachment=Attachment("all.csv", text))
        await slack.deliver(delivery(DirectMessage(f"T000000001-{peer.bob.id}"), whole))
    pieces = peer.sent("chat.postMessage")[1:]
    blocks = [b for call in pieces for b in call["args"]["blocks"]]
    assert "".join(b["elements"][0]["elements"][0]["text"] for b in blocks) == text
    assert not peer.sent("files.completeUploadExternal")
    no_findings(peer)


async def test_retry_after_and_undeliverable_are_told_apart(peer: Peer, connect: Connect) -> None:
    """A limited post waits alone, a limited update holds up its lane, and refusals name their reason."""
    to = InChannel(peer.channels["dev"])
    async with connect() as slack:
        peer.fault("chat.postMessage", headers={"Retry-After": "7"})
        with pytest.raises(RetryAfter) as told:
            await slack.deliver(delivery(to))
        assert (told.value.after, told.value.whole_lane) == (7.0, False)
        peer.fault("chat.postMessage", status=502, body={})
        with pytest.raises(RetryAfter):
            await slack.deliver(delivery(to))
        receipt = await slack.deliver(delivery(to))
        peer.fault("chat.update", headers={"Retry-After": "3"})
        with pytest.raises(RetryAfter) as told:
            await slack.deliver(delivery(to, replaces=receipt))
        assert told.value.whole_lane
        for error, why in (
            ("channel_not_found", "channel gone"),
            ("not_in_channel", "not in the channel"),
            ("team_not_found", "removed from the space"),
            ("restricted_action_read_only_channel", "no permission"),
            ("msg_too_long", "refused"),
        ):
            peer.fault("chat.postMessage", status=200, body={"ok": False, "error": error})
            with pytest.raises(Undeliverable) as gone:
                await slack.deliver(delivery(to))
            assert gone.value.why == why
        peer.fault("chat.postMessage", status=200, body={"ok": False, "error": "channel_not_found"})
        with pytest.raises(Undeliverable) as gone:
            await slack.deliver(delivery(DirectMessage("T000000001-U404")))
        assert gone.value.why == "person gone"
        with pytest.raises(Undeliverable) as gone:
            await slack.deliver(delivery(InChannel(peer.channels["secret"])))
    # None is retried by the library.
    assert len(peer.sent("chat.postMessage")) == 10


async def test_deleted_message_and_thread_are_told_apart_from_the_channel(peer: Peer, connect: Connect) -> None:
    general = peer.channels["general"]
    async with connect() as slack:
        receipt = await slack.deliver(delivery(InChannel(general)))
        await slack.client.chat_delete(channel=general, ts=receipt.split(" ")[1])
        with pytest.raises(MessageGone):
            await slack.deliver(delivery(InChannel(general), replaces=receipt))
        peer.fault("chat.postMessage", status=200, body={"ok": False, "error": "thread_not_found"})
        with pytest.raises(MessageGone):
            await slack.deliver(delivery(InThread(receipt), card("Under it.")))


@pytest.mark.parametrize("why", ["token_expired", "account_inactive", "app_uninstalled"])
async def test_refused_token_makes_it_unready_until_slack_accepts_it(
    peer: Peer, connect: Connect, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    """Nothing is sent with it meanwhile, and Slack is asked."""
    monkeypatch.setattr("bot.operations.token_state.FIRST_WAIT", 0.3)
    refusal = {"ok": False, "error": why}
    to = InChannel(peer.channels["general"])
    async with connect() as slack:
        peer.fault("chat.postMessage", status=200, body=refusal)
        peer.fault("auth.test", status=200, body=refusal)
        with pytest.raises(TokenRefused) as told:
            await slack.deliver(delivery(to))
        assert told.value.whole_lane
        assert not slack.ready
        with pytest.raises(TokenRefused):
            await slack.deliver(delivery(to))
        assert len(peer.sent("chat.postMessage")) == 1
        await peer.until(lambda: slack.ready)
        assert await slack.deliver(delivery(to))
        assert why in [call["reply"].get("error") for call in peer.sent("auth.test")]


async def test_event_of_a_removal_is_checked_with_slack(
    peer: Peer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be late news, and the bot be installed again."""
    monkeypatch.setattr("bot.operations.token_state.FIRST_WAIT", 60.0)
    now = datetime.now(UTC)
    async with connect() as slack:
        await slack.workspaces.taken_out("T000000001", now)
        assert slack.ready
        peer.fault("auth.test", status=200, body={"ok": False, "error": "account_inactive"})
        await slack.workspaces.taken_out("T000000001", now)
        assert not slack.ready


async def test_private_answer_comes_later_when_slack_says_to_wait(peer: Peer, app: Pretend, connect: Connect) -> None:
    """It isn't sent another way meanwhile, and comes once."""
    async with connect() as slack:
        await the_one(slack).messenger.answer(card("Warm."), ReplyTarget(peer.bob.id, peer.channels["general"]))
        before = len(peer.sent("chat.postMessage"))
        peer.fault("chat.postEphemeral", headers={"Retry-After": "1"}, times=2)
        await the_one(slack).messenger.answer(card("Here."), ReplyTarget(peer.bob.id, peer.channels["general"]))
        peer.fault("views.publish", headers={"Retry-After": "1"})
        await the_one(slack).messenger.show_home(peer.bob.id, card("Home."))
        assert len(peer.sent("chat.postMessage")) == before
    assert [call["status"] for call in peer.sent("chat.postEphemeral")] == [200, 429, 429, 200]
    assert [call["status"] for call in peer.sent("views.publish")] == [429, 200]
    no_findings(peer)


async def test_address_for_answers_is_used_again_when_slack_says_to_wait(peer: Peer, connect: Connect) -> None:
    statuses = [429, 429, 200]

    async def respond(request: web.Request) -> web.Response:
        return web.Response(status=statuses.pop(0), headers={"Retry-After": "0.1"})

    site = web.Application()
    site.router.add_post("/answers", respond)
    async with TestServer(site) as server, connect() as slack:
        back = ReplyTarget(peer.bob.id, peer.channels["general"], response_url=str(server.make_url("/answers")))
        await the_one(slack).messenger.answer(card("Here."), back)
    assert statuses == []
    assert peer.sent("chat.postEphemeral") == []


async def test_answer_is_given_up_when_it_would_come_too_late(peer: Peer, connect: Connect) -> None:
    """Somebody who clicked is not answered an hour later; what Slack still takes is tried at once."""
    async with connect() as slack:
        peer.fault("chat.postEphemeral", headers={"Retry-After": "3600"})
        await the_one(slack).messenger.answer(card("Here."), ReplyTarget(peer.bob.id, peer.channels["general"]))
    assert [call["args"]["channel"] for call in peer.sent("chat.postMessage")] == [peer.bob.id]
