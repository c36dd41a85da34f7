"""Resolves a message for the place it goes to: mentions, commands, and the community that buttons are stamped with.

Views write `mention(7, "Ben")`, `command("share")` and `Button("Answer", "rounds.answer", "3")`. Here the mention
becomes Ben's account on that platform, the command gets this installation's root word, and the button's value is
stamped with the community it was shown for ("12:3"), so that a click means that community wherever it is made.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from secrets import token_urlsafe

from bot.ui import (
    Action,
    Button,
    Chart,
    Divider,
    Facts,
    Form,
    FormErrors,
    Link,
    Message,
    NextForm,
    Note,
    NotSaved,
    Page,
    Part,
    Picture,
    Quote,
    Reply,
    Select,
    Table,
    Text,
)

PERSON = re.compile(r"\]\(person:(\d+)\)")
COMMAND = re.compile(r"\[`([^`]*)`\]\(command:(member|facilitator|admin)\)")
NUMBER = re.compile(r"[0-9]{1,15}")  # fits into every database's integers
STAMP = re.compile(r"([0-9]{0,15})(?:\.([A-Za-z0-9_-]{6}))?")
SUFFIX = {"member": "", "facilitator": "-facilitate", "admin": "-admin"}


def encode_ref(community: int | None, value: str, once: str = "") -> str:
    """Stamp a value with a community: "12:3". Without one, it is ":3". `once` names one opening of a form: "12.x:3"."""
    return f"{community or ''}{'.' if once else ''}{once}:{value}"


def decode_ref(value: str) -> tuple[int | None, str]:
    """Return the community and value that `encode_ref` was given. A value without a stamp has no community."""
    head, colon, rest = value.partition(":")
    stamp = STAMP.fullmatch(head)
    if not colon or not stamp or (stamp[1] and not parse_id(stamp[1])):
        return None, value
    return parse_id(stamp[1]) or None, rest


def opening(value: str) -> str:
    """Return which opening of a form a value is stamped with, "" for none."""
    head, colon, _rest = value.partition(":")
    stamp = STAMP.fullmatch(head) if colon else None
    return (stamp[2] or "") if stamp else ""


def parse_id(text: str) -> int:
    """Return the id in a part of a value. Anything else that arrives from outside gives 0, which no row has."""
    return int(text) if NUMBER.fullmatch(text) else 0


class MessageResolver:
    """Resolves messages, forms and replies for one community on one platform."""

    def __init__(self, community: int | None, root: str, account: Callable[[int], str]) -> None:
        """`account(person)` returns their account on the platform, or "" if they have none."""
        self.community, self.root, self.account = community, root, account
        self.mentioned: set[int] = set()

    def message(self, message: Message) -> Message:
        """Resolve a message. Whom it mentions is among its subjects from then on."""
        self.mentioned.clear()
        parts = tuple(map(self.part, message.parts))
        return replace(
            message,
            parts=parts,
            actions=tuple(map(self.action, message.actions)),
            subjects=(*message.subjects, *self.mentioned),
        )

    def page(self, page: Page) -> Page:
        sections = (replace(s, parts=tuple(map(self.part, s.parts))) for s in page.sections)
        return replace(page, sections=tuple(sections), about=self.words(page.about))

    def form(self, form: Form) -> Form:
        """Stamp the form with the community and a name of this opening, so that it does its work once."""
        value = encode_ref(self.community, form.value, token_urlsafe(4))
        return replace(form, value=value, intro=self.words(form.intro))

    def reply(self, reply: Reply) -> Reply:
        match reply:
            case Message():
                return self.message(reply)
            case Form():
                return self.form(reply)
            case NextForm(form, shown):
                return NextForm(self.form(form), self.message(shown))
            case FormErrors(form):
                return replace(reply, form=self.form(form), draft=encode_ref(self.community, reply.draft))
            case NotSaved(messages=messages):
                return replace(reply, messages=tuple(map(self.message, messages)))
            case None:
                return None

    def part(self, part: Part) -> Part:
        match part:
            case Text(body) | Note(body):
                return replace(part, body=self.words(body))
            case Quote(_, by):
                return replace(part, by=self.words(by))
            case Facts(rows):
                return replace(part, rows=tuple((label, self.words(value)) for label, value in rows))
            case Divider() | Table() | Chart() | Picture():
                return part

    def action(self, action: Action) -> Action:
        match action:
            case Button() | Select():
                return replace(action, value=encode_ref(self.community, action.value))
            case Link():
                return action

    def words(self, body: str) -> str:
        """Resolve the tokens in CommonMark. A mention of a person without an account here stays as it is."""
        body = COMMAND.sub(lambda m: f"`/{self.root}{SUFFIX[m[2]]}{' ' if m[1] else ''}{m[1]}`", body)
        return PERSON.sub(self._person, body)

    def _person(self, found: re.Match[str]) -> str:
        person = int(found[1])
        self.mentioned.add(person)
        account = self.account(person)
        return f"](account:{account})" if account else found[0]
