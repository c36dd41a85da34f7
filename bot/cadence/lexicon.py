"""The words that people use for when they meet, and the one-letter sign of what each word is for."""

import re

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip
COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

# The signs: O which one (first, 15th, last), D weekday, M month, N number, Y year, T time of day,
# E each, A other, K week, L month as a unit, Q quarter, B business day, Z day, S seasonal,
# & and, - to, F from, H at, o of, d duration, X exception, W relative to today, b said of two lengths,
# ? not known. Words not listed and not in SILENT are not known.
Sign = tuple[str, int]

SILENT = frozenset(
    (
        "the", "on", "in", "during", "for", "a", "an", "we", "our", "us", "is", "are", "be", "will", "please", "only",
        "meet", "meets", "meeting", "meetings", "session", "sessions", "call", "calls", "hold", "held", "o'clock",
    )
)  # fmt: skip


def _names(sign: str, names: tuple[str, ...], first: int) -> dict[str, list[Sign]]:
    return {name: [(sign, number)] for number, name in enumerate(names, start=first)}


def _short(sign: str, names: tuple[str, ...], first: int) -> dict[str, list[Sign]]:
    return {name[:3]: [(sign, number)] for number, name in enumerate(names, start=first)}


def _all(sign: str, words: str) -> dict[str, list[Sign]]:
    return {word: [(sign, 0)] for word in words.split()}


WORDS: dict[str, list[Sign]] = {
    **_names("D", WEEKDAYS, 0),
    **_names("D", tuple(name + "s" for name in WEEKDAYS), 0),
    **_short("D", WEEKDAYS, 0),
    **_names("M", MONTHS, 1),
    **_short("M", MONTHS, 1),
    **_names("O", ORDINALS, 1),
    **_names("N", COUNTS, 1),
    "tues": [("D", 1)],
    "weds": [("D", 2)],
    "thur": [("D", 3)],
    "thurs": [("D", 3)],
    "sept": [("M", 9)],
    **_all("E", "each every per"),
    **_all("A", "other alternate alternating"),
    **_all("K", "week weeks"),
    **_all("L", "month months"),
    **_all("Q", "quarter quarters"),
    **_all("B", "businessday businessdays"),
    **_all("Z", "day days"),
    **_all("S", "seasonally seasonal"),
    **_all("&", "and plus"),
    **_all("-", "to through thru until till"),
    **_all("F", "from since starting start starts beginning begins effective"),
    **_all("H", "at"),
    **_all("o", "of"),
    **_all("X", "except excluding unless but skip skipping not if without"),
    **_all("W", "next this coming upcoming tonight yesterday"),
    **_all("b", "biweekly bimonthly semiweekly semimonthly"),
    "last": [("O", -1)],
    "final": [("O", -1)],
    "penultimate": [("O", -2)],
    "weekly": [("E", 0), ("K", 0)],
    "fortnight": [("A", 0), ("K", 0)],
    "fortnights": [("A", 0), ("K", 0)],
    "fortnightly": [("E", 0), ("A", 0), ("K", 0)],
    "monthly": [("E", 0), ("L", 0)],
    "quarterly": [("E", 0), ("Q", 0)],
    "daily": [("E", 0), ("Z", 0)],
    "weekdays": [("D", 0), ("-", 0), ("D", 4)],
    "weekday": [("D", 0), ("-", 0), ("D", 4)],
}

# Turns of phrase that are one idea, put into the words above before reading.
TURNS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"\b(?:second|next)[- ](?:to[- ])?last\b", "penultimate"),
        (r"\b(?:business|working|work)[- ]days?\b", "businessday"),
        (r"\bbetween ([a-z0-9:., ]+?) and\b", r"\1 to"),
        (r"\bonce (?:a|per|each|every) (?=week|month|quarter)", "every "),
        (r"\bbi-(?=weekly|monthly)", "bi"),
        (r"\bsemi-(?=weekly|monthly)", "semi"),
        (r"(?<=[0-9])t(?=[0-9])", " "),  # 2026-01-14T16:00
    )
)
