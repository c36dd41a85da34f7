"""CSV files open right in Excel, LibreOffice and Google Sheets, and nothing in them is a formula."""

import ast
import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import csv_files

ROOT = Path(__file__).parents[2]
SIGNS = "=+-@＝＋－＠"


def read(text: str, delimiter: str = ",") -> list[list[str]]:
    """Read as a spreadsheet does that splits at `delimiter`."""
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=delimiter))


@pytest.mark.parametrize(
    ("typed", "cell"),
    [
        ("Réunion", "Réunion"),
        ("Reunión, mañana", "Reunión, mañana"),
        ("名前 🙂", "名前 🙂"),
        ('She said "hi"', 'She said "hi"'),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("=1+1", "'=1+1"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+49 30 1234", "'+49 30 1234"),
        ("-5", "-5"),
        ("-12.5", "-12.5"),
        ("-5-2", "'-5-2"),
        ("-5\t=1", "'-5\t'=1"),
        ("\t=1", "'\t'=1"),
        ("  =1", "'  =1"),
        ('"=1', "'\"=1"),
        ("\n=1", "'\n'=1"),
        ("＝1", "'＝1"),
        ("a;=1", "a;'=1"),
        ('a";=1', "a\";'=1"),
        ("a\n=HYPERLINK(1)", "a\n'=HYPERLINK(1)"),
        ("Tried:\n- songs\n- a + b", "Tried:\n- songs\n- a + b"),
        ("Tried:\n- cmd|' /C calc'!A0", "Tried:\n'- cmd|' /C calc'!A0"),
        ("Tried:\n-SUM(A1)", "Tried:\n'-SUM(A1)"),
        ("A1 = B", "A1 = B"),
        ("mei@example.org", "mei@example.org"),
        ("nu\0l \ufeffmark", "nul mark"),
        ("", ""),
    ],
)
def test_cell_is_text_in_every_spreadsheet(typed: str, cell: str) -> None:
    [[heading], [read_back]] = read(csv_files.write([typed], [[typed]]))
    assert heading == read_back == cell


@given(st.lists(st.text(st.sampled_from("=+-@＝ab ;,\t\n\r\"'()|!é") | st.characters(codec="utf-8")), min_size=1))
def test_no_part_of_a_cell_is_a_formula(cells: list[str]) -> None:
    """Whatever separates the cells, and even where quotes are not understood."""
    text = csv_files.write(cells, [cells])
    [headings, row] = read(text)
    assert len(headings) == len(row) == len(cells)
    for cell in (*headings, *row):
        assert cell.lstrip()[:1] not in tuple(SIGNS) or csv_files.NEGATIVE.fullmatch(cell)
        for part in re.split(r"[;\t\n]", cell)[1:]:
            begun = part.lstrip(' "')
            assert not begun.startswith(tuple(SIGNS)) or re.fullmatch(r" *[-+] [^=@(|!]*", part)


def test_rows_end_as_excel_ends_them() -> None:
    assert csv_files.write(["a", "b"], [["1\n2", "3"]]) == '\ufeff"a","b"\r\n"1\n2","3"\r\n'


def test_only_one_module_writes_csv() -> None:
    """So that no other file is without a byte-order mark or with a formula."""
    importing = [
        path.relative_to(ROOT).as_posix()
        for folder in ("bot", "adapters", "storage", "scheduler")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import) and any(name.name == "csv" for name in node.names)
    ]
    assert importing == ["bot/domain/csv_files.py"]
