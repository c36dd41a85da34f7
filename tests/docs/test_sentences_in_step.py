"""The message catalogs have every sentence that the bot can say."""

import ast
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.devtools.extract_messages import SPOKEN_IN, TEMPLATE, collected, template

SPEAKING = ("_", "gettext", "ngettext")
MODULES = sorted(path for folder in SPOKEN_IN for path in folder.rglob("*.py"))


def test_message_template_is_in_step() -> None:
    with TEMPLATE.open("rb") as file:
        written = {message.id for message in read_po(file) if message.id}
    assert written == {message.id for message in collected() if message.id}, (
        "What the bot says changed. Run `make messages` and commit what it writes."
    )


def test_message_template_is_reproducible() -> None:
    assert template(collected()) == template(collected())
    assert "Date" not in TEMPLATE.read_text(encoding="utf-8").partition("\n\n")[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: "/".join(path.parts[-3:]))
def test_no_sentence_is_hidden_from_the_extractor(path: Path) -> None:
    """Before Python 3.12, an extractor sees an f-string only as a whole."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in SPEAKING:
                    assert not any(isinstance(a, ast.Constant) for a in call.args), f"{path.name}:{call.lineno}"
