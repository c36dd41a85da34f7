"""`make audit` reports what is known, and never that all is well if nothing could be looked up."""

import json

import pytest

from tests.audit import main, verdict

SOUND = {"name": "yarl", "version": "1", "vulns": []}
WEAK = {"name": "old", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}
UNKNOWN = {"name": "ours", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("parts", "code", "says"),
    [
        ([SOUND], 0, "Of the other 1, none has a known weakness."),
        ([SOUND, WEAK], 1, "old 1: PYSEC-1. Mended in: 2."),
        ([SOUND, UNKNOWN], 2, "1 of 2 parts could not be looked up"),
        ([UNKNOWN, WEAK], 1, "PYSEC-1"),
        ([UNKNOWN], 2, "nothing is known of them"),
    ],
)
def test_audit_reports_known_weaknesses(parts: list[object], code: int, says: str) -> None:
    ended, said = verdict(json.dumps({"dependencies": parts}))
    assert ended == code
    assert says in "\n".join(said)


@pytest.mark.parametrize("answer", ["", "no", "[]", "{}", '{"dependencies": []}'])
def test_missing_answer_is_no_good_news(answer: str) -> None:
    code, said = verdict(answer)
    assert (code, "Nobody could be asked" in said[0]) == (2, True)


@pytest.mark.parametrize(("parts", "code"), [([WEAK], 1), ([UNKNOWN, WEAK], 1), ([UNKNOWN], 0), ([SOUND], 0)])
def test_ci_fails_for_known_weaknesses_only(parts: list[object], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """CI fails for known vulnerabilities, and says what couldn't be looked up."""
    assert main(json.dumps({"dependencies": parts}), known=True) == code
    said = capsys.readouterr().out
    assert ("could not be looked up" in said) == (UNKNOWN in parts)


def test_ci_reports_that_nobody_could_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main("", known=True) == 0
    assert "Nobody could be asked" in capsys.readouterr().out
