"""The playground over a real socket: what people do, who sees what, and what a tab that was away gets."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.playground.workspace_model import SHOWN
from bot.core.events import Click, Command, Shortcut, Submission
from bot.core.platform import DirectMessage, InChannel, InThread, Undeliverable
from bot.ui import Attachment, Message, Text, card
from tests.adapters.playground.conftest import Running, started
from tests.adapters.playground.pretend import START, delivery, reflection
from tests.support.html import read


async def now(running: Running) -> str:
    """Return where a tab that is opened now begins to listen."""
    return (await running.tab("maya").page()).one("body").attributes["data-at"]


async def test_newcomer_becomes_a_resident_in_a_channel(running: Running) -> None:
    async with running.http.get(running.url) as answer:
        page = read((await answer.text()).removeprefix("<!doctype html>"))
    assert page.one("title").text == "#youth-workers – Harbor Out-of-School Time"
    assert page.one("body").attributes["data-person"] == "maya"
    assert "This is the beginning of #youth-workers." in page.one(id="posts").text
    people = [(n.one(class_="name").text, n.one(class_="blurb").text) for n in page.one(id="people").one("ul").all("a")]
    assert people[3] == ("Dana Whitfield", "Program director · manages this workspace")


async def test_clock_is_shown_in_words(running: Running) -> None:
    assert (await running.tab("maya").page()).one(id="now").text == (
        "Wednesday, October 14, 2026 · 4:00\u00a0PMNew York, Eastern Daylight Time"
    )
    assert "1:00\u00a0PMLos Angeles" in (await running.tab("chi").page()).one(id="now").text


async def test_message_in_a_channel_is_public_and_no_command(running: Running) -> None:
    """Everyone in the channel sees it, and the bot isn't told."""
    since = await now(running)
    async with running.tab("ben").listen(since) as ben:
        assert await running.tab("maya").say("Good <morning> all") == {}
        news = await ben.next("post")
    assert news.html.one("p", class_="words").text == "Good <morning> all"
    assert news.html.one(class_="author").text == "Maya Okafor"
    assert [n.text for n in news.html.all("li", role="menuitem")] == [
        "Save to resources",
        "Add to agenda",
        "Reflect on this",
    ]
    assert running.bot.received == []


async def test_command_is_answered_to_its_author_only(running: Running) -> None:
    since = await now(running)
    maya = running.tab("maya")
    async with maya.listen(since) as mine, running.tab("ben").listen(since) as bens:
        told = await maya.say("/cop next")
        await maya.say("Hello")
        shown, other = await mine.next("private"), await bens.next()
    card = read(told["private"]["html"])
    assert card.one("h2").text == "Youth Workers meet again"
    assert card.one(class_="only").text == "Only you can see this"
    assert card.one(class_="asked").text == "You wrote/cop next"
    assert shown.data == told["private"]
    assert other.kind == "post"
    assert "Youth Workers meet again" in (await maya.page()).text
    assert "Youth Workers meet again" not in (await maya.page("everybody")).text
    assert "Youth Workers meet again" not in (await running.tab("ben").page()).text
    assert isinstance(running.bot.received[0], Command)


async def test_private_answer_can_be_replaced_and_dismissed(running: Running) -> None:
    maya = running.tab("maya")
    first = (await maya.say("/cop next"))["private"]["id"]
    second = (await maya.request("press", act="meetings.rsvp", value="yes", card=first))["private"]
    assert second["id"] == first
    assert "You said yes." in read(second["html"]).text
    assert (await running.tab("ben").request("dismiss", card=first))["gone"] == first
    assert "You said yes." in (await maya.page()).text
    await maya.request("dismiss", card=first)
    assert "You said yes." not in (await maya.page()).text


async def test_every_message_to_the_bot_is_a_command(running: Running) -> None:
    told = await running.tab("maya", "direct").say("next")
    assert "Youth Workers meet again" in told["private"]["html"]
    event = running.bot.received[0]
    assert isinstance(event, Command)
    assert (event.line, event.root, event.place.direct, event.place.channel) == ("next", "", True, "")


async def test_mention_of_the_bot_is_public_and_its_answer_private(running: Running) -> None:
    told = await running.tab("maya").say("@Commonplace next")
    assert "Youth Workers meet again" in told["private"]["html"]
    assert [p.words for p in running.playground.world.posts("youth-workers")] == ["@Commonplace next"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/copp next", "There is no command /copp here. Commands begin with /cop."),
        ("x" * 4_001, "This has 4001 characters; 4000 is the most."),
    ],
)
async def test_unsayable_message_is_refused_in_words(running: Running, text: str, words: str) -> None:
    assert await running.tab("maya").request("say", expect=422, text=text) == {"error": words}
    assert running.playground.world.posts("youth-workers") == []


async def test_form_is_asked_again_until_it_is_valid(running: Running) -> None:
    maya = running.tab("maya")
    form = read((await maya.say("/cop answer"))["form"]).one("form")
    filled: dict[str, Any] = {"form": "rounds.answer", "value": "7", "token": form.attributes["data-token"]}

    again = read((await maya.request("fill", answers={"body": [""]}, **filled))["form"])
    assert again.one(id="problem-body").text == "Please answer this."
    assert not any(isinstance(e, Submission) for e in running.bot.received)

    filled["token"] = again.one("form").attributes["data-token"]
    again = read((await maya.request("fill", answers={"body": ["A student sang"]}, **filled))["form"])
    assert again.one("textarea").attributes["aria-describedby"] == "problem-body"
    assert again.one("textarea").text.lstrip("\n") == "A student sang"
    assert again.one(id="problem-body").text == "Please leave out who the student is."

    filled["token"] = again.one("form").attributes["data-token"]
    told = await maya.request("fill", answers={"body": ["Somebody sang"], "where": [""]}, **filled)
    assert "Thank you, it is saved" in told["private"]["html"]
    event = running.bot.received[-1]
    assert isinstance(event, Submission)
    assert (event.form, event.value, event.answers) == ("rounds.answer", "7", {"body": "Somebody sang", "where": ""})


async def test_form_that_could_not_be_saved_stays_open_with_what_was_typed(running: Running) -> None:
    maya = running.tab("maya")
    form = read((await maya.say("/cop answer"))["form"]).one("form")
    filled: dict[str, Any] = {"form": "rounds.answer", "value": "7", "token": form.attributes["data-token"]}
    again = read((await maya.request("fill", answers={"body": ["It broke"], "where": [""]}, **filled))["form"])
    assert again.one(id="problem-body").text == "Something broke."
    assert again.one("textarea").text.lstrip("\n") == "It broke"
    event = running.bot.received[-1]
    assert isinstance(event, Submission)
    assert "body" in event.written


async def test_words_of_a_form_that_is_gone_are_shown_one_after_another(running: Running) -> None:
    maya = running.tab("maya")
    await maya.request("fill", token="long gone", form="rounds.answer", value="7", answers={"body": ["It broke"]})
    page = await maya.page()
    assert [page.text.count(words) for words in ("Something broke.", "It broke")] == [1, 1]


async def test_form_from_before_a_restart_reaches_the_bot(running: Running) -> None:
    told = await running.tab("maya").request(
        "fill", token="long gone", form="rounds.answer", value="7", answers={"body": ["Late"]}
    )
    assert "Thank you" in told["private"]["html"]


async def test_choice_from_a_menu_says_what_was_chosen(running: Running) -> None:
    await running.tab("maya").request("press", act="resources.browse", value="7", chosen=["homework"])
    event = running.bot.received[0]
    assert isinstance(event, Click)
    assert (event.action, event.value, event.chosen) == ("resources.browse", "7", ("homework",))


async def test_shortcut_works_on_a_message(running: Running) -> None:
    await running.tab("ben").say("Puzzles by the door")
    post = running.playground.world.posts("youth-workers")[0]
    told = await running.tab("maya").request("pick", name="resources.save", post=post.id)
    assert read(told["private"]["html"]).one("blockquote").text == "Puzzles by the door"
    event = running.bot.received[0]
    assert isinstance(event, Shortcut)
    async with running.http.get(event.link) as answer:
        assert "Puzzles by the door" in await answer.text()


async def test_post_reaches_its_channel_thread_and_person(running: Running) -> None:
    playground = running.playground
    since = await now(running)
    async with running.tab("maya").listen(since) as maya, running.tab("ben").listen(since) as ben:
        root = await playground.deliver(delivery(reflection(START), InChannel("youth-workers"), "a"))
        inside = await playground.deliver(delivery(card("One answer so far"), InThread(root), "b"))
        await playground.deliver(delivery(card("For Maya"), DirectMessage("maya"), "c"))
        await playground.deliver(delivery(card("Also in the thread"), InThread(inside), "d"))
        mayas = [(await maya.next("post")).data for _i in range(4)]
        bens = [(await ben.next("post")).data for _i in range(3)]
    assert [p["room"] for p in mayas] == ["youth-workers", "youth-workers", "direct", "youth-workers"]
    assert [p.get("under") for p in mayas] == [None, f"p{root}", None, f"p{root}"]
    assert mayas[3]["replies"] == "2 replies"
    assert [p["room"] for p in bens] == ["youth-workers"] * 3
    page = await running.tab("ben").page()
    assert [n.text for n in page.one(class_="answers").all(class_="card")] == [
        "One answer so far",
        "Also in the thread",
    ]


async def test_broadcast_stands_in_the_channel_and_answers_a_post(running: Running) -> None:
    """What everyone should see is in the channel, although it answers a post."""
    playground = running.playground
    root = await playground.deliver(delivery(card("A meeting"), InChannel("everybody"), "a"))
    await playground.deliver(delivery(card("Tomorrow"), InThread(root, broadcast=True), "b"))
    page = await running.tab("ben").page(room="everybody")
    assert [n.text for n in page.all(class_="card")] == ["A meeting", "Tomorrow"]
    assert [n.all(class_="card") for n in page.all(class_="answers")] == [[], []]


async def test_rewritten_post_keeps_its_place(running: Running) -> None:
    playground = running.playground
    first = await playground.deliver(delivery(card("Two answers"), InChannel("everybody"), "a"))
    await playground.deliver(delivery(card("Something else"), InChannel("everybody"), "b"))
    assert (
        await playground.deliver(delivery(card("Three answers"), InChannel("everybody"), "a2", replaces=first)) == first
    )
    cards = (await running.tab("maya").page("everybody")).one(id="posts").all(class_="post")
    assert [c.one(class_="card").text for c in cards] == ["Three answers", "Something else"]
    assert [c.one(class_="edited").text for c in cards if c.all(class_="edited")] == ["edited"]


async def test_long_conversation_is_shown_from_its_newest_part(running: Running) -> None:
    for n in range(SHOWN + 1):
        running.playground.world.add_post("everybody", START, author="ben", words=f"Number {n}.")
    shown = (await running.tab("maya").page("everybody")).one(id="posts")
    assert len(shown.all(class_="post")) == SHOWN
    assert "Number 0." not in shown.text
    assert shown.one(class_="older").text == "Older messages are kept, but not shown here."


async def test_repeated_delivery_is_posted_once(running: Running) -> None:
    again = delivery(card("Hello"), InChannel("everybody"), "same")
    assert await running.playground.deliver(again) == await running.playground.deliver(again)
    assert len(running.playground.world.posts("everybody")) == 1


@pytest.mark.parametrize(
    ("to", "earlier", "why"),
    [
        (InChannel("attic"), "", "channel gone"),
        (DirectMessage("eve"), "", "person gone"),
        (InThread("99"), "", "channel gone"),
        (InThread("x"), "", "channel gone"),
        (InChannel("everybody"), "99", "channel gone"),
    ],
)
async def test_undeliverable_message_says_why(
    running: Running, to: InChannel | DirectMessage | InThread, earlier: str, why: str
) -> None:
    with pytest.raises(Undeliverable) as refused:
        await running.playground.deliver(delivery(card("x"), to, "r", earlier))
    assert refused.value.why == why


async def test_reconnected_tab_gets_what_it_missed_once(running: Running) -> None:
    """A tab that was away gets every change it missed, and none twice."""
    maya, ben = running.tab("maya"), running.tab("ben")
    since = await now(running)
    async with maya.listen(since) as stream:
        await ben.say("One")
        seen = await stream.next("post")
    await ben.say("Two")
    async with maya.listen(since, last=seen.id) as stream:
        missed = await stream.next("post")
        await ben.say("Three")
        after = await stream.next("post")
    assert [n.html.one(class_="words").text for n in (seen, missed, after)] == ["One", "Two", "Three"]


@pytest.mark.parametrize("last", ["another-1", "nonsense", "-", "a-b-c"])
async def test_tab_from_before_a_restart_is_told_to_reload(running: Running, last: str) -> None:
    await running.tab("ben").say("One")
    async with running.tab("maya").listen("", last=last) as stream:
        stale = await stream.next()
        assert stale.kind == "stale"
        assert stale.id == await now(running)
        await running.tab("ben").say("Two")
        assert (await stream.next("post")).html.one(class_="words").text == "Two"


async def test_missed_post_is_sent_as_it_is_now(running: Running) -> None:
    since = await now(running)
    first = await running.playground.deliver(delivery(card("Draft"), InChannel("everybody"), "a"))
    await running.playground.deliver(delivery(card("Final"), InChannel("everybody"), "b", replaces=first))
    async with running.tab("maya").listen(since) as stream:
        assert (await stream.next("post")).html.one(class_="card").text == "Final"


async def test_clock_move_reports_what_happened(running: Running) -> None:
    since = await now(running)
    maya = running.tab("maya")
    async with maya.listen(since) as stream:
        told = await maya.request("clock", by="next")
        posted = await stream.next("post")
        while (ended := await stream.next("clock")).data["moving"]:
            pass
    assert running.clock.moved == ["next"]
    assert read(told["happened"]).text == (
        "Mon, Oct 19, 4:00\u00a0PM EDT: a reflection question opened in #youth-workers."
    )
    assert "A question for the weeks between" in posted.data["html"]
    assert ended.data["at"] == "2026-10-19T20:00:00Z"
    assert "Monday, October 19, 2026" in ended.data["html"]


@pytest.mark.parametrize(("by", "span"), [("hour", timedelta(hours=1)), ("day", timedelta(days=1))])
async def test_clock_moves_by_an_hour_or_a_day(running: Running, by: str, span: timedelta) -> None:
    await running.tab("maya").request("clock", by=by)
    assert running.clock.moved == [span]
    await running.tab("maya").request("clock", expect=400, by="year")
    assert running.clock.moved == [span]


async def test_clock_moves_once_at_a_time(running: Running) -> None:
    held = asyncio.Event()

    async def wait() -> str:
        await held.wait()
        return "Done."

    running.clock.instead = wait
    async with running.tab("ben").listen(await now(running)) as stream:
        first = asyncio.create_task(running.tab("maya").request("clock", by="day"))
        assert (await stream.next("clock")).data["moving"]
        told = await running.tab("ben").request("clock", expect=422, by="day")
        held.set()
        assert not (await stream.next("clock")).data["moving"]
    assert told == {"error": "The clock is already moving."}
    assert (await first)["happened"] == "Done."


async def test_failed_clock_move_is_reported_and_can_be_repeated(running: Running) -> None:
    async def fail() -> str:
        raise RuntimeError("no")

    running.clock.instead = fail
    told = await running.tab("maya").request("clock", expect=500, by="day")
    assert told == {"error": "Something broke in the playground; nothing was saved. The log says more."}
    running.clock.instead = None
    await running.tab("maya").request("clock", by="day")


async def test_unread_messages_are_counted_until_seen(running: Running) -> None:
    ben = running.tab("ben", "everybody")
    await running.tab("maya", "everybody").say("Hello")
    await running.playground.deliver(delivery(card("For Ben"), DirectMessage("ben"), "a"))
    since = await now(running)
    async with running.tab("ben").listen(since) as stream:
        badge = (await running.tab("ben").page()).one(class_="count", data_count="everybody")
        assert badge.text == "1new"
        await ben.request("look")
        counts = (await stream.next("unseen")).data
    assert (counts["everybody"], counts["direct"], counts["@ben"], counts["@maya"]) == (0, 1, 1, 0)


async def test_file_is_downloaded_by_whoever_may_see_it(running: Running) -> None:
    file = Attachment("Beobachtungen „März“.html", "<script>x</script>", "text/html")
    sent = await running.playground.deliver(
        delivery(Message((Text("Here"),), attachment=file), DirectMessage("maya"), "a")
    )
    where = (await running.tab("maya").page("direct")).one("a", class_="file").attributes["href"]
    async with running.http.get(running.url + where[1:]) as answer:
        assert await answer.text() == "<script>x</script>"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''Beobachtungen%20")
    async with running.http.get(f"{running.url}file/p{sent}?as=ben") as answer:
        assert answer.status == 400
    own = (await running.tab("maya").say("/cop data download"))["private"]["id"]
    for person, status in (("maya", 200), ("ben", 404)):
        async with running.http.get(f"{running.url}file/{own}?as={person}") as answer:
            assert answer.status == status


async def test_suggestions_come_from_the_bot(running: Running) -> None:
    told = await running.tab("maya").request("complete", text="/cop snooze 2")
    assert [o["text"] for o in told["options"]] == ["/cop snooze 2w"]
    assert told["usage"].startswith("/cop snooze <1w|2w|4w|off>")


async def test_shutdown_ends_every_stream_and_keeps_what_was_said(running: Running, file: Path) -> None:
    since = await now(running)
    await running.tab("maya").say("Before")
    async with running.tab("maya").listen(since) as stream:
        await running.stop()
        assert await stream.ended()
    assert not running.playground.ready
    async with started(file) as again:
        assert "Before" in (await again.tab("ben").page()).text


async def test_playground_is_one_platform_among_others(running: Running) -> None:
    rate_limit = running.playground.rate_limit("playground")
    assert (running.playground.name, running.playground.ready) == ("playground", True)
    assert rate_limit.per_second >= 100
    assert rate_limit.channel_interval == 0
