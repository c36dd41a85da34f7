"""A message is made ready for its place: accounts for people, this root word, the community on each button."""

from dataclasses import replace

import pytest

from bot.core.resolver import MessageResolver, decode_ref, encode_ref, opening, parse_id
from bot.ui import (
    Button,
    Chart,
    Divider,
    Facts,
    Form,
    FormErrors,
    Link,
    Message,
    Note,
    Picture,
    Point,
    Quote,
    Select,
    Table,
    Text,
    TextField,
)
from bot.ui.markup import command, mention

ACCOUNTS = {7: "U7"}
HERE = MessageResolver(12, "cop", lambda person: ACCOUNTS.get(person, ""))
BEN, STRANGER = mention(7, "Ben"), mention(8, "Zed")


@pytest.mark.parametrize(
    ("stamped", "community", "value"),
    [
        ("12:3", 12, "3"),
        ("12:3:4", 12, "3:4"),
        (":3", None, "3"),
        ("3", None, "3"),
        ("", None, ""),
        ("x:3", None, "x:3"),
        ("0:3", None, "0:3"),
        ("1" * 15 + ":3", int("1" * 15), "3"),
        ("1" * 16 + ":3", None, "1" * 16 + ":3"),
        ("-1:3", None, "-1:3"),
        ("１２:3", None, "１２:3"),
    ],
)
def test_value_of_a_button_names_the_community_it_was_shown_for(stamped: str, community: int, value: str) -> None:
    assert decode_ref(stamped) == (community, value)


@pytest.mark.parametrize(("community", "stamped"), [(12, "12:a.b"), (None, ":a.b")])
def test_stamped_value_is_read_back(community: int | None, stamped: str) -> None:
    assert encode_ref(community, "a.b") == stamped
    assert decode_ref(stamped) == (community, "a.b")


@pytest.mark.parametrize(("text", "id"), [("7", 7), ("007", 7), ("", 0), ("7.", 0), ("-7", 0), ("９", 0), ("7 ", 0)])
def test_id_is_plain_digits_or_nothing(text: str, id: int) -> None:
    assert parse_id(text) == id


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (command("share"), "`/cop share`"),
        (command("help", "member"), "`/cop help`"),
        (command("checkin open", "facilitator"), "`/cop-facilitate checkin open`"),
        (command("", "admin"), "`/cop-admin`"),
        (f"Ask {BEN} or {BEN}", "Ask [Ben](account:U7) or [Ben](account:U7)"),
        (STRANGER, STRANGER),
        ("nothing to do", "nothing to do"),
    ],
)
def test_words_name_accounts_and_commands_of_the_place(body: str, shown: str) -> None:
    assert HERE.words(body) == shown


def test_every_part_and_action_of_a_message_is_made_ready() -> None:
    menu = Select("Which?", "rounds.choose", (("1", "One"),), "4")
    link = Link("Read", "https://example.org")
    # Plain text, in which nothing is a mention.
    figures = (
        Table((BEN,), ((BEN,),), BEN),
        Chart("bars", BEN, BEN, (BEN, BEN), (Point(BEN, 1, BEN),)),
        Picture("https://example.org/a.png", BEN),
    )
    message = Message(
        (Text(BEN), Note(BEN), Quote(BEN, BEN), Facts(((BEN, BEN),)), Divider(), *figures),
        actions=(Button("Answer", "rounds.answer", "3"), menu, link),
    )
    ready = HERE.message(message)
    shown = "[Ben](account:U7)"
    assert ready.parts == (Text(shown), Note(shown), Quote(BEN, shown), Facts(((BEN, shown),)), Divider(), *figures)
    assert ready.actions == (
        Button("Answer", "rounds.answer", "12:3"),
        Select("Which?", "rounds.choose", (("1", "One"),), "12:4"),
        link,
    )


def test_form_and_its_errors_name_the_community() -> None:
    form = Form("rounds.answer", "Answer", (TextField("body", "What?"),), value="3", intro=command("share"))
    ready = HERE.reply(form)
    assert isinstance(ready, Form)
    assert (decode_ref(ready.value), ready.intro) == ((12, "3"), "`/cop share`")
    again = HERE.reply(FormErrors(form, {"body": "Please write something."}, draft="9"))
    assert isinstance(again, FormErrors)
    assert (again.draft, again.problems) == ("12:9", {"body": "Please write something."})
    assert replace(again.form, value=ready.value) == ready


def test_each_opening_of_a_form_has_a_name_of_its_own_that_changes_nothing_else() -> None:
    form = Form("rounds.answer", "Answer", (TextField("body", "What?"),), value="3")
    values = [HERE.form(form).value for _each in range(50)]
    assert len(set(map(opening, values))) == 50
    assert {decode_ref(value) for value in values} == {(12, "3")}


@pytest.mark.parametrize(
    "value", ["", "3", "12:3", ":3", "12.abc:3", "12.abcdefg:3", ".:3", "x.abcdef:3", "12.abc/ef:3"]
)
def test_value_without_the_name_of_an_opening_names_none(value: str) -> None:
    assert opening(value) == ""


def test_no_reply_stays_none() -> None:
    assert HERE.reply(None) is None
