"""Phrases about closed days, with the dates worked out by hand on a paper calendar.

Said in New York on Monday, 1 September 2025. The country is the US: Labor Day is 1 September, Columbus Day 13 October,
Veterans Day 11 November (a Tuesday), Thanksgiving 27 November, Christmas 25 December (Thursdays), New Year's Day
1 January (a Thursday), Martin Luther King Day 19 January, Presidents' Day 16 February (Mondays). The school is closed
on 23 September, 26 to 28 November, 24 December to 2 January, and 16 to 20 February.
"""

CLOSED = "Sep 23, Nov 26 to 28, Dec 24 to Jan 2, Feb 16 to 20"

# The first dates that a phrase should give.
# Without 23 September.
TUESDAYS_OPEN = "2025-09-02 2025-09-09 2025-09-16 2025-09-30 2025-10-07"
TUESDAYS_ALL = "2025-09-02 2025-09-09 2025-09-16 2025-09-23 2025-09-30"
EVERY_OTHER = (
    "2025-09-02 2025-09-16 2025-09-30 2025-10-14 2025-10-28 2025-11-11 2025-11-25 2025-12-09 2025-12-23 2026-01-06"
)
# The fourth ones. 27 November and 25 December are closed.
THURSDAYS_SKIPPED = "2025-09-25 2025-10-23 2026-01-22 2026-02-26"
# Not on 1 January, which is closed.
THURSDAYS_WEEK = "2025-09-25 2025-10-23 2025-12-04 2026-01-08 2026-01-22"
# The second ones. Columbus Day moves the meeting to Tuesday.
MONDAYS_AFTER = "2025-09-08 2025-10-14 2025-11-10 2025-12-08 2026-01-12"
# Mondays; those on holidays move to Fridays.
THIRD_BEFORE = "2025-09-15 2025-10-20 2025-11-17 2025-12-15 2026-01-16 2026-02-13"
DECEMBER_BREAK = "2025-12-16 2026-01-06"

SAID = [
    ("every other Tuesday 9:30 to 11 except school holidays", EVERY_OTHER),
    ("every other Tuesday 9:30 to 11 excluding district closures", EVERY_OTHER),
    ("cada dos martes de 9:30 a 11 excepto vacaciones escolares", EVERY_OTHER),
    ("every Tuesday at 4pm except school holidays", TUESDAYS_OPEN),
    ("every Tuesday at 4pm except when school is closed", TUESDAYS_OPEN),
    ("every Tuesday at 4pm unless we are closed", TUESDAYS_OPEN),
    ("every Tuesday at 4pm, but not on school breaks", TUESDAYS_OPEN),
    ("Tuesdays at 4pm, skipping school holidays", TUESDAYS_OPEN),
    ("Tuesdays 4pm, no meeting during school vacation", TUESDAYS_OPEN),
    ("Tuesdays 4pm except our closed days", TUESDAYS_OPEN),
    ("Tuesdays 4pm unless it is a school holiday", TUESDAYS_OPEN),
    ("Tuesdays 4pm; if it is a school holiday, we skip it", TUESDAYS_OPEN),
    ("Tuesdays 4pm, if it falls on a school break, no meeting", TUESDAYS_OPEN),
    ("los martes a las 16:00 excepto los días de cierre", TUESDAYS_OPEN),
    ("los martes a las 16:00, salvo vacaciones", TUESDAYS_OPEN),
    ("los martes a las 16:00, menos los días no lectivos", TUESDAYS_OPEN),
    ("Tuesdays 4pm even on school holidays", TUESDAYS_ALL),
    ("Tuesdays 4pm including school holidays", TUESDAYS_ALL),
    ("los martes a las 16:00, incluso en vacaciones", TUESDAYS_ALL),
    ("fourth Thursday at 4pm except holidays", THURSDAYS_SKIPPED),
    ("fourth Thursday at 4pm unless it is a holiday", THURSDAYS_SKIPPED),
    ("fourth Thursday at 4pm unless it's a holiday", THURSDAYS_SKIPPED),
    ("fourth Thursday at 4pm, skip public holidays and school holidays", THURSDAYS_SKIPPED),
    ("fourth Thursday at 4pm if it is not a holiday", THURSDAYS_SKIPPED),
    ("cuarto jueves a las 16:00 excepto feriados y vacaciones", THURSDAYS_SKIPPED),
    ("cuarto jueves a las 16:00 si no es feriado ni vacaciones", THURSDAYS_SKIPPED),
    ("fourth Thursday unless it is a holiday, then the week after, 4pm", THURSDAYS_WEEK),
    ("fourth Thursday at 4pm unless it is a holiday, in which case a week later", THURSDAYS_WEEK),
    ("fourth Thursday at 4pm; if it is a holiday, it moves to the following week", THURSDAYS_WEEK),
    ("fourth Thursday at 4pm, or the week after if it's a holiday", THURSDAYS_WEEK),
    ("fourth Thursday at 4pm; when that is a holiday, we meet the week after", THURSDAYS_WEEK),
    ("fourth Thursday at 4pm unless it falls on a holiday, then the next week", THURSDAYS_WEEK),
    ("cuarto jueves a las 16:00, salvo que sea feriado o vacaciones, entonces la semana siguiente", THURSDAYS_WEEK),
    ("cuarto jueves a las 16:00; si cae en feriado o vacaciones, una semana después", THURSDAYS_WEEK),
    ("second Monday at 9am unless it is a public holiday, then the next day", MONDAYS_AFTER),
    ("second Monday at 9am unless it is a federal holiday, then the day after", MONDAYS_AFTER),
    ("second Monday at 9am; if it is a bank holiday move to the next business day", MONDAYS_AFTER),
    ("second Monday, 9am; on public holidays, the following day", MONDAYS_AFTER),
    ("second Monday at 9am, or the next working day if it is a holiday", MONDAYS_AFTER),
    ("segundo lunes a las 9:00, a menos que caiga en festivo, en cuyo caso el día siguiente", MONDAYS_AFTER),
    ("segundo lunes a las 9:00; si es feriado, pasa al siguiente día hábil", MONDAYS_AFTER),
    ("third Monday at 9am unless it is a public holiday, then the day before", THIRD_BEFORE),
    ("third Monday at 9am unless it is a national holiday, in which case the previous business day", THIRD_BEFORE),
    ("third Monday at 9am; if it's a legal holiday, the working day before", THIRD_BEFORE),
    ("tercer lunes a las 9:00; si es feriado, el día hábil anterior", THIRD_BEFORE),
    ("every Tuesday from Dec 16 to Jan 6 at 4pm except December 22 to January 2", DECEMBER_BREAK),
    ("every Tuesday from Dec 16 to Jan 6 at 4pm except Dec 23 and Dec 30", DECEMBER_BREAK),
    ("every Tuesday from Dec 16 to Jan 6 at 4pm without Dec 23, Dec 30", DECEMBER_BREAK),
    ("every Tuesday from Dec 16 to Jan 6 at 4pm except December 23 and 30", DECEMBER_BREAK),
    ("cada martes del 16 de diciembre al 6 de enero a las 16:00 excepto el 23 y el 30 de diciembre", DECEMBER_BREAK),
    ("monthly on the last business day at 3pm", "2025-09-30 2025-10-31 2025-11-25 2025-12-23 2026-01-30"),
    ("Oct 13 and Nov 11 at 3pm unless it is a holiday, then the day after", "2025-10-14 2025-11-12"),
    ("second Monday 9am except school holidays, unless it is a public holiday, then the week after",
     "2025-09-08 2025-10-20 2025-11-10"),
]  # fmt: skip
