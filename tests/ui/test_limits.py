"""A message that is too big for any platform can't be created."""

from collections.abc import Callable

import pytest

from bot import ui
from bot.ui import (
    Button,
    Chart,
    ChoiceField,
    Facts,
    Form,
    Link,
    Message,
    Picture,
    Point,
    Select,
    Table,
    Text,
    TextField,
    TickField,
    TooBig,
)

ELEVEN = tuple(Button("x", "a.b", str(n)) for n in range(11))
MANY = tuple((str(n), str(n)) for n in range(26))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Message((Text("x" * 3_001),)),
        lambda: Message((Text("x"),) * 21),
        lambda: Message(title="x" * 101),
        lambda: Message(actions=ELEVEN),
        lambda: Message(actions=(Button("A", "a.b", "1"), Button("B", "a.b", "1"))),
        lambda: Message(actions=tuple(Select("s", "a.b", (("1", "1"),), str(n)) for n in range(3))),
        lambda: Facts((("a", "b"),) * 11),
        lambda: Table(("a",) * 11, ()),
        lambda: Table(("a",), (("b",),) * 201),
        lambda: Table(("a",), (), "x" * 101),
        lambda: Message((Table(("a", "b"), (("x" * 300, "y"),) * 10),)),
        lambda: Chart("bars", "x" * 101, "", ("a", "b"), ()),
        lambda: Chart("bars", "", "x" * 301, ("a", "b"), ()),
        lambda: Chart("line", "", "", ("a", "b"), (Point("p"),) * 121),
        lambda: Message((Chart("line", "t", "f", ("a", "b"), (Point("p", 1, "x" * 40),) * 80),)),
        lambda: Picture("https://example.org/", "x" * 1_025),
        lambda: Picture("https://example.org/" + "y" * 2_048, "A room"),
        lambda: Button("x" * 76, "a.b"),
        lambda: Button("x", "a.b", "y" * 82),
        lambda: Link("x", "https://example.org/" + "y" * 500),
        lambda: Select("s", "a.b", MANY),
        lambda: Select("s", "a.b", ()),
        lambda: ChoiceField("c", "c", MANY),
        lambda: TickField("t", "t", MANY[:11]),
        lambda: TextField("t", "t", max_length=4_001),
        lambda: Form("a.b", "x" * 25, ()),
        lambda: Form("a.b", "x", tuple(TextField(str(n), "t") for n in range(6))),
        lambda: Form("a.b", "x", tuple(TextField(str(n), "t") for n in range(5)), intro="counts too"),
        lambda: Form("a.b", "x", (TextField("t", "y" * 46),)),
        lambda: Form("a.b", "x", (TextField("t", "y", hint="z" * 101),)),
    ],
)
def test_message_that_is_too_big_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(TooBig):
        make()


def test_largest_allowed_message_is_accepted() -> None:
    message = Message((Text("x" * 2_900),), title="x" * 100, actions=ELEVEN[:10])
    assert message.size == ui.MAX_MESSAGE
