"""Importing storage.database.metadata registers every table in storage/."""

import ast
import subprocess
import sys
from pathlib import Path

import storage

TABLES = "import storage.database.metadata, sqlmodel; print(*sqlmodel.SQLModel.metadata.tables)"


def classes_with_a_table() -> list[str]:
    files = sorted(Path(storage.__path__[0]).rglob("*.py"))
    return [
        _table(node)
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ClassDef)
        and any(word.arg == "table" and ast.unparse(word.value) == "True" for word in node.keywords)
    ]


def _table(node: ast.ClassDef) -> str:
    """Return the name of the table: that of the class, unless it says another."""
    named = (
        each.value.value
        for each in node.body
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "__tablename__"
        if isinstance(each.value, ast.Constant)
    )
    return str(next(named, node.name.lower()))


def test_metadata_module_knows_every_table_in_storage() -> None:
    """In a new process, because other tests may have imported a module that metadata would miss."""
    known = subprocess.run([sys.executable, "-c", TABLES], check=True, capture_output=True, text=True).stdout.split()
    written = classes_with_a_table()
    assert len(written) > 40
    assert sorted(known) == sorted(written)
