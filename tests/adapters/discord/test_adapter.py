"""The adapter with the real library over a real socket: people act on the peer, and the bot answers."""

import asyncio
import json
import re
from typing import Any

import pytest

from bot.core.platform import DirectMessage, InChannel, InThread
from bot.ui import Attachment, Button, Message, Quote, Text, card
from tests.adapters.discord.conftest import Bot, Scene, components, texts
from tests.adapters.discord.small_app import LOST

pytestmark = [pytest.mark.conformance, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


async def test_command_is_answered_privately_with_working_buttons(scene: Scene) -> None:
    said = await scene.answered(await scene.ben.slash(scene.channel, "cop say", words="*hi* <@1> @everyone"))
    assert said.ephemeral
    assert texts(said.response.components) == (
        "### Hello\n**You** said\n>>> \\*hi\\* \\<@1\\> \\@everyone\n-# Only you see this."
    )
    asked = scene.bot.events_of_kind("Command")[-1]
    assert (asked["line"], asked["root"]) == ("say *hi* <@1> @everyone", "member")
    assert asked["place"] == {
        "platform": "discord",
        "space": str(scene.guild.id),
        "channel": str(scene.channel.id),
        "direct": False,
        "space_name": scene.guild.name,
        "channel_kind": "unknown",
    }
    assert asked["person"]["id"] == str(scene.ben.id)
    assert asked["person"]["can_manage"] is False
    assert asked["idempotency_key"]

    again = await scene.answered(await scene.ben.click(said.response, label="Again"))
    assert texts(again.response.components) == "demo.again 12:7"
    picked = await scene.answered(await scene.ben.select(said.response, ["n"], custom_id="demo.pick|12:8"))
    assert texts(picked.response.components) == "demo.pick 12:8 n"
    assert scene.bot.events_of_kind("Click")[-1]["chosen"] == ["n"]
    nothing = await scene.answered(await scene.ben.click(said.response, label="Nothing"))
    assert nothing.followups == []


async def test_private_card_is_replaced_by_the_next(scene: Scene) -> None:
    said = await scene.answered(await scene.ben.slash(scene.channel, "cop home"))
    await scene.answered(await scene.ben.click(said.response, label="Replace"))
    assert texts(said.response.components) == "### Replaced\nIn its place."
    assert said.response.ephemeral


async def test_form_with_errors_is_corrected_and_sent_again(scene: Scene) -> None:
    asked = await scene.answered(await scene.ben.slash(scene.channel, "cop form"))
    assert asked.modal["title"] == "Tell us"
    assert "Only **you** see this." in texts(asked.modal["components"])

    refused = await scene.answered(await scene.ben.submit_modal(asked, {"body": "bad", "sure": ["y"]}))
    assert refused.ephemeral
    assert "- **In a few words**: That \\*word\\* is not one I know." in texts(refused.response.components)
    reopened = await scene.answered(await scene.ben.click(refused.response, label="Correct it"))
    assert scene.bot.events_of_kind("Click")[-1]["value"] == "12:5"
    values = {c["custom_id"]: c.get("value") for c in components(reopened.modal["components"]) if "custom_id" in c}
    assert values["body"] == "bad"

    answers = {"body": "Good words", "sure": ["n"], "topics": ["tests", "retros"], "with": [scene.alice]}
    thanked = await scene.answered(await scene.ben.submit_modal(reopened, answers))
    assert texts(thanked.response.components).startswith("### Saved\nThank you: Good words")
    sent = scene.bot.events_of_kind("Submission")[-1]
    assert sent["answers"] == {"body": "Good words", "sure": "n", "topics": "tests retros", "with": str(scene.alice.id)}
    assert (sent["form"], sent["value"]) == ("demo.send", "12:7")


async def test_field_left_out_of_a_form_arrives_empty(scene: Scene) -> None:
    said = await scene.answered(await scene.ben.slash(scene.channel, "cop home"))
    asked = await scene.answered(await scene.ben.click(said.response, label="Form"))
    await scene.answered(await scene.ben.submit_modal(asked, {"body": "x", "sure": ["y"], "topics": [], "with": []}))
    assert scene.bot.events_of_kind("Submission")[-1]["answers"] == {"body": "x", "sure": "y", "topics": "", "with": ""}


async def test_form_that_could_not_be_saved_is_given_back_whole(scene: Scene) -> None:
    said = await scene.answered(await scene.ben.slash(scene.channel, "cop home"))
    asked = await scene.answered(await scene.ben.click(said.response, label="Form"))
    lost = await scene.ben.submit_modal(asked, {"body": "lost", "sure": ["y"], "topics": [], "with": []})
    pieces = -(-len(LOST) // 1_900)
    await scene.until(lambda: len(lost.followups) == pieces)
    assert texts(lost.response.components) == "Something broke."
    shown = "".join(texts(each.components).partition(">>> ")[2] for each in lost.followups)
    # The bot's own marks aside, every character is there.
    assert re.sub(r"\\(.)", r"\1", shown) == LOST
    assert all(each.ephemeral for each in lost.followups)
    assert scene.bot.events_of_kind("Submission")[-1]["written"] == ["body"]


async def test_slow_handler_is_deferred_and_opens_no_form(scene: Scene) -> None:
    slow = await scene.ben.slash(scene.channel, "cop slow slow")
    await scene.until(lambda: slow.response and slow.response.components)
    assert [r["json"]["type"] for r in scene.requests("POST", "/callback")] == [5]
    assert slow.ephemeral
    assert texts(slow.response.components) == "At last."
    form = await scene.ben.slash(scene.channel, "cop slow form")
    await scene.until(lambda: form.response and form.response.components)
    assert form.modal is None
    assert "press or type it again" in texts(form.response.components)


async def test_slow_handler_behind_a_private_card_replaces_it(scene: Scene) -> None:
    """However late the answer to a click on a private card is, it takes the card's place."""
    card_ = await scene.answered(await scene.ben.slash(scene.channel, "cop slow buttons"))
    beside = await scene.ben.click(card_.response, label="Beside")
    await scene.until(lambda: beside.followups)
    assert texts(beside.followups[0].components) == "Late."
    assert beside.followups[0].ephemeral
    await scene.ben.click(card_.response, label="In place")
    await scene.until(lambda: texts(card_.response.components) == "Late.")


async def test_empty_reply_leaves_nothing_behind(scene: Scene) -> None:
    result = await scene.answered(await scene.ben.slash(scene.channel, "cop nothing"))
    await scene.until(lambda: result.response is None)
    assert scene.channel.last_message is None


async def test_autocomplete_suggests_while_typing(scene: Scene) -> None:
    await scene.ben.autocomplete(scene.channel, "cop zone", "zone", "Eur")
    await scene.until(lambda: [r for r in scene.requests("POST", "/callback") if r["json"]["type"] == 8])
    choices = scene.requests("POST", "/callback")[-1]["json"]["data"]["choices"]
    assert [c["value"] for c in choices] == ["zone Eur 1", "Europe/Lisbon"]


async def test_two_word_command_is_a_group_and_reads_as_one_line(scene: Scene) -> None:
    for typed, options, line in [
        ("cop-facilitate checkin open", {"title": "Week 12"}, "checkin open Week 12"),
        ("cop-facilitate agenda agenda", {}, "agenda"),
        ("cop-facilitate agenda add", {"title": "Tea"}, "agenda add Tea"),
    ]:
        await scene.answered(await scene.alice.slash(scene.channel, typed, **options))
        heard = scene.bot.events_of_kind("Command")[-1]
        assert (heard["line"], heard["root"]) == (line, "facilitator")
    await scene.answered(await scene.alice.slash(scene.channel, "cop-admin setup"))
    assert scene.bot.events_of_kind("Command")[-1]["root"] == "admin"
    assert scene.bot.events_of_kind("Command")[-1]["person"]["can_manage"] is True
    assert scene.bot.events_of_kind("Command")[-1]["person"]["groups"] == [str(scene.managers.id)]
    from simcord.backend.errors import SetupError

    with pytest.raises(SetupError, match="not visible"):
        await scene.ben.slash(scene.channel, "cop-admin setup")


async def test_thread_counts_as_its_channel(scene: Scene) -> None:
    scene.peer.backend.create_thread(scene.channel.id, "tea", scene.alice.id)
    await scene.answered(await scene.ben.slash(scene.channel.threads[0], "cop home"))
    assert scene.bot.events_of_kind("Command")[-1]["place"]["channel"] == str(scene.channel.id)


async def test_message_action_brings_its_words_and_link(scene: Scene) -> None:
    message = await scene.alice.send(scene.channel, f"See <https://x.org>, <@{scene.ben.id}>")
    saved = await scene.answered(await scene.ben.context_menu(scene.channel, "Save to resources", message))
    heard = scene.bot.events_of_kind("Shortcut")[-1]
    assert heard["name"] == "demo.save"
    assert heard["text"] == "See <https://x.org>, @ben"
    assert heard["link"] == f"https://discord.com/channels/{scene.guild.id}/{scene.channel.id}/{message.id}"
    assert saved.ephemeral


async def test_roles_are_known_in_a_server_and_not_in_a_direct_message(scene: Scene) -> None:
    """Somebody without a role in the server is told apart from somebody of whom nothing is known."""
    await scene.answered(await scene.ben.slash(scene.channel, "cop home"))
    assert scene.bot.events_of_kind("Command")[-1]["person"]["groups"] == []
    await scene.ben.send_dm("say hello")
    await scene.until(lambda: scene.posted())
    assert scene.bot.events_of_kind("Command")[-1]["person"]["groups"] is None


async def test_bot_answers_direct_messages(scene: Scene) -> None:
    await scene.ben.send_dm("say hello")
    await scene.until(lambda: scene.posted())
    assert "hello" in texts(scene.posted()[-1]["json"]["components"])
    heard = scene.bot.events_of_kind("Command")[-1]
    assert (heard["line"], heard["root"], heard["place"]["direct"], heard["place"]["space"]) == (
        "say hello",
        "",
        True,
        "",
    )
    await scene.ben.send_dm("form")
    await scene.until(lambda: len(scene.posted()) == 2)
    assert "`/cop form` here" in texts(scene.posted()[-1]["json"]["components"])
    # Discord counts these like deliveries.
    assert scene.bot.values("ancillary_request") == [["discord", ""]] * 2
    result = await scene.answered(await scene.ben.user.slash("cop home"))
    assert scene.bot.events_of_kind("Command")[-1]["place"]["direct"] is True
    await scene.answered(await scene.ben.user.click(result.response, label="Replace"))
    assert "Replaced" in texts(result.response.components)


async def test_edit_of_a_direct_message_is_heard_once_and_a_preview_never(scene: Scene) -> None:
    written = await scene.ben.send_dm("say hello")
    await scene.ben.user.edit(written, "say goodbye")
    await scene.until(lambda: scene.bot.events_of_kind("MessageChanged"))
    # A preview of a link comes with the moment of the earlier edit, or with none.
    path = {"channel_id": str(written.channel.id), "id": str(written.id), "type": 0, "content": "say hello"}
    author = {"id": str(scene.ben.id), "username": "ben", "discriminator": "0", "avatar": None}
    scene.peer.dispatch("MESSAGE_UPDATE", path | {"author": author, "edited_timestamp": None, "embeds": []})
    await scene.ben.send(scene.channel, "in the channel")
    await scene.ben.send_dm("say more")
    await scene.until(lambda: len(scene.bot.events_of_kind("Command")) == 2)
    [edit] = scene.bot.events_of_kind("MessageChanged")
    assert (edit["text"], edit["message"]) == ("say goodbye", f"{written.channel.id} {written.id}")
    assert edit["person"]["id"] == str(scene.ben.id)
    assert edit["message"] == scene.bot.events_of_kind("Command")[0]["message"]


async def test_bot_ignores_what_people_write_in_channels(scene: Scene) -> None:
    await scene.ben.send(scene.channel, "cop home")
    await scene.answered(await scene.ben.slash(scene.channel, "cop home"))
    assert len(scene.bot.values("event")) == 1


async def test_message_is_posted_rewritten_and_gets_a_thread(scene: Scene) -> None:
    """Two replies share the one thread, which is named after the first."""
    there = InChannel(str(scene.channel.id))
    card_ = Message(title="Prompt", parts=(Text("What surprised you?"),), actions=(Button("Answer", "demo.form"),))
    how, receipt = await scene.deliver(card_, there, ref="prompt-1", silent=True)
    assert how == "delivered"
    sent = scene.posted()[-1]["json"]
    assert (sent["nonce"], sent["enforce_nonce"]) == ("prompt-1", True)
    assert sent["flags"] & 1 << 12, "silently"
    assert sent["allowed_mentions"]["parse"] == []

    asked = await scene.answered(await scene.ben.click(scene.channel.last_message, label="Answer"))
    assert asked.modal["title"] == "Tell us"

    again = await scene.deliver(card("Closed."), there, ref="prompt-2", replaces=receipt)
    assert again == ("delivered", receipt)
    assert len(scene.channel.history()) == 1

    answer = Message(title="Ben answered " + "at length " * 8, parts=(Quote("Silence."),))
    first = await scene.deliver(answer, InThread(receipt), ref="a1")
    second = await scene.deliver(answer, InThread(receipt), ref="a2")
    assert {first[0], second[0]} == {"delivered"}
    assert first[1].split()[0] == second[1].split()[0] == receipt.split()[1]
    [made] = scene.requests("POST", "/threads")
    assert made["json"]["name"].startswith("Ben answered")
    assert made["json"]["auto_archive_duration"] == 10080


async def test_existing_thread_is_used(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    from simcord.backend.errors import BackendError

    _how, receipt = await scene.deliver(card("Prompt"), InChannel(str(scene.channel.id)))
    channel, message = map(int, receipt.split())
    backend = scene.peer.backend
    backend.create_thread(channel, "by hand", scene.alice.id, message_id=message)

    def there_is_one(*_what: Any, **_more: Any) -> None:
        raise BackendError(400, 160004, "A thread has already been created for this message")

    monkeypatch.setattr(backend, "create_thread", there_is_one)
    how, answer = await scene.deliver(card("Answer"), InThread(receipt), ref="a1")
    assert how == "delivered"
    assert answer.split()[0] == str(message)


async def test_reply_to_the_message_replaces_a_thread_that_cannot_be(scene: Scene) -> None:
    _how, receipt = await scene.deliver(card("Prompt"), DirectMessage(str(scene.ben.id)), space="")
    how, answer = await scene.deliver(card("Answer"), InThread(receipt), ref="a1", space="")
    assert how == "delivered"
    assert answer.split()[0] == receipt.split()[0]
    assert scene.posted()[-1]["json"]["message_reference"]["message_id"] == int(receipt.split()[1])


async def test_broadcast_answers_the_message_in_its_channel(scene: Scene) -> None:
    """What everyone should see goes to the channel, as an answer to the message, instead of into the thread."""
    _how, receipt = await scene.deliver(card("Prompt"), InChannel(str(scene.channel.id)))
    how, answer = await scene.deliver(card("Tomorrow"), InThread(receipt, broadcast=True), ref="a1")
    assert how == "delivered"
    assert answer.split()[0] == receipt.split()[0]
    assert scene.posted()[-1]["json"]["message_reference"]["message_id"] == int(receipt.split()[1])
    assert scene.requests("POST", "/threads") == []


async def test_deleted_message_is_not_posted_again(scene: Scene) -> None:
    there = InChannel(str(scene.channel.id))
    _how, receipt = await scene.deliver(card("One"), there)
    scene.peer.backend.delete_message(*map(int, receipt.split()))
    assert await scene.deliver(card("Two"), there, ref="r2", replaces=receipt) == ("gone", "MessageGone")
    assert await scene.deliver(card("Under it"), InThread(receipt), ref="r3") == ("gone", "MessageGone")
    assert len(scene.posted()) == 1


async def test_deleted_thread_is_not_the_channels_trouble(scene: Scene) -> None:
    _how, receipt = await scene.deliver(card("Prompt"), InChannel(str(scene.channel.id)))
    await scene.deliver(card("Answer"), InThread(receipt), ref="a1")
    scene.peer.backend.delete_channel(int(receipt.split()[1]))
    assert await scene.deliver(card("Another"), InThread(receipt), ref="a2") == ("gone", "MessageGone")


async def test_direct_message_carries_a_file(scene: Scene) -> None:
    file = Attachment("my data.csv", "a,b\n", "text/csv")
    export = Message(title="Your data", attachment=file)
    cleo = scene.guild.add_member(scene.peer.create_user("cleo"))
    how, receipt = await scene.deliver(export, DirectMessage(str(cleo.id)), space="")
    assert how == "delivered"
    assert receipt.split()[0] == str(cleo.user.dm_channel.id)
    assert scene.posted()[-1]["files"] == [("my_data.csv", 4)]
    await scene.deliver(card("More"), DirectMessage(str(cleo.id)), ref="r2", space="")
    assert len(scene.requests("POST", "/users/@me/channels")) == 1
    result = await scene.answered(await scene.ben.slash(scene.channel, "cop file"))
    assert [a.filename for a in result.response.attachments] == ["my_data.csv"]


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (403, 50007, ("unreachable", "direct messages closed")),
        (403, 50278, ("unreachable", "direct messages closed")),
        (404, 10003, ("unreachable", "channel gone")),
        (404, 10004, ("unreachable", "removed from the space")),
        (404, 10013, ("unreachable", "person gone")),
        (403, 50001, ("unreachable", "no permission")),
        (403, 50013, ("unreachable", "no permission")),
        (400, 50035, ("unreachable", "refused")),
        (403, 40004, ("later", [60, False])),
        (403, 40333, ("later", [60, True])),
        (503, 0, ("later", [5, False])),
    ],
)
async def test_refusals_are_told_apart_by_their_cause(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, status: int, code: int, outcome: tuple[str, Any]
) -> None:
    answer = scene.peer._answer

    def refuse(request: Any, record: dict[str, Any], files: Any) -> Any:
        if record["path"].endswith("/messages"):
            return status, {"message": "no", "code": code}, {}
        return answer(request, record, files)

    monkeypatch.setattr(scene.peer, "_answer", refuse)
    assert await scene.deliver(card("Hello"), InChannel(str(scene.channel.id))) == outcome


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (403, 50005, ("gone", "RewriteRefused")),
        (400, 50083, ("gone", "RewriteRefused")),
        (404, 10008, ("gone", "MessageGone")),
        (400, 30046, ("later", [60, False])),
        (403, 50001, ("unreachable", "no permission")),
    ],
)
async def test_refused_rewrites_are_told_apart_by_their_cause(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, status: int, code: int, outcome: tuple[str, Any]
) -> None:
    there = InChannel(str(scene.channel.id))
    _how, receipt = await scene.deliver(card("One"), there)
    answer = scene.peer._answer

    def refuse(request: Any, record: dict[str, Any], files: Any) -> Any:
        if record["method"] == "PATCH":
            return status, {"message": "no", "code": code}, {}
        return answer(request, record, files)

    monkeypatch.setattr(scene.peer, "_answer", refuse)
    assert await scene.deliver(card("Two"), there, ref="r2", replaces=receipt) == outcome


async def test_conversations_are_opened_more_slowly_when_discord_says_so(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else is tried meanwhile, for each refusal counts. Those who have a conversation are written to."""
    cleo, dora = (scene.guild.add_member(scene.peer.create_user(name)) for name in ("cleo", "dora"))
    eve = scene.guild.add_member(scene.peer.create_user("eve"))
    await scene.deliver(card("Hello"), DirectMessage(str(eve.id)), "r0", space="")
    answer = scene.peer._answer

    def refuse(request: Any, record: dict[str, Any], files: Any) -> Any:
        if record["path"] == "/users/@me/channels":
            return 403, {"message": "You are opening direct messages too fast", "code": 40003}, {}
        return answer(request, record, files)

    monkeypatch.setattr(scene.peer, "_answer", refuse)
    before = len(scene.requests("POST", "/users/@me/channels"))
    assert await scene.deliver(card("Hello"), DirectMessage(str(cleo.id)), "r1", space="") == ("later", [60, False])
    how, (wait, whole_lane) = await scene.deliver(card("Hello"), DirectMessage(str(dora.id)), "r2", space="")
    assert (how, whole_lane) == ("later", False)
    assert 0 < wait <= 60
    assert (await scene.deliver(card("Again"), DirectMessage(str(eve.id)), "r3", space=""))[0] == "delivered"
    assert len(scene.requests("POST", "/users/@me/channels")) == before + 1
    await scene.bot.stop()
    await restart(scene)


async def test_refused_token_holds_up_deliveries_until_it_works(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord gets no delivery with it, and is asked about it meanwhile."""
    there, answer = InChannel(str(scene.channel.id)), scene.peer._answer

    def refuse(request: Any, record: dict[str, Any], files: Any) -> Any:
        return 401, {"message": "401: Unauthorized", "code": 0}, {}

    monkeypatch.setattr(scene.peer, "_answer", refuse)
    assert await scene.deliver(card("Hello"), there) == ("later", [5, True])
    assert await scene.deliver(card("Hello"), there, ref="r2") == ("later", [5, True])
    assert len(scene.posted()) == 1
    monkeypatch.setattr(scene.peer, "_answer", answer)

    while (await scene.deliver(card("Hello"), there, ref="r3"))[0] != "delivered":
        await asyncio.sleep(0.2)
    assert scene.requests("GET", "/users/@me")


async def test_person_who_is_gone_is_undeliverable(scene: Scene) -> None:
    assert await scene.deliver(card("Hello"), DirectMessage("1234567890123456789")) == ("unreachable", "person gone")


async def test_server_that_removed_the_bot_is_undeliverable(scene: Scene) -> None:
    gone = {"space": "1234567890123456780"}
    assert await scene.deliver(card("Hello"), InChannel("1234567890123456789"), **gone) == (
        "unreachable",
        "removed from the space",
    )


async def test_short_rate_limit_is_waited_out_and_a_long_one_returned(scene: Scene) -> None:
    scene.peer.force_429("POST", r"/messages$", 0.3, times=2)
    assert (await scene.deliver(card("Hello"), InChannel(str(scene.channel.id))))[0] == "delivered"
    assert [r["status"] for r in scene.posted()] == [429, 429, 200]
    scene.peer.force_429("POST", r"/messages$", 44)
    assert await scene.deliver(card("Hello"), InChannel(str(scene.channel.id)), ref="r2") == ("later", [44, False])
    # The library gives up after five tries.
    scene.peer.force_429("POST", r"/messages$", 0.05, times=5)
    assert await scene.deliver(card("Hello"), InChannel(str(scene.channel.id)), ref="r3") == ("later", [1, False])
    scene.peer.force_429("POST", r"/messages$", 0.05, times=5, everywhere=True)
    assert await scene.deliver(card("Hello"), InChannel(str(scene.channel.id)), ref="r4") == ("later", [1, True])


async def test_broken_connection_is_resumed(scene: Scene) -> None:
    before = len(scene.peer.gateway_in)
    await scene.peer.drop()
    result = await scene.ben.slash(scene.channel, "cop home")
    await scene.until(lambda: result.acknowledged)
    assert 6 in [frame["op"] for frame in scene.peer.gateway_in[before:]]

    before = len(scene.peer.gateway_in)
    scene.peer.op(9, False)
    await scene.until(lambda: 2 in [frame["op"] for frame in scene.peer.gateway_in[before:]])
    await scene.answered(await scene.ben.slash(scene.channel, "cop home"))
    assert scene.requests("PUT", "/commands") == []


async def test_unreadable_payload_does_not_end_the_bot(scene: Scene) -> None:
    before = len(scene.peer.gateway_in)
    scene.peer.dispatch("MESSAGE_CREATE", {"id": "not a number"})
    await scene.until(lambda: 2 in [frame["op"] for frame in scene.peer.gateway_in[before:]])
    await scene.answered(await scene.ben.slash(scene.channel, "cop home"))
    assert (await scene.deliver(card("Hello"), InChannel(str(scene.channel.id))))[0] == "delivered"


async def test_every_recorded_frame_is_handled(scene: Scene, payloads: Any) -> None:
    from peers.discord.peer import replay

    before = len(scene.peer.gateway_in)
    for known in ({}, {"1457468924290662599": str(scene.guild.id)}):
        results = await replay(scene.peer, payloads, lambda: scene.bot.alive, substitute=known)
        assert len(results) == len(list(payloads.glob("*.json")))
        assert all(results.values())
    await scene.answered(await scene.ben.slash(scene.channel, "cop home"))
    clicks = {(click["action"], click["place"]["channel"]) for click in scene.bot.events_of_kind("Click")}
    assert clicks == {("hello", "1457510428359004343"), ("messages", "1457510428359004343")}
    assert 2 not in [frame["op"] for frame in scene.peer.gateway_in[before:]], "never had to connect afresh"


async def test_commands_are_registered_only_when_they_changed(scene: Scene) -> None:
    await scene.bot.stop()
    assert scene.bot.values("ended") == [""]
    await restart(scene)
    await scene.answered(await scene.ben.slash(scene.channel, "cop home"))
    assert len(scene.requests("GET", "/commands")) == 1
    assert scene.requests("PUT", "/commands") == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (4004, "does not accept DISCORD_TOKEN"),
        (4014, "token of another application"),
        (4011, "Set DISCORD_SHARDS to auto"),
        (4012, "Install the newest one"),
    ],
)
async def test_configuration_error_ends_the_bot_in_words(scene: Scene, code: int, words: str) -> None:
    """What only a person can fix ends the process, with words about what to do."""
    await scene.peer.drop(code)
    await scene.bot.process.wait()
    await scene.bot.reading
    assert words in scene.bot.values("ended")[0]
    await restart(scene)


async def restart(scene: Scene) -> None:
    before = len(scene.peer.gateway_in)
    scene.bot = await Bot.start(scene.peer)
    await scene.until(lambda: 2 in [frame["op"] for frame in scene.peer.gateway_in[before:]])


async def test_wrong_token_ends_the_bot_in_words(scene: Scene) -> None:
    bot = await Bot.start(scene.peer, DISCORD_TOKEN="not.the.token")
    await bot.process.wait()
    await bot.reading
    [words] = bot.values("ended")
    assert "does not accept DISCORD_TOKEN" in words


async def test_doctor_checks_everything(scene: Scene) -> None:
    bot = await Bot.start(scene.peer, "diagnose")
    await bot.process.wait()
    await bot.reading
    [checks] = bot.values("checks")
    assert [c["name"] for c in checks] == [
        "Discord token",
        "Discord application",
        "Discord commands",
        "Discord servers",
    ]
    assert all(c["ok"] for c in checks)
    assert scene.guild.name in checks[-1]["says"]


async def test_doctor_reports_a_wrong_token(scene: Scene) -> None:
    wrong = await Bot.start(scene.peer, "diagnose", DISCORD_TOKEN="not.the.token")
    await wrong.process.wait()
    await wrong.reading
    assert [(c["name"], c["ok"]) for c in wrong.values("checks")[0]] == [("Discord token", False)]


async def test_mention_and_reply_are_heard_and_nothing_else_is(scene: Scene) -> None:
    """Its words arrive without a privileged intent. Of other messages, the bot passes nothing on."""
    bot = scene.peer.backend.bot_user.id
    outcome, receipt = await scene.deliver(card("Card"), InChannel(str(scene.channel.id)))
    assert outcome == "delivered"
    [posted] = [message for message in scene.channel.history() if str(message.id) == receipt.split()[1]]
    await scene.ben.send(scene.channel, "nothing for the bot")
    await scene.ben.send(scene.channel, "Quiet arrivals", reply_to=posted)
    await scene.ben.send(scene.channel, f"say it <@{bot}> now")
    heard = await scene.until(lambda: len(found := scene.bot.events_of_kind("Command")) == 2 and found)
    reply, mention = sorted(heard, key=lambda event: event["is_addressed"])
    assert (reply["line"], reply["replies_to"]) == ("Quiet arrivals", [receipt])
    assert (mention["line"], mention["replies_to"]) == ("say it  now", [])
    for event in heard:
        assert event["place"]["channel"] == str(scene.channel.id)
        assert event["place"]["direct"] is False
        assert event["person"]["id"] == str(scene.ben.id)
        # Discord doesn't say it here, so the one it said with a command stays.
        assert event["person"]["locale"] == ""
    # The card, an answer to each in a direct message, and one to the mention that says so.
    await scene.until(lambda: len(scene.posted()) == 4)


async def test_words_behind_a_mention_that_were_not_saved_are_given_back_directly(scene: Scene) -> None:
    """The channel sees only that there was an answer."""
    bot = scene.peer.backend.bot_user.id
    await scene.ben.send(scene.channel, f"<@{bot}> lost")
    pieces = -(-len(LOST) // 1_900)
    await scene.until(lambda: len(scene.posted()) == 1 + pieces + 1)
    first, *given, last = [texts(each["json"]["components"]) for each in scene.posted()]
    assert first == "Something broke."
    shown = "".join(each.partition(">>> ")[2] for each in given)
    assert re.sub(r"\\(.)", r"\1", shown) == LOST
    assert last == "I’ve answered you in a direct message."


async def test_doctor_says_who_cannot_see_the_commands_of_their_role(scene: Scene) -> None:
    """Alice has the permissions, Ben has none, and whoever isn't in the server is left out."""
    space = str(scene.guild.id)
    people = (str(scene.alice.id), str(scene.ben.id), "77")
    holders = json.dumps([(space, person, role) for person in people for role in ("facilitator", "admin")])
    bot = await Bot.start(scene.peer, "hidden", HOLDERS=holders)
    await bot.process.wait()
    await bot.reading
    [said] = bot.values("hidden")
    assert said == [
        "ben can’t see /cop-facilitate, because they don’t have Manage Events.",
        "ben can’t see /cop-admin, because they don’t have Manage Server.",
    ]
