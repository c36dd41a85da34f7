"""The adapter with the real libraries over a real socket, against the test kit's stand-in for Slack."""

import logging
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture
from structlog.testing import capture_logs

from adapters.slack import handlers, user_cache
from bot.core.events import Click, Command, HomeOpened, Shortcut, Submission
from bot.core.platform import DirectMessage, InChannel
from bot.ui import (
    Button,
    DateField,
    Form,
    FormErrors,
    Message,
    NextForm,
    NumberField,
    Text,
    card,
)
from tests.adapters.slack.conftest import Connect, Peer
from tests.adapters.slack.pretend import ANSWER, CARD, MODES, Pretend, delivery, no_findings
from tests.adapters.slack.slow_road import slow_road


@MODES
async def test_command_is_acknowledged_parsed_whole_and_answered_privately(
    peer: Peer, app: Pretend, connect: Connect, mode: str
) -> None:
    async with connect(mode):
        result = await peer.alice.slash(
            "/cop-facilitate", "checkin open a &lt;b&gt; <@U9|zed> <http://x.org/?a=1&amp;b=2|x.org>", "general"
        )
        assert result["ok"]
        assert result["via"] == mode
        [sent] = await peer.until(lambda: peer.responses)
    [command] = app.events
    assert isinstance(command, Command)
    assert command.line == "checkin open a <b> <@T000000001-U9> http://x.org/?a=1&b=2"
    assert command.root == "facilitator"
    assert command.place.channel == peer.channels["general"]
    assert command.person.id == f"T000000001-{peer.alice.id}"
    assert sent["body"]["response_type"] == "ephemeral"
    assert sent["body"]["text"] == "Done."


@MODES
@pytest.mark.usefixtures("patience")
async def test_form_with_errors_is_corrected_and_accepted(
    peer: Peer, app: Pretend, connect: Connect, mode: str
) -> None:
    """A form opens, comes back with its errors marked, and is accepted once corrected."""

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
    sent = app.events[-1]
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
    no_findings(peer)


@MODES
@pytest.mark.usefixtures("patience")
async def test_form_goes_on_in_the_same_window(peer: Peer, app: Pretend, connect: Connect, mode: str) -> None:
    """Its fields have names of their own, since Slack fills in again what was typed under a name before."""
    fields = (NumberField("shifts", "Shifts?"), DateField("walk", "When?"))
    second = Form("rounds.answer", "Read by only you", fields, value="12:3")
    app.says = lambda event: NextForm(second, card("Kept.")) if isinstance(event, Submission) else ANSWER
    async with connect(mode):
        await peer.alice.slash("/cop", "answer", "general")
        [opened] = await peer.until(lambda: peer.sent("views.open"))
        went_on = await peer.alice.submit(opened["reply"]["view"], {"body": "Silent starts"})
        assert went_on["body"]["response_action"] == "update"
        view = went_on["body"]["view"]
        assert [block["element"]["type"] for block in view["blocks"]] == ["number_input", "datepicker"]
        assert view["private_metadata"] == f"{peer.channels['general']}|12:3"
    assert peer.sent("chat.postEphemeral") == []
    no_findings(peer)


def test_form_is_acknowledged_before_slack_gives_it_up(shared: Path) -> None:
    from peers.slack import hub

    assert handlers.ACCEPT_TIMEOUT < handlers.ACK_TIMEOUT <= hub.ACK_SECONDS - 0.5


async def test_slow_answer_to_a_form_is_acknowledged_in_time_and_comes_privately(
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
    no_findings(peer)


async def test_private_card_is_replaced_by_the_next_and_a_public_one_is_not(
    peer: Peer, app: Pretend, connect: Connect
) -> None:
    app.says = lambda event: Message(parts=(Text("Only for you."),), replace=True)
    async with connect() as slack:
        await slack.deliver(delivery(InChannel(peer.channels["general"])))
        await slack.deliver(delivery(DirectMessage(f"T000000001-{peer.bob.id}")))
        public, private = [c["reply"] for c in peer.sent("chat.postMessage")]
        await peer.bob.click(public, "rounds.answer|12:3")
        await peer.until(lambda: len(peer.responses) == 1)
        await peer.bob.click(private, "rounds.answer|12:3")
        await peer.until(lambda: len(peer.responses) == 2)
    assert [r["body"]["replace_original"] for r in peer.responses] == [False, True]


async def test_answer_to_a_form_comes_directly_where_the_bot_is_no_member(
    peer: Peer, app: Pretend, connect: Connect
) -> None:
    """Where the bot isn't in the channel, the answer comes in a direct message."""
    app.says = lambda event: card("Thank you.") if isinstance(event, Submission) else ANSWER
    async with connect():
        await peer.alice.slash("/cop", "answer", "secret")
        [opened] = await peer.until(lambda: peer.sent("views.open"))
        await peer.alice.submit(opened["reply"]["view"], {"body": "Silent starts"})
        [said] = await peer.until(lambda: peer.sent("chat.postMessage"))
    assert said["args"]["channel"] == peer.alice.id
    assert not peer.sent("chat.postEphemeral")[0]["reply"]["ok"]


async def test_message_shortcut_carries_words_and_link(peer: Peer, app: Pretend, connect: Connect) -> None:
    async with connect():
        written = await peer.bob.post("Look: <https://example.org|example.org> &amp; more", "dev")
        await peer.alice.shortcut("resources.save", written)
        await peer.until(lambda: app.events)
    [saved] = app.events
    assert isinstance(saved, Shortcut)
    assert (saved.name, saved.text) == ("resources.save", "Look: https://example.org & more")
    stamp = written["ts"].replace(".", "")
    assert saved.link == f"https://peer.slack.com/archives/{peer.channels['dev']}/p{stamp}"


@MODES
async def test_only_messages_to_the_bot_are_handled_and_once(
    peer: Peer, app: Pretend, connect: Connect, mode: str
) -> None:
    async with connect(mode):
        await peer.bob.post("just talking among ourselves", "general")
        await peer.bob.post("<@U0BOT00001> find retros", "general")
        await peer.until(lambda: app.events)
        await peer.alice.dm("help")
        await peer.until(lambda: len(app.events) == 2)
        [mention] = [d for d in peer.deliveries if d["payload"].get("event", {}).get("type") == "app_mention"]
        await peer.send(mention["payload"], retry=1)
        await peer.until(lambda: len(app.events) == 3)
    first, direct, again = app.events
    assert isinstance(first, Command)
    assert isinstance(direct, Command)
    assert isinstance(again, Command)
    assert (first.line, first.root, first.place.direct) == ("find retros", "", False)
    assert (direct.line, direct.root, direct.place.direct) == ("help", "", True)
    # The core drops the repeat by this key.
    assert again.idempotency_key == first.idempotency_key != ""
    assert peer.sent("chat.postEphemeral")[0]["args"]["user"] == peer.bob.id
    assert peer.sent("chat.postMessage")[0]["reply"]["ok"]


async def test_form_after_a_mention_opens_from_a_button(peer: Peer, app: Pretend, connect: Connect) -> None:
    app.says = lambda event: ANSWER
    async with connect():
        await peer.alice.dm("answer now|please")
        [offered] = await peer.until(lambda: peer.sent("chat.postMessage"))
        await peer.alice.click(offered["reply"], "slack.again")
        [opened] = await peer.until(lambda: peer.sent("views.open"))
    assert opened["reply"]["ok"]
    assert [e.line for e in app.events if isinstance(e, Command)] == ["answer now|please"] * 2
    no_findings(peer)


async def test_home_page_is_rendered_when_opened_and_after_a_click(peer: Peer, app: Pretend, connect: Connect) -> None:
    page = card("Nothing is open.", title="Home", actions=(Button("Snooze", "calm.snooze", "12:"),))
    app.says = lambda event: page if isinstance(event, HomeOpened) else card("Snoozed.")
    async with connect():
        await peer.alice.open_home("messages")
        await peer.alice.open_home()
        [shown] = await peer.until(lambda: peer.sent("views.publish"))
        await peer.alice.click({"id": "V1", **shown["args"]["view"]}, "calm.snooze|12:")
        await peer.until(lambda: len(peer.sent("views.publish")) == 2)
        [said] = peer.sent("chat.postMessage")
    assert [type(e) for e in app.events] == [HomeOpened, Click, HomeOpened]
    assert said["args"]["channel"] == peer.alice.id
    no_findings(peer)


async def test_slow_user_lookup_delays_no_answer(peer: Peer, app: Pretend, connect: Connect) -> None:
    """If Slack is slow to say who a person is, the answer doesn't wait for it."""
    app.says = lambda event: ANSWER
    await peer.as_user("users.profile.set", profile={"display_name": "Alice the Great"})
    async with connect() as slack, slow_road(peer, "users.info", 1.5) as road:
        slack.client.base_url = road.address
        await peer.alice.slash("/cop", "answer", "general")
        [opened] = await peer.until(lambda: peer.sent("views.open"))
        assert opened["reply"]["ok"]
        await peer.until(lambda: peer.sent("users.info"))
        await peer.alice.slash("/cop", "answer", "general")
        await peer.until(lambda: len(peer.sent("views.open")) == 2)
    first, second = app.events
    assert isinstance(first, Command)
    assert isinstance(second, Command)
    assert (first.person.name, second.person.name) == ("alice", "Alice the Great")
    assert len(peer.sent("users.info")) == 1


async def test_profile_change_is_handled(peer: Peer, app: Pretend, connect: Connect) -> None:
    async with connect():
        await peer.alice.slash("/cop", "home")
        await peer.until(lambda: app.events)
        user = {"id": peer.alice.id, "tz": "Asia/Tokyo", "is_admin": True, "profile": {"display_name": "Al"}}
        event = {"type": "user_change", "user": user, "event_ts": "1.1"}
        await peer.send({"type": "event_callback", "team_id": "T000000001", "event_id": "Ev1", "event": event})
        await peer.alice.slash("/cop", "home")
        await peer.until(lambda: len(app.events) == 2)
    second = app.events[1]
    assert isinstance(second, Command)
    assert (second.person.name, second.person.zone, second.person.can_manage) == ("Al", "Asia/Tokyo", True)


async def test_account_that_slack_switches_off_and_on_is_taken_in(
    peer: Peer, app: Pretend, connect: Connect, mocker: MockerFixture
) -> None:
    change = mocker.patch("bot.operations.accounts.change")
    async with connect():
        for number, deleted in enumerate((True, False)):
            user = {"id": peer.alice.id, "deleted": deleted, "profile": {}}
            event = {"type": "user_change", "user": user, "event_ts": "1.1"}
            body = {"type": "event_callback", "team_id": "T000000001", "event_id": f"Ev{number}", "event": event}
            await peer.send(body)
            await peer.until(lambda seen=number: change.call_count > seen)
    external = f"T000000001-{peer.alice.id}"
    assert [(call.args[1:], call.kwargs) for call in change.call_args_list] == [
        (("slack", external), {"off": True}),
        (("slack", external), {"off": False}),
    ]


@MODES
async def test_every_recorded_request_is_acknowledged_without_error(
    peer: Peer, app: Pretend, connect: Connect, mode: str, shared: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app.says = lambda event: ANSWER if isinstance(event, Command | Shortcut) else CARD
    with caplog.at_level(logging.WARNING), capture_logs() as lines:
        async with connect(mode):
            results = await peer.replay(shared / "payloads/slack")
            local = await peer.replay(shared / "payloads/slack", local=True)
    assert len(results) == 68
    assert [name for name, r in {**results, **local}.items() if not r["ok"]] == []
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR or r.exc_info] == []
    assert [line for line in lines if line["log_level"] in ("error", "critical") or line.get("exc_info")] == []
    assert app.events


async def test_foreign_command_is_answered_with_the_remedy(peer: Peer, app: Pretend, connect: Connect) -> None:
    """A slash command that isn't the bot's is answered with how to fix the app."""
    async with connect():
        result = await peer.alice.slash("/other", "x")
    assert "cop manifest slack" in result["body"]["text"]
    assert app.events == []


async def test_user_cache_is_bounded_and_stale_entries_are_used_on_failure(
    peer: Peer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(user_cache, "CACHE_SIZE", 1)
    monkeypatch.setattr(user_cache, "CACHE_LIFETIME", 0.0)
    async with connect() as slack:
        assert await slack.user_cache.find(slack.client, "T000000001", peer.alice.id, 1.0)
        assert await slack.user_cache.find(slack.client, "T000000001", peer.bob.id, 1.0)
        peer.fault("users.info", status=500, times=2)
        assert await slack.user_cache.find(slack.client, "T000000001", peer.alice.id, 1.0) is None
        still = await slack.user_cache.find(slack.client, "T000000001", peer.bob.id, 1.0)
    assert still
    assert still.name == "bob"
