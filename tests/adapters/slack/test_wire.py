"""The real libraries over a real socket, with Slack's side played by the test kit."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web

from bot.events import Click, Command, HomeOpened, Shortcut, Submission
from bot.platform import Direct, InChannel, InThread, Parcel, TryLater, Unreachable
from bot.ui import (
    Attachment,
    Button,
    ChannelField,
    ChoiceField,
    Facts,
    Form,
    FormErrors,
    Link,
    Message,
    PeopleField,
    Quote,
    Select,
    Text,
    TextField,
    TickField,
    card,
)
from tests.adapters.slack.conftest import Connect, Peer
from tests.adapters.slack.pretend import Pretend

MODES = pytest.mark.parametrize("mode", ["socket", "http"])
ANSWER = Form(
    "rounds.answer",
    "Your answer",
    (
        TextField("body", "What did you try?", long=True, hint="Two lines are plenty"),
        ChoiceField("seen", "Who may see it?", (("all", "Everyone"), ("", "Nobody")), initial="all"),
        TickField("topics", "Topics", (("play", "Play"), ("food", "Food")), initial=("food",)),
        PeopleField("with", "With whom?", required=False, initial=("T000000001-U000000001",)),
        ChannelField("room", "Where?", required=False),
    ),
    value="12:3",
)
CARD = Message(
    title="What did you try?",
    parts=(Text("Closes [x](at:1765000000:full)"), Quote("Silent starts\n*really*"), Facts((("Answers", "0"),))),
    actions=(
        Button("Answer", "rounds.answer", "12:3", "primary"),
        Link("Read more", "https://example.org/a?b=1&c=2"),
        Select("Snooze", "calm.snooze", (("1w", "One week"), ("2w", "Two weeks")), "12:"),
    ),
)


def parcel(to: Any, message: Message = CARD, **more: Any) -> Parcel:
    return Parcel("T000000001", to, message, "ref-1", **more)


@MODES
async def test_a_command_is_acknowledged_heard_whole_and_answered_privately(
    peer: Peer, app: Pretend, connect: Connect, mode: str
) -> None:
    async with connect(mode):
        result = await peer.alice.slash(
            "/cop-facilitate", "checkin open a &lt;b&gt; <@U9|zed> <http://x.org/?a=1&amp;b=2|x.org>", "general"
        )
        assert result["ok"]
        assert result["via"] == mode
        [sent] = await peer.until(lambda: peer.responses)
    [command] = app.heard
    assert isinstance(command, Command)
    assert command.line == "checkin open a <b> <@T000000001-U9> http://x.org/?a=1&b=2"
    assert command.root == "facilitator"
    assert command.place.channel == peer.channels["general"]
    assert command.person.id == f"T000000001-{peer.alice.id}"
    assert sent["body"]["response_type"] == "ephemeral"
    assert sent["body"]["text"] == "Done."


@MODES
async def test_a_form_opens_comes_back_with_its_errors_and_is_then_taken(
    peer: Peer, app: Pretend, connect: Connect, mode: str
) -> None:
    def says(event: Any) -> Any:
        if isinstance(event, Submission):
            short = len(event.answers["body"]) < 5
            return FormErrors(ANSWER, {"body": "Please write more."}, "7") if short else card("Thank you.")
        return ANSWER

    app.says = says
    async with connect(mode):
        await peer.alice.slash("/cop", "answer", "general")
        [opened] = await peer.until(lambda: peer.sent("views.open"))
        assert opened["reply"]["ok"], opened["reply"]
        filled = {"body": "Hm", "seen": "(none)", "topics": ["play", "food"], "with": ["U1", "U2"], "room": "C7"}
        refused = await peer.alice.submit(opened["reply"]["view"], filled)
        assert refused["body"] == {"response_action": "errors", "errors": {"body": "Please write more."}}
        taken = await peer.alice.submit(opened["reply"]["view"], filled | {"body": "Silent starts"})
        assert taken["ok"]
        assert not taken["body"]
        [said] = await peer.until(lambda: peer.sent("chat.postEphemeral"))
    sent = app.heard[-1]
    assert isinstance(sent, Submission)
    assert (sent.form, sent.value) == ("rounds.answer", "12:3")
    assert sent.answers == {
        "body": "Silent starts",
        "seen": "",
        "topics": "play food",
        "with": "T000000001-U1 T000000001-U2",
        "room": "C7",
    }
    assert said["args"]["user"] == peer.alice.id
    assert said["args"]["text"] == "Thank you."
    assert said["reply"]["ok"]
    _no_findings(peer)


async def test_a_slow_answer_to_a_form_is_acknowledged_in_time_and_comes_privately(
    peer: Peer, app: Pretend, connect: Connect
) -> None:
    app.says = lambda event: ANSWER
    async with connect():
        await peer.alice.slash("/cop", "answer", "general")
        [opened] = await peer.until(lambda: peer.sent("views.open"))
        app.says = lambda event: FormErrors(ANSWER, {"body": "Too *short*"}, "7")
        app.may_go_on.clear()
        result = await peer.alice.submit(opened["reply"]["view"], {"body": "x"})
        assert result["ok"]
        assert not result["body"]
        app.may_go_on.set()
        [said] = await peer.until(lambda: peer.sent("chat.postEphemeral"))
    assert "Too" in said["args"]["text"]
    [button] = said["args"]["blocks"][-1]["elements"]
    assert button["action_id"] == "forms.reopen|7"
    _no_findings(peer)


async def test_a_card_is_posted_pressed_chosen_from_and_rewritten(peer: Peer, app: Pretend, connect: Connect) -> None:
    general = peer.channels["general"]
    async with connect() as slack:
        receipt = await slack.deliver(parcel(InChannel(general)))
        [posted] = peer.sent("chat.postMessage")
        assert receipt == f"{general} {posted['reply']['ts']}"
        assert posted["args"]["metadata"]["event_payload"] == {"ref": "ref-1"}
        assert posted["args"]["unfurl_links"] in (False, "0")
        await peer.bob.click(posted["reply"], "rounds.answer|12:3")
        await peer.bob.click(posted["reply"], "calm.snooze|12:", "2w")
        await peer.bob.click(posted["reply"], "slack.link|1")
        await peer.until(lambda: len(peer.responses) == 2)
        assert await slack.deliver(parcel(InThread(receipt), card("Here it is."))) != receipt
        assert await slack.deliver(parcel(InChannel(general), card("Closed."), earlier=receipt)) == receipt
        direct = await slack.deliver(parcel(Direct(f"T000000001-{peer.bob.id}"), card("Just you.")))
        assert direct.startswith("D")
    assert [(e.action, e.value, e.chosen) for e in app.heard if isinstance(e, Click)] == [
        ("rounds.answer", "12:3", ()),
        ("calm.snooze", "12:", ("2w",)),
    ]
    assert peer.sent("chat.postMessage")[1]["args"]["thread_ts"] == posted["reply"]["ts"]
    assert peer.sent("chat.update")[0]["args"]["text"] == "Closed."
    _no_findings(peer)


async def test_a_private_card_gives_its_place_to_the_next_one_but_a_public_card_never_does(
    peer: Peer, app: Pretend, connect: Connect
) -> None:
    app.says = lambda event: Message(parts=(Text("Only for you."),), replace=True)
    async with connect() as slack:
        await slack.deliver(parcel(InChannel(peer.channels["general"])))
        await slack.deliver(parcel(Direct(f"T000000001-{peer.bob.id}")))
        public, private = [c["reply"] for c in peer.sent("chat.postMessage")]
        await peer.bob.click(public, "rounds.answer|12:3")
        await peer.until(lambda: len(peer.responses) == 1)
        await peer.bob.click(private, "rounds.answer|12:3")
        await peer.until(lambda: len(peer.responses) == 2)
    assert [r["body"]["replace_original"] for r in peer.responses] == [False, True]


async def test_a_message_shortcut_carries_what_was_written_and_where(
    peer: Peer, app: Pretend, connect: Connect
) -> None:
    async with connect():
        written = await peer.bob.post("Look: <https://example.org|example.org> &amp; more", "dev")
        await peer.alice.shortcut("resources.save", written)
        await peer.until(lambda: app.heard)
    [saved] = app.heard
    assert isinstance(saved, Shortcut)
    assert (saved.name, saved.text) == ("resources.save", "Look: https://example.org & more")
    stamp = written["ts"].replace(".", "")
    assert saved.link == f"https://peer.slack.com/archives/{peer.channels['dev']}/p{stamp}"


@MODES
async def test_only_what_is_said_to_the_bot_is_heard_and_only_once(
    peer: Peer, app: Pretend, connect: Connect, mode: str
) -> None:
    async with connect(mode):
        await peer.bob.post("just talking among ourselves", "general")
        await peer.bob.post("<@U0BOT00001> find retros", "general")
        await peer.until(lambda: app.heard)
        await peer.alice.dm("help")
        await peer.until(lambda: len(app.heard) == 2)
        [mention] = [d for d in peer.deliveries if d["payload"].get("event", {}).get("type") == "app_mention"]
        await peer.send(mention["payload"], retry=1)
        await peer.until(lambda: len(app.heard) == 3)
    first, direct, again = app.heard
    assert isinstance(first, Command)
    assert isinstance(direct, Command)
    assert isinstance(again, Command)
    assert (first.line, first.root, first.place.direct) == ("find retros", "", False)
    assert (direct.line, direct.root, direct.place.direct) == ("help", "", True)
    assert again.once == first.once != ""  # the core drops it
    assert peer.sent("chat.postEphemeral")[0]["args"]["user"] == peer.bob.id
    assert peer.sent("chat.postMessage")[0]["reply"]["ok"]


async def test_a_form_that_a_mention_asks_for_opens_from_a_button(peer: Peer, app: Pretend, connect: Connect) -> None:
    app.says = lambda event: ANSWER
    async with connect():
        await peer.alice.dm("answer now|please")
        [offered] = await peer.until(lambda: peer.sent("chat.postMessage"))
        await peer.alice.click(offered["reply"], "slack.again")
        [opened] = await peer.until(lambda: peer.sent("views.open"))
    assert opened["reply"]["ok"]
    assert [e.line for e in app.heard if isinstance(e, Command)] == ["answer now|please"] * 2
    _no_findings(peer)


async def test_the_home_page_is_drawn_when_it_is_opened_and_after_a_click_on_it(
    peer: Peer, app: Pretend, connect: Connect
) -> None:
    page = card("Nothing is open.", title="Home", actions=(Button("Snooze", "calm.snooze", "12:"),))
    app.says = lambda event: page if isinstance(event, HomeOpened) else card("Snoozed.")
    async with connect():
        await peer.alice.open_home("messages")
        await peer.alice.open_home()
        [shown] = await peer.until(lambda: peer.sent("views.publish"))
        await peer.alice.click({"id": "V1", **shown["args"]["view"]}, "calm.snooze|12:")
        await peer.until(lambda: len(peer.sent("views.publish")) == 2)
        [said] = peer.sent("chat.postMessage")
    assert [type(e) for e in app.heard] == [HomeOpened, Click, HomeOpened]
    assert said["args"]["channel"] == peer.alice.id
    _no_findings(peer)


async def test_a_file_goes_with_its_card_and_an_export_comes_by_direct_message(
    peer: Peer, app: Pretend, connect: Connect
) -> None:
    export = Message(parts=(Text("Your data."),), attachment=Attachment("you.json", '{"a": "é"}'))
    app.says = lambda event: export
    async with connect() as slack:
        await slack.deliver(parcel(InChannel(peer.channels["general"]), export))
        await peer.alice.slash("/cop", "data download", "general")
        await peer.until(lambda: len(peer.sent("files.completeUploadExternal")) == 2)
        await peer.until(lambda: peer.responses)
    first, second = peer.sent("files.completeUploadExternal")
    assert first["reply"]["ok"]
    assert second["reply"]["ok"], second["reply"]
    assert second["args"]["channel_id"].startswith("D")
    assert "direct message" in peer.responses[0]["body"]["text"]
    _no_findings(peer)


@pytest.mark.parametrize("trap", ["refused", "elsewhere"])
async def test_a_file_that_slack_will_not_take_is_sent_as_words_and_nobody_else_is_contacted(
    peer: Peer, connect: Connect, trap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.voice.GAP", 0.0)
    body = {"ok": False, "error": "file_uploads_disabled"}
    if trap == "elsewhere":
        body = {"ok": True, "upload_url": "http://files.example.org/up", "file_id": "F1"}
    async with connect() as slack:
        peer.fault("files.getUploadURLExternal", status=200, body=body)
        text = "<!channel> *row*\n" * 800
        whole = Message(parts=(Text("All of it."),), attachment=Attachment("all.csv", text))
        await slack.deliver(parcel(Direct(f"T000000001-{peer.bob.id}"), whole))
    pieces = peer.sent("chat.postMessage")[1:]
    blocks = [b for call in pieces for b in call["args"]["blocks"]]
    assert "".join(b["elements"][0]["elements"][0]["text"] for b in blocks) == text
    assert not peer.sent("files.completeUploadExternal")
    _no_findings(peer)


async def test_being_told_to_wait_or_that_it_is_in_vain(peer: Peer, connect: Connect) -> None:
    to = InChannel(peer.channels["dev"])
    async with connect() as slack:
        peer.fault("chat.postMessage", headers={"Retry-After": "7"})
        with pytest.raises(TryLater) as told:
            await slack.deliver(parcel(to))
        assert (told.value.after, told.value.whole_lane) == (7.0, False)
        peer.fault("chat.postMessage", status=502, body={})
        with pytest.raises(TryLater):
            await slack.deliver(parcel(to))
        receipt = await slack.deliver(parcel(to))
        peer.fault("chat.update", headers={"Retry-After": "3"})
        with pytest.raises(TryLater) as told:
            await slack.deliver(parcel(to, earlier=receipt))
        assert told.value.whole_lane
        for error, why in (
            ("channel_not_found", "channel gone"),
            ("not_in_channel", "not in the channel"),
            ("token_revoked", "removed from the space"),
            ("restricted_action_read_only_channel", "no permission"),
            ("msg_too_long", "refused"),
        ):
            peer.fault("chat.postMessage", status=200, body={"ok": False, "error": error})
            with pytest.raises(Unreachable) as gone:
                await slack.deliver(parcel(to))
            assert gone.value.why == why
        peer.fault("chat.postMessage", status=200, body={"ok": False, "error": "channel_not_found"})
        with pytest.raises(Unreachable) as gone:
            await slack.deliver(parcel(Direct("T000000001-U404")))
        assert gone.value.why == "person gone"
        with pytest.raises(Unreachable) as gone:
            await slack.deliver(parcel(InChannel(peer.channels["secret"])))
    assert len(peer.sent("chat.postMessage")) == 10  # never tried twice by itself


async def test_where_slack_is_slow_to_say_who_somebody_is_nothing_waits_for_it(
    peer: Peer, app: Pretend, connect: Connect
) -> None:
    app.says = lambda event: ANSWER
    await peer.as_user("users.profile.set", profile={"display_name": "Alice the Great"})
    async with connect() as slack, slow_road(peer, "users.info", 1.5) as address:
        slack.client.base_url = address
        await peer.alice.slash("/cop", "answer", "general")
        [opened] = await peer.until(lambda: peer.sent("views.open"))
        assert opened["reply"]["ok"]
        await peer.until(lambda: peer.sent("users.info"))
        await peer.alice.slash("/cop", "answer", "general")
        await peer.until(lambda: len(peer.sent("views.open")) == 2)
    first, second = app.heard
    assert isinstance(first, Command)
    assert isinstance(second, Command)
    assert (first.person.name, second.person.name) == ("alice", "Alice the Great")
    assert len(peer.sent("users.info")) == 1


async def test_a_change_of_profile_is_heard(peer: Peer, app: Pretend, connect: Connect) -> None:
    async with connect():
        await peer.alice.slash("/cop", "home")
        await peer.until(lambda: app.heard)
        user = {"id": peer.alice.id, "tz": "Asia/Tokyo", "is_admin": True, "profile": {"display_name": "Al"}}
        event = {"type": "user_change", "user": user, "event_ts": "1.1"}
        await peer.send({"type": "event_callback", "team_id": "T000000001", "event_id": "Ev1", "event": event})
        await peer.alice.slash("/cop", "home")
        await peer.until(lambda: len(app.heard) == 2)
    second = app.heard[1]
    assert isinstance(second, Command)
    assert (second.person.name, second.person.zone, second.person.can_manage) == ("Al", "Asia/Tokyo", True)


@MODES
async def test_every_recorded_request_is_acknowledged_and_nothing_breaks(
    peer: Peer, app: Pretend, connect: Connect, mode: str, shared: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app.says = lambda event: ANSWER if isinstance(event, Command | Shortcut) else CARD
    with caplog.at_level(logging.WARNING):
        async with connect(mode):
            results = await peer.replay(shared / "payloads/slack")
            local = await peer.replay(shared / "payloads/slack", local=True)
    assert len(results) == 68
    assert [name for name, r in {**results, **local}.items() if not r["ok"]] == []
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR or r.exc_info] == []
    assert app.heard


async def test_forged_stale_huge_and_broken_requests_are_turned_away(
    peer: Peer, app: Pretend, connect: Connect
) -> None:
    async with connect("http"):
        for name, value in (("secret", "wrong"), ("clock_skew", 600)):
            good = getattr(peer, name)
            setattr(peer, name, value)
            assert (await peer.alice.slash("/cop"))["status"] == 401
            setattr(peer, name, good)
        head = {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=00"}
        async with ClientSession() as http:
            for body, status in ((b"{", 401), (b"ssl_check=1&command=/cop", 401), (b"x" * (2**20 + 1), 413)):
                async with http.post(peer.bot_url, data=io.BytesIO(body)) as answer:
                    assert answer.status == status
            async with http.post(peer.bot_url, data=b"{}", headers=head) as answer:
                assert answer.status == 400
        assert app.heard == []
        assert (await peer.alice.slash("/cop"))["status"] == 200


async def test_a_lost_connection_comes_back(peer: Peer, app: Pretend, connect: Connect) -> None:
    async with connect() as slack:
        await peer.disconnect("refresh_requested")
        await peer.until(lambda: len(peer.sent("apps.connections.open")) == 2, 15)
        await peer.until(lambda: slack.ready and peer._sockets, 15)
        await peer.alice.slash("/cop", "home")
        await peer.until(lambda: app.heard)
    assert not slack.ready


async def test_the_doctor_finds_what_is_wrong(peer: Peer, connect: Connect) -> None:
    async with connect() as slack:
        assert [c.ok for c in await slack.diagnose()] == [True, True, True]
        slack.client.token, slack.app_token = "xoxb-other", "xoxb-mixed-up"
        token, socket = await slack.diagnose()
    assert not token.ok
    assert "invalid_auth" in token.says
    assert not socket.ok
    assert "xapp-" in socket.fix


async def test_a_refused_bot_token_ends_the_run_with_the_reason(peer: Peer, connect: Connect) -> None:
    async with connect() as slack:
        slack.client.token, slack.bot = "xoxb-other", ""
        with pytest.raises(Unreachable, match="removed from the space"):
            await slack._sign_in()


@asynccontextmanager
async def slow_road(peer: Peer, slow: str, seconds: float) -> AsyncIterator[str]:
    """A way to Slack on which one method takes its time."""

    async def forward(request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if method == slow:
            await asyncio.sleep(seconds)
        head = {k: v for k, v in request.headers.items() if k in ("Authorization", "Content-Type")}
        there = f"{peer.base_url}{method}?{request.query_string}"
        async with (
            ClientSession() as http,
            http.request(request.method, there, headers=head, data=await request.read()) as answer,
        ):
            return web.json_response(await answer.json(), status=answer.status)

    site = web.Application()
    site.router.add_route("*", "/api/{method}", forward)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()


def _no_findings(peer: Peer) -> None:
    from adapters.slack.manifest import SCOPES
    from peers.slack.validate_calls import check_calls, missing_scopes

    assert check_calls(peer.calls) == []
    assert missing_scopes(peer.calls, list(SCOPES)) == []
