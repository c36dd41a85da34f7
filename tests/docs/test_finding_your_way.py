"""The pages for contributors name files and definitions that exist."""

import ast
import re
from pathlib import Path

import pytest

from bot.core.app import App
from bot.core.context import Context
from bot.core.feature import Feature
from tests.docs.pages import DOCS, code

PAGE = DOCS / "finding-your-way.md"
ROW = re.compile(r"^\| (.+?\?) \| `([\w/]+\.py)(?:::(\w+))?` \|", re.MULTILINE)
ANSWERS = ROW.findall(PAGE.read_text(encoding="utf-8"))
DEVELOPER_PAGES = (
    Path("CONTRIBUTING.md"),
    *(DOCS / name for name in ("architecture.md", "delivery.md", "glossary.md")),
    *sorted((DOCS / "decisions").glob("*.md")),
)
OWNERS = {"App": App, "ctx": Context, "feature": Feature}
ATTRIBUTE = re.compile(rf"({'|'.join(OWNERS)})\.(\w+)")
INSIDE = re.compile(r"(?:adapters|bot|scheduler|storage|tests|docs)/[\w./-]*")


def definitions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


@pytest.mark.parametrize(("question", "path", "name"), ANSWERS)
def test_answer_is_a_file_that_defines_the_name(question: str, path: str, name: str) -> None:
    assert Path(path).is_file(), question
    assert not name or name in definitions(Path(path)), question


def test_there_are_ten_questions_with_an_answer_each() -> None:
    rows = [row for row in PAGE.read_text(encoding="utf-8").splitlines() if row.startswith("| ")]
    assert len(ANSWERS) == len(rows) - 2 == 10
    assert len({path for _question, path, _name in ANSWERS}) == 10


@pytest.mark.parametrize("page", DEVELOPER_PAGES, ids=str)
def test_every_path_on_a_developer_page_exists(page: Path) -> None:
    named = [span for span in code(page) if INSIDE.fullmatch(span)]
    assert [path for path in named if not Path(path).exists()] == []


@pytest.mark.parametrize("page", DEVELOPER_PAGES, ids=str)
def test_every_name_on_a_developer_page_is_defined(page: Path) -> None:
    named = [found.groups() for span in code(page) if (found := ATTRIBUTE.fullmatch(span))]
    fields = {owner: {*dir(kind), *getattr(kind, "__annotations__", ())} for owner, kind in OWNERS.items()}
    assert [f"{owner}.{name}" for owner, name in named if name not in fields[owner] | {"py"}] == []
