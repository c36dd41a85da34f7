"""People in a Slack workspace: what they do goes over the wire to the bot, and its API calls are what they see."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession

from adapters.slack.manifest import EVENTS, SCOPES, THREAD_EVENTS
from tests.conformance.people import Shown, until
from tests.conformance.process import START_S
from tests.support.ports import keep_slack_peer_from_the_kernels_ports

Block = dict[str, Any]
Call = dict[str, Any]

ROOT = {"": "/cop", "facilitate": "/cop-facilitate", "admin": "/cop-admin"}
PRIVATE = {"response_url", "chat.postEphemeral", "views.open", "ack"}
INITIAL = {
    "plain_text_input": "initial_value",
    "number_input": "initial_value",
    "datepicker": "initial_date",
    "static_select": "initial_option",
    "radio_buttons": "initial_option",
    "checkboxes": "initial_options",
    "multi_users_select": "initial_users",
    "conversations_select": "initial_conversation",
}
CHANNEL = "general"


class SlackPerson:
    """A tests.conformance.people.Person on the Slack peer."""

    def __init__(self, room: "SlackRoom", name: str, known_as: str) -> None:
        from peers.slack.actors import Human

        self.room, self.name, self.sees = room, name, Shown()
        # The direct message written last, as Slack describes it.
        self.written: Call = {}
        self.human = Human(room.peer, known_as)

    @property
    def id(self) -> str:
        return str(self.human.id)

    async def types(self, line: str, root: str = "") -> Shown:
        return await self._after(lambda: self.human.slash(ROOT[root], line, CHANNEL))

    async def whispers(self, line: str) -> Shown:
        before = len(self.room.peer.calls)
        self.written = await self.human.dm(line)
        return await self._said_directly(before, "chat.postMessage")

    async def edits(self, line: str) -> Shown:
        """Edit the direct message written last, and return what the bot then changes."""
        now = f"{time.time():.6f}"
        edited = {"text": line, "edited": {"user": self.id, "ts": f"{now[:-6]}000000"}}
        before = len(self.room.peer.calls)
        await self._tells_of_a_change("message_changed", now, message=self._message() | edited)
        return await self._said_directly(before, "chat.update")

    async def deletes(self) -> Shown:
        """Delete the direct message written last, and return what the bot then changes."""
        before = len(self.room.peer.calls)
        await self._tells_of_a_change("message_deleted", f"{time.time():.6f}", deleted_ts=self.written["ts"])
        return await self._said_directly(before, "chat.update")

    def _message(self) -> Block:
        return {"type": "message", "user": self.id, "text": self.written["message"]["text"], "ts": self.written["ts"]}

    async def _tells_of_a_change(self, subtype: str, now: str, **more: Any) -> None:
        from peers.slack.actors import event

        where = {"channel": self.written["channel"], "channel_type": "im", "hidden": True, "ts": now, "event_ts": now}
        said = {"type": "message", "subtype": subtype, **where, "previous_message": self._message(), **more}
        result = await self.room.peer.send(event(said))
        assert result["ok"], result

    async def _said_directly(self, before: int, method: str) -> Shown:
        async def said() -> Shown | None:
            for call in self.room.peer.calls[before:]:
                args, reply = call["args"], call["reply"]
                if (
                    call["method"] == method
                    and reply.get("ok")
                    and args["channel"] in (self.id, self.written["channel"])
                ):
                    return _card(args["blocks"], reply["channel"], reply["ts"], "message")
            return None

        self.sees = await until(said, f"an answer to {self.name}")
        return self.sees

    async def mentions(self, line: str, *, in_thread_of: Shown | None = None) -> Shown:
        thread = {"thread_ts": in_thread_of.surface["ts"]} if in_thread_of else {}
        return await self._after(lambda: self.human.post(f"<@{self.room.bot}> {line}", CHANNEL, **thread))

    async def replies(self, line: str, top: str, **more: Any) -> Any:
        """Write in the thread under a message of the channel, and wait for nothing."""
        return await self.human.post(line, CHANNEL, thread_ts=top, **more)

    async def replies_and_sees(self, line: str, card: Shown) -> Shown:
        return await self._after(lambda: self.replies(line, card.surface["ts"]))

    async def presses(self, label: str, on: Shown | None = None) -> Shown:
        card = on or self.sees
        return await self._send_action(card, _pressed(card.surface["blocks"], card.buttons[label]))

    async def presses_twice(self, label: str) -> Sequence[Shown]:
        card = self.sees
        action = _pressed(card.surface["blocks"], card.buttons[label])
        calls = self.room.peer.calls
        before = len(calls)
        await asyncio.gather(self._send_action(card, action), self._send_action(card, action))

        async def both() -> list[Call]:
            answers = [c for c in calls[before:] if c["method"] in PRIVATE]
            return answers if len(answers) > 1 else []

        answers = await until(both, "two answers")
        return [self._shown(answer) for answer in answers]

    async def chooses(self, label: str, value: str) -> Shown:
        return await self._send_action(
            self.sees, _pressed(self.sees.surface["blocks"], self.sees.buttons[label], value)
        )

    async def fills(self, **answers: Any) -> Shown:
        form = self.sees
        assert form.is_form, f"no form is open: {form.words}"
        assert answers.keys() <= form.fields.keys(), f"the form has {list(form.fields)}"
        given = {name: _slack_ids(answer) for name, answer in answers.items()}
        return await self._after(lambda: self.human.submit(form.surface, {**form.fields, **given}))

    async def says(self, text: str) -> Any:
        return await self.human.post(text, CHANNEL)

    async def acts_on(self, message: Any, label: str) -> Shown:
        return await self._after(lambda: self.human.shortcut(self.room.shortcuts[label], message))

    async def opens_home(self) -> Shown:
        before = len(self.room.peer.calls)
        results = await self.human.open_home()
        assert results[-1]["ok"]

        async def published() -> Shown | None:
            calls = [c for c in self.room.peer.calls[before:] if c["method"] == "views.publish"]
            return _view(calls[-1]["args"]["view"], calls[-1]["args"]["view"]["type"]) if calls else None

        self.sees = await until(published, "the home page")
        return self.sees

    async def received(self) -> Sequence[Shown]:
        """Work it out from the bot's calls, since only its owner could read the conversation from the workspace."""
        posted = [c for c in self.room.peer.sent("chat.postMessage") if c["args"]["channel"] == self.id]
        drawn = {c["reply"]["ts"]: (c["args"], c["reply"]["channel"]) for c in posted if c["reply"].get("ok")}
        for change in self.room.peer.sent("chat.update"):
            if change["reply"].get("ok") and change["args"]["ts"] in drawn:
                drawn[change["args"]["ts"]] = (change["args"], change["args"]["channel"])
        return [_card(args["blocks"], channel, ts, "message") for ts, (args, channel) in drawn.items()]

    async def _send_action(self, card: Shown, action: Block) -> Shown:
        """Press something, and send what Slack does for a message in a channel, an ephemeral one, or the home page."""
        body = self.room.said_by(self, "block_actions") | {"actions": [action], "state": {"values": {}}}
        where = card.surface
        if where["kind"] == "home":
            view = {"id": "V000000001", "type": "home", "blocks": where["blocks"]}
            body |= {"view": view, "container": {"type": "view", "view_id": view["id"]}}
        else:
            private = where["kind"] == "private"
            container = {"type": "message", "message_ts": where["ts"], "channel_id": where["channel"]}
            body |= {
                "container": container | {"is_ephemeral": private},
                "channel": {"id": where["channel"], "name": CHANNEL},
                "response_url": self.room.peer.response_url(),
            }
            # With a click on an ephemeral message, Slack doesn't send the message.
            if not private:
                body["message"] = {"type": "message", "ts": where["ts"], "blocks": where["blocks"]}

        async def send() -> Call:
            trigger = await self.room.trigger(self)
            return await self.room.send(body | {"trigger_id": trigger})

        return await self._after(send, directly=where["channel"].startswith("D") or where["kind"] == "home")

    async def _after(self, act: Any, *, directly: bool = False) -> Shown:
        """Return what only they see after an act, which must be acknowledged within three seconds."""
        before = len(self.room.peer.calls)
        result = await act()
        assert result["ok"], result
        assert result.get("ms", 0) < 3_000

        async def answered() -> Shown | None:
            for call in self.room.peer.calls[before:]:
                posted = (
                    call["method"] == "chat.postMessage" and "metadata" not in call["args"] and call["reply"].get("ok")
                )
                if call["method"] in PRIVATE or (posted and (directly or call["args"]["channel"] == self.id)):
                    return self._shown(call)
            return None

        self.sees = await until(answered, f"an answer to {self.name}")
        return self.sees

    def _shown(self, call: Call) -> Shown:
        args = call["args"]
        match call["method"]:
            case "ack" if "view" in args:
                return _view(args["view"], "modal")
            case "ack":
                return Shown(
                    problems="\n".join(args.get("errors", {}).values()),
                    words=args.get("text", ""),
                    fields=self.sees.fields,
                    surface=self.sees.surface,
                )
            case "views.open":
                assert call["reply"]["ok"], call["reply"]
                return _view(call["reply"]["view"], "modal")
            case "chat.postMessage":
                return _card(args["blocks"], call["reply"]["channel"], call["reply"]["ts"], "message")
        if call["method"] == "response_url":
            assert args["response_type"] == "ephemeral"
        else:
            assert args["user"] == self.id
        return _card(
            args["blocks"],
            self.room.channel,
            f"{time.time():.6f}",
            "private",
            replaced=bool(args.get("replace_original")),
        )


class SlackRoom:
    """A Slack workspace, with Ada as its admin."""

    platform = "slack"
    space = "T000000001"
    # Slack's own apps would stop a person sooner. The peer doesn't check that.
    longest = 10_000

    def __init__(self, peer: Any, mode: str) -> None:
        from peers.slack.hub import BOT_USER

        self.peer, self.mode, self.bot = peer, mode, BOT_USER
        self.channel: str = peer.channels[CHANNEL]
        self.shortcuts = {"Save to resources": "resources.save", "Reflect on this": "reflections.about"}
        self.ada = SlackPerson(self, "Ada", "admin")
        self.alice = SlackPerson(self, "Alice", "alice")
        self.bob = SlackPerson(self, "Bob", "bob")

    def environment(self) -> Mapping[str, str]:
        env: dict[str, str] = dict(self.peer.env())
        env.pop("SLACK_SIGNING_SECRET" if self.mode == "socket" else "SLACK_APP_TOKEN")
        return env

    def listens_at(self, port: int) -> None:
        """Tell Slack where to reach the bot (HTTP mode)."""
        self.peer.bot_url = f"http://127.0.0.1:{port}/slack/events"

    async def ready(self) -> None:
        async def there() -> Any:
            return self.peer.sent("auth.test") and (self.mode == "http" or self.peer._sockets)

        await until(there, "the bot in Slack", START_S)

    async def cards(self) -> Sequence[Shown]:
        return await self.history(self.channel)

    async def posted_words(self) -> Sequence[str]:
        said = [c for c in self.peer.calls if c["method"] in ("chat.postMessage", "chat.update")]
        here = [c["args"] for c in said if c["reply"].get("ok") and c["args"]["channel"] == self.channel]
        return [words_of(args["blocks"]) for args in here]

    async def thread(self, card: Shown) -> Sequence[Shown]:
        where = card.surface
        found = await self.peer.as_user("conversations.replies", channel=where["channel"], ts=where["ts"])
        return [self._posted(m, where["channel"]) for m in found["messages"][1:] if m["user"] == self.bot]

    async def history(self, channel: str) -> list[Shown]:
        found = await self.peer.as_user("conversations.history", channel=channel, limit=200)
        own = [m for m in reversed(found["messages"]) if m["user"] == self.bot]
        return [self._posted(m, channel) for m in own if m.get("thread_ts", m["ts"]) == m["ts"]]

    def _posted(self, message: Block, channel: str) -> Shown:
        return _card(message.get("blocks") or [], channel, message["ts"], "message", text=message["text"])

    async def deletes(self, card: Shown) -> None:
        from peers.slack.hub import BOT_TOKEN

        asked = {"channel": card.surface["channel"], "ts": card.surface["ts"]}
        address, head = f"{self.peer.upstream}/api/chat.delete", {"Authorization": f"Bearer {BOT_TOKEN}"}
        async with ClientSession() as http, http.post(address, json=asked, headers=head) as answer:
            assert (await answer.json())["ok"]

    async def comes_again(self) -> None:
        events = [d["payload"] for d in self.peer.deliveries if d["payload"].get("type") == "event_callback"]
        again = await self.peer.send(events[-1], retry=1)
        assert again["ok"]
        # Nothing should happen, so there is nothing to wait for.
        await asyncio.sleep(1)

    async def trigger(self, person: SlackPerson) -> str:
        return str(await self.peer.trigger(person.human.name))

    async def send(self, body: Block) -> Call:
        sent: Call = await self.peer.send(body, keep=True)
        return sent

    def said_by(self, person: SlackPerson, kind: str) -> Block:
        """Return what every interaction payload begins with."""
        from peers.slack.actors import APP_ID, TEAM

        user = {"id": person.id, "username": person.human.name, "name": person.human.name, "team_id": TEAM["id"]}
        return {"type": kind, "team": dict(TEAM), "user": user, "api_app_id": APP_ID, "token": "x", "enterprise": None}

    def complaints(self) -> list[Any]:
        from peers.slack.validate_calls import check_calls, missing_scopes

        pings = [text for call in self.peer.calls for text in marked(call["args"]) if "<!" in text or "<@U1>" in text]
        return [*check_calls(self.peer.calls), *missing_scopes(self.peer.calls, list(SCOPES)), *pings]


@asynccontextmanager
async def slack_room(node_modules: str, mode: str = "socket", *, threads: bool = False) -> AsyncIterator[SlackRoom]:
    """Open a room. With `threads`, Slack sends every message of its channels, as to `cop manifest slack --threads`."""
    from peers.slack.hub import SlackPeer

    keep_slack_peer_from_the_kernels_ports()
    events = [*EVENTS, *(THREAD_EVENTS if threads else ())]
    async with SlackPeer(events=events, node_modules=node_modules) as peer:
        yield SlackRoom(peer, mode)


def _card(blocks: list[Block], channel: str, ts: str, kind: str, *, text: str = "", replaced: bool = False) -> Shown:
    surface = {"kind": kind, "blocks": blocks, "channel": channel, "ts": ts}
    return Shown(words_of(blocks) or text, _buttons(blocks), _links(blocks), replaced=replaced, surface=surface)


def _view(view: Block, kind: str) -> Shown:
    blocks = view["blocks"]
    if kind == "home":
        surface = {"kind": "home", "blocks": blocks, "channel": "", "ts": ""}
        return Shown(words_of(blocks), _buttons(blocks), surface=surface)
    fields = {b["element"]["action_id"]: _initial(b["element"]) for b in blocks if b["type"] == "input"}
    return Shown(f"{view['title']['text']}\n{words_of(blocks)}", fields=fields, surface=view)


def _slack_ids(answer: Any) -> Any:
    """Replace people by their Slack ids."""
    return [getattr(one, "id", one) for one in answer] if isinstance(answer, list) else answer


def _initial(element: Block) -> Any:
    begun = element.get(INITIAL[element["type"]])
    if isinstance(begun, dict):
        return begun["value"]
    return [o["value"] if isinstance(o, dict) else o for o in begun] if isinstance(begun, list) else begun


def marked(args: Block) -> Iterator[str]:
    """Yield every text in which Slack would find marks such as `<!channel>`, without the dates written that way."""
    yield str(args.get("text") or "").replace("<!date^", "")
    for block in args.get("blocks") or args.get("view", {}).get("blocks") or []:
        for node in every(block):
            if node.get("type") == "mrkdwn":
                yield node["text"].replace("<!date^", "")


def every(node: Any) -> Iterator[Block]:
    """Yield every dictionary in a block, however deep."""
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from every(inner)


def words_of(blocks: Any) -> str:
    """Return everything a person would read, without the labels of buttons and menus."""
    return "\n".join("".join(_texts(block)) for block in blocks if block["type"] != "actions").strip()


def _texts(node: Any) -> Iterator[str]:
    """Yield the text of any kind of block."""
    if isinstance(node, list):
        for inner in node:
            yield from _texts(inner)
    elif isinstance(node, dict):
        if node.get("type") == "user":
            yield f"<@{node['user_id']}>"
        if node.get("type") == "date":
            yield node["fallback"]
        text = node.get("text")
        if isinstance(text, str):
            yield text
        for name in ("text", "elements", "fields", "label", "hint"):
            if not isinstance(node.get(name), str):
                yield from _texts(node.get(name))
        if node.get("type") in ("rich_text_section", "rich_text_quote", "section", "context"):
            yield "\n"


def _buttons(blocks: list[Block]) -> dict[str, str]:
    drawn = [e for b in blocks if b["type"] == "actions" for e in b["elements"] if "url" not in e]
    return {(e.get("text") or e["placeholder"])["text"]: e["action_id"] for e in drawn}


def _links(blocks: list[Block]) -> dict[str, str]:
    drawn = [e for b in blocks if b["type"] == "actions" for e in b["elements"] if "url" in e]
    return {e["text"]["text"]: e["url"] for e in drawn}


def _pressed(blocks: list[Block], action_id: str, value: str | None = None) -> Block:
    from peers.slack.actors import element_state, elements

    block_id, element = next(found for found in elements(blocks) if found[1]["action_id"] == action_id)
    pressed = element_state(element, element.get("value") if value is None else value)
    return {**pressed, "action_id": action_id, "block_id": block_id, "action_ts": f"{time.time():.6f}"}
