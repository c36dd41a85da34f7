"""English words for when people meet, each with a one-letter sign of what it means, and English idioms."""

import re
from collections.abc import Callable, Iterable

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

# A sign and a number. The signs:
#   O which one (first, 15th, last), D weekday, M month, N number, Y year, T time of day, E each, A other, K week,
#   L month as a unit, Q quarter, B business day, Z day, S seasonal, & and, - to (1 through, 2 until),
#   F from (1 starting), H at, o of, d duration,
#   i in (only before a month), q a date, t a time or stretch of time, C for so many weeks or meetings,
#   R beside (1 after, -1 before), W relative to today, b ambiguous ("biweekly"),
#   ? unknown: neither in WORDS nor in SILENT.
# Signs for closed days:
#   X except, c if it is one (1: unless), h holidays (1 public, 2 our own, 3 both), k even on them,
#   m what then (1 skip, 2 week after, 3 day after, 4 day before).
Sign = tuple[str, int]

SILENT = frozenset(
    (
        "the", "on", "for", "a", "an", "we", "our", "us", "is", "are", "be", "will", "please", "only",
        "meet", "meets", "meeting", "meetings", "session", "sessions", "call", "calls", "hold", "held", "o'clock",
    )
)  # fmt: skip


def _names(sign: str, names: tuple[str, ...], first: int) -> dict[str, list[Sign]]:
    return {name: [(sign, number)] for number, name in enumerate(names, start=first)}


def _short(sign: str, names: tuple[str, ...], first: int) -> dict[str, list[Sign]]:
    return {name[:3]: [(sign, number)] for number, name in enumerate(names, start=first)}


def _all(signs: str, words: str) -> dict[str, list[Sign]]:
    return {word: [(sign, 0) for sign in signs] for word in words.split()}


def every_months(count: int, words: str) -> dict[str, list[Sign]]:
    return {word: [("E", 0), ("N", count), ("L", 0)] for word in words.split()}


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
    "to": [("-", 0)],
    **{word: [("-", 1)] for word in ("through", "thru")},
    **{word: [("-", 2)] for word in ("until", "till", "ending", "ends")},
    **{word: [("F", 0)] for word in ("from", "since")},
    **{word: [("F", 1)] for word in ("starting", "start", "starts", "beginning", "begins", "effective")},
    **_all("i", "in during"),
    **_all("H", "at"),
    **_all("o", "of"),
    **_all(
        "X", "except excluding excepting excl unless but skip skipping not no if without barring omitting off paused"
    ),
    **{word: [("R", 1)] for word in ("after", "following")},
    **{word: [("R", -1)] for word in ("before", "preceding")},
    **_all("c", "ifclosed"),
    "unlessclosed": [("c", 1)],
    **_all("k", "evenon including included"),
    "publicholiday": [("h", 1)],
    **{word: [("h", 2)] for word in ("ownholiday", "closures", "closure", "vacation", "vacations")},
    **{word: [("h", 3)] for word in ("holiday", "holidays")},
    **{word: [("m", number)] for number, word in enumerate(("skipit", "weekafter", "dayafter", "daybefore"), start=1)},
    **_all("W", "next this coming upcoming tonight yesterday"),
    **_all("b", "biweekly bimonthly semiweekly semimonthly"),
    "last": [("O", -1)],
    "final": [("O", -1)],
    "penultimate": [("O", -2)],
    **_all("EK", "weekly"),
    **_all("AK", "fortnight fortnights"),
    **_all("EAK", "fortnightly"),
    **_all("EL", "monthly"),
    **_all("EQ", "quarterly"),
    **every_months(12, "yearly annually annual"),
    **every_months(6, "semiannually semiannual"),
    **_all("EZ", "daily"),
    **{word: [("D", 0), ("-", 0), ("D", 4)] for word in ("weekday", "weekdays")},
    **{word: [("D", 5), ("-", 0), ("D", 6)] for word in ("weekend", "weekends")},
}

Turn = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def turns(pairs: Iterable[tuple[str, str | Callable[[re.Match[str]], str]]]) -> tuple[Turn, ...]:
    """Compile pairs of a pattern and its replacement."""
    return tuple((re.compile(pattern), words) for pattern, words in pairs)


# Times of day as they are written without a colon, in any language: "9h30", "1530", "17.30", "6p".
WITHOUT_COLON = turns(
    (
        (r"(?<!for )\b([0-9]{1,2}) ?h ?([0-5][0-9])\b", r"\1:\2"),
        (r"(?<!for )(?<!durante )(?<!por )\b([0-9]{1,2}) ?h\b\.?", r"\1:00"),
        (
            r"\b(at |a las? |from |- ?)([01][0-9]|2[0-3])([0-5][0-9])(?: ?h(?:rs|ours)?)?(?![-/.]?[0-9]| ?min)\b",
            r"\1\2:\3",
        ),
        (r"(?<![-/.:0-9])(0[0-9]|1[0-8]|2[23])([0-5][0-9])(?: ?h(?:rs|ours)?)?(?![-/.]?[0-9]| ?min)\b", r"\1:\2"),
        (
            r"(?<![-/.:0-9])([01][0-9]|2[0-3])([0-5][0-9]) ?- ?([01][0-9]|2[0-3]):?([0-5][0-9])(?![-/.]?[0-9])\b",
            r"\1:\2 - \3:\4",
        ),
        (r"\b(at |a las? )([0-9]{1,2})\.([0-5][0-9])(?![.0-9]|/)", r"\1\2:\3"),
        (
            r"(?<![-/.:0-9])([01]?[0-9]|2[0-4])\.(00|1[3-9]|[2-5][0-9])"
            r"(?![./0-9]| ?(?:h|hrs?|hours?|horas?|min[a-z]*)\b)",
            r"\1:\2",
        ),
        (r"\b([0-9]{1,2}(?::[0-9]{2})?)([ap])\b(?!\.?m)", r"\1\2m"),
    )
)


def _with_colons(found: re.Match[str]) -> str:
    text = found.group()
    for pattern, words in WITHOUT_COLON:
        text = pattern.sub(words, text)
    return text


# A whole phrase with something that each of these times has. Most phrases have none, and nine patterns take long.
CLOCKS = (r"^.*[0-9](?: ?h|\.[0-9]|[0-9]{2}|[ap]\b).*$", _with_colons)


def _half_day(found: re.Match[str]) -> str:
    return f"{found[2]}{'am' if found[1].startswith('morning') else 'pm'}"


_MINUTE_WORDS = {"five": 5, "ten": 10, "quarter": 15, "twenty": 20, "twenty-five": 25, "twenty five": 25}
_MINUTES = r"(five|ten|twenty[- ]five|twenty|5|10|20|25)"


def _in_digits(found: re.Match[str]) -> str:
    return f"{found[1]} {COUNTS.index(found[2]) + 1}"


def _past(found: re.Match[str]) -> str:
    return f"{found[2]}:{_MINUTE_WORDS.get(found[1]) or int(found[1]):02}"


def _to(found: re.Match[str]) -> str:
    return f"{(int(found[2]) - 2) % 12 + 1}:{60 - (_MINUTE_WORDS.get(found[1]) or int(found[1]))}"


# Idioms, replaced with the words above before reading.
_EVERY_MONTH = {"odd": MONTHS[::2], "even": MONTHS[1::2]}
_MONTH_WORD = rf"(?:{'|'.join(month[:3] for month in MONTHS)})[a-z]*\b"
_ON_A_DAY = rf"(?=(?:[0-9]{{1,2}}(?:st|nd|rd|th)? )?(?:{'|'.join(month[:3] for month in MONTHS)})[a-z]*\b)"

TURNS = turns(
    (
        # The verb, not the month.
        (r"\b(we|they|it|you|i|meetings?|calls?) may (?=[a-z])", r"\1 "),
        (r"\bmay (?=(?:be|meet|gather|convene|hold|have|also)\b)", ""),
        CLOCKS,
        (
            r"\b(?:every |each )?(odd|even)(?:[- ]numbered)? months?\b",
            lambda found: " and ".join(_EVERY_MONTH[found[1]]),
        ),
        (r"\btwice (?=(?:a|per|each|every) year\b)", "two times "),
        (
            r"\b(first|second|third|fourth|fifth|last|final|[1-5](?:st|nd|rd|th)) weekday(?= of|,|$| in )",
            r"\1 businessday",
        ),
        (rf"(?<=[0-9]) or {_ON_A_DAY}", " and "),
        (r"\b(?:second|next)[- ](?:to[- ])?last\b", "penultimate"),
        (r"\b(?:business|working|work)[- ]days?\b", "businessday"),
        (r"\bbetween ([a-z0-9:., ]+?) and\b", r"\1 to"),
        (r"\bonce (?:a|per|each|every) (?=week|month|quarter)", "every "),
        (r"\b(?:once (?:a|per|each|every)|every|each) year\b", "yearly"),
        (r"\btwice (?:a|per|each|every) (?=month)", "every "),
        (r"\bbi-(?=weekly|monthly)", "bi"),
        (r"\bsemi-(?=weekly|monthly)", "semi"),
        (r"\bbut not(?: on| in| during)?\b", "except"),
        (r"\b([a-z]+day)s? (?=(?:mornings|afternoons|evenings)\b)", r"every \1 "),
        # 2026-01-14T16:00
        (r"(?<=[0-9])t(?=[0-9])", " "),
        (
            r"\b(mornings?|afternoons?|evenings?),? (?:at |from )?([0-9]{1,2}(?:[:.][0-9]{2})?)(?![0-9:.]| ?[ap]\.?m)",
            _half_day,
        ),
        (rf"\b(past|(?:quarter|minutes) to|at) ({'|'.join(COUNTS)})\b(?! (?:minutes )?(?:past|to)\b)", _in_digits),
        (r"\bhalf past ([0-9]{1,2})(?![0-9:])", r"\1:30"),
        (r"\b(?:a )?quarter past ([0-9]{1,2})(?![0-9:])", r"\1:15"),
        (rf"\b{_MINUTES} (?:minutes )?past ([0-9]{{1,2}})(?![0-9:])", _past),
        (rf"\b{_MINUTES} minutes (?:to|before) ([0-9]{{1,2}})(?![0-9:])", _to),
        (r"\b(?:a )?(quarter) (?:to|before) ([0-9]{1,2})(?![0-9:])", _to),
        (r"\b(?:but|with) no(?:t|t on|t in)?\b|\bw/o\b", "except"),
        (rf"\b((?:except|without|excluding|skip|skipping|not|no)\b[a-z ]*) or (?=(?:in )?{_MONTH_WORD})", r"\1 and "),
        (
            rf"\b(?:during|in|for) the (?:school|academic|program) year,? "
            rf"(?=\(?{_MONTH_WORD} (?:to|through|thru|until|-))",
            "",
        ),
    )
)

# Idioms for closed days, only tried if a phrase matches CLOSED_WORD.
CLOSED_WORD = re.compile(r"\b(?:holidays?|clos(?:ed|ures?|ings?)|breaks?|recess|vacations?)\b")
_IT = r"(?: (?:it|that|this|they|we|the (?:day|date|meeting)|school|the (?:school|district|office)))?"
_IS = r"(?:'s| is| are| falls?| lands?| happens to be| happens)?(?: on| in)?(?: during)?(?: an?| one of)?"
_THEN = (
    r"(?:\b(?:then|in (?:which|that) case|instead|and|or|when|we|it|is|gets?|will|be|moves?|moved|shifts?|shifted"
    r"|pushed|postponed|meets?|meeting|use|to|on),? )*"
)
_DAY = r"(?:businessday|weekday|school day|open day|day)"
CLOSED = turns(
    (
        (r"\b(?:public|federal|bank|national|legal|state|statutory|official) holidays?\b", "publicholiday"),
        (r"\b(?:school|district|academic) (?:holidays?|breaks?|clos(?:ures?|ings?)|vacations?|recess)\b", "ownholiday"),
        (r"\b(?:one of )?(?:our |the )?(?:own )?(?:closed days?|days? off|holiday breaks?)\b", "ownholiday"),
        (
            r"\b(?:days? )?(?:when|that|on which|whenever) (?:we|the school|school|the district) (?:is|are) closed\b",
            "ownholiday",
        ),
        (r"\bclosed\b", "ownholiday"),
        (r"(holidays?) (?:or|nor) (?:an? |on )?(?=(?:public|own)?holidays?\b)", r"\1 and "),
        (rf"\b(?:even|also)(?: if| when)?{_IT}{_IS}(?= (?:public|own)?holidays?\b)", "evenon"),
        (r"\b(?:holidays?|ownholiday|publicholiday)\b too\b", lambda found: f"evenon {found.group()[:-4]}"),
        (r"\b(?:if|when)(?: it(?:'s| is))? not(?= (?:an? )?(?:public|own)?holidays?\b)", "except"),
        (rf"\b(?:unless|except (?:if|when)){_IT}{_IS}(?= (?:public|own)?holidays?\b)", "unlessclosed"),
        (rf"\b(?:if|when|whenever|in case|should){_IT}{_IS}(?= (?:public|own)?holidays?\b)", "ifclosed"),
        (
            rf"{_THEN}\b(?:(?:the )?same day )?(?:the (?:next|following) week|following week|(?<=to )next week"
            r"|then next week|(?:the )?week after(?: that)?|(?:a|one) week (?:later|after))\b",
            "weekafter",
        ),
        (
            rf"{_THEN}\b(?:(?:on )?(?:the )?(?:next|following) {_DAY}|(?:the )?{_DAY} after|(?:a|one) {_DAY} later)\b",
            "dayafter",
        ),
        (
            rf"{_THEN}\b(?:(?:on )?(?:the )?(?:previous|preceding|prior) {_DAY}|(?:the )?{_DAY} (?:before|earlier)"
            rf"|(?:a|one) {_DAY} (?:before|earlier))\b",
            "daybefore",
        ),
        (
            rf"{_THEN}\b(?:skip (?:it|that one)|(?:is )?cancel(?:l?ed)?(?: it)?|do not meet|don't meet"
            r"|no (?:meeting|session|call)(?= *(?:$|[,;.])))\b",
            "skipit",
        ),
    )
)
