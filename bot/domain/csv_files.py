"""Write tables as CSV files that open right in Excel, LibreOffice and Google Sheets. The only code that writes CSV.

The traps: Excel takes a file without a byte-order mark for Windows-1252 ("RÃ©union"). A cell that begins with "=", "+",
"-" or "@" is a formula, and runs. Where semicolons separate cells, as in Excel in Spanish, or where quotes are read
differently, a cell also begins inside what is a cell here: after a semicolon, a tab or a line break.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

CONTENT_TYPE = "text/csv"
BYTE_ORDER_MARK = "\ufeff"
# A number below zero is no formula.
NEGATIVE = re.compile(r"-\d{1,15}(?:\.\d{1,15})?")
LINE_BREAK = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
# No spreadsheet shows these, and some stop reading at them.
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufeff]")
# Spaces and quotes before a sign don't keep a spreadsheet from reading a formula. Full-width signs count too.
FORMULA = re.compile(r"[\s\"'“”]*[=+\-@＝＋－＠]")
# Inside a cell, "- tried it" after a line break is an item of a list, unless it could call something ("(", "|", "!").
INNER_FORMULA = re.compile(r"(?<=[;\t\n])(?=[ \"]*[=+\-@＝＋－＠])(?! *[-+] [^=@(|!;\t\n]*(?:[;\t\n]|$))")


def write(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return the text of the file, to be encoded as UTF-8."""
    written = io.StringIO()
    table = csv.writer(written, dialect="excel", quoting=csv.QUOTE_ALL)
    table.writerow([defuse(heading) for heading in headings])
    table.writerows([defuse(cell) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + written.getvalue()


def defuse(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it, or a part of it, for a formula: with "'" before what could be.

    Line breaks become line feeds, as spreadsheets write them inside a cell.
    """
    if NEGATIVE.fullmatch(cell):
        return cell
    plain = CONTROL.sub("", LINE_BREAK.sub("\n", cell))
    inside = INNER_FORMULA.sub("'", plain)
    return f"'{inside}" if FORMULA.match(plain) else inside
