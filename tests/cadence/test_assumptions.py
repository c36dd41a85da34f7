"""What was taken for granted is remarked on, and nothing else is."""

from datetime import date

import pytest

from bot.cadence import read

LABOR_DAY = date(2025, 9, 1)  # a Monday


@pytest.mark.parametrize(
    ("phrase", "remark"),
    [
        ("28th of each month at 9am", ""),
        ("29th of each month at 9am", "Months without a 29th are passed over."),
        ("28th and 31st of each month at 9am", "Months without a 31st are passed over."),
        ("last day of each month at 9am", ""),
        ("fourth Friday of each month at 9am", ""),
        ("every Tuesday 4pm except Dec 23", ""),
        ("every Tuesday 4pm except Dec 22 to Dec 23", ""),
        ("every Tuesday 4pm except Dec 23 to Dec 24", ""),
        ("every Tuesday 4pm except Dec 24", "Leaving out December 24, 2025 changes nothing"),
        ("every Tuesday 4pm except Dec 24 to Dec 29", "Leaving out December 24, 2025 changes nothing"),
        ("every Tuesday 4pm except Dec 23 and Dec 31", "Leaving out December 31, 2025 changes nothing"),
        ("Oct 14, Jan 13, Feb 2 at 3pm except Jan 13", ""),
        ("Oct 14, Jan 13, Feb 2 at 3pm except Dec 24 and Jan 13", "Leaving out December 24, 2025 changes nothing"),
        ("June 28 at 3pm", ""),
        ("June 29 at 3pm", "The first date is June 29, 2026."),
        ("June 29, 2026 at 3pm", ""),
        ("2025-09-01, 2025-10-14 at 3pm", ""),
        ("2025-08-31, 2025-10-14 at 3pm", "One of these dates has passed."),
        ("two times a year on Oct 14 and Jan 13 at 4pm", ""),
    ],
)
def test_remark_is_made_only_where_there_is_cause(phrase: str, remark: str) -> None:
    warnings = read(phrase, zone="America/New_York", today=LABOR_DAY).warnings
    assert len(warnings) == bool(remark)
    assert all(warning.startswith(remark) for warning in warnings)
