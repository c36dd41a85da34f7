"""Every reader of input from outside, as a function of bytes. Whatever it raises is a fault."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.features import ALL
from bot.settings import Settings
from tests.fuzz import from_discord, from_slack, typed


@dataclass(frozen=True)
class Reader:
    """A reader, and what the fuzzer starts from: seeds, and a vocabulary to combine.

    `max_bytes` is the longest input in bytes. `json`: inputs are JSON, and stay so when they are changed.
    """

    read: Callable[[bytes], object]
    seeds: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    max_bytes: int = 400
    json: bool = False


def typed_words(words: str) -> tuple[str, ...]:
    return tuple(words.split())


READERS: Mapping[str, Reader] = {
    "phrase": Reader(
        typed.phrase,
        ("\x00second Wednesday of each month, October to June, 4pm", "\x05todos los segundos miércoles a las 16:00"),
        typed_words(
            "every other first last penultimate Monday weekday business day of each month quarter except in skip "
            "holidays October–June until through 4:30pm noon 16h at on the between and , ; 29 Feb 31 13:00-14:30 "
            "biweekly fortnight starting from New York time UTC+05:30 instead next working cada primer lunes salvo "
            "agosto último viernes del mes a las tarde quincenal desde hasta festivos"
        ),
    ),
    "moment": Reader(
        typed.moment,
        ("\x0014 Jan 4pm", "\x05el martes a las 16:00"),
        typed_words("tomorrow today next Friday 2025-02-30 29 Feb 24:00 noon mañana Lima Kathmandu EST Europe/ +14"),
    ),
    "closures": Reader(
        typed.closures,
        (
            "2025-12-24\n2025-12-22 to 2026-01-02 # winter\n",
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20251224\r\nDTEND;VALUE=DATE:20251227\r\n"
            "RRULE:FREQ=YEARLY;COUNT=3\r\nSUMMARY:Winter\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=Europe/Berlin:20251224T100000\nDURATION:P1DT2H\n"
            "EXDATE:20251224T100000\nRRULE:FREQ=WEEKLY;UNTIL=20260101T000000Z;BYDAY=MO,-1FR;INTERVAL=2\n"
            "STATUS:CANCELLED\nEND:VEVENT\nEND:VCALENDAR\n",
        ),
        (
            *(
                "\n",
                "\r\n ",
                "BEGIN:VEVENT\n",
                "END:VEVENT\n",
                "RDATE:20251231\n",
                "BEGIN:VTIMEZONE\n",
                "BEGIN:VALARM\n",
            ),
            *typed_words(
                "DTSTART: DTEND: DURATION: EXDATE; RRULE: VALUE=DATE: TZID= FREQ=DAILY COUNT= UNTIL= BYDAY= BYMONTH= "
                "INTERVAL= WKST= -P1W 20250229 99991231T235959Z to Dec 24"
            ),
        ),
        1_500,
    ),
    "days": Reader(
        typed.days,
        ("\x00Nov 28, Dec 22 to Jan 2", "\x002025-12-24 – 2026-01-02"),
        ("Feb 29", " to ", " and ", "–", "31", ";"),
    ),
    "fields": Reader(
        typed.fields,
        (
            "\x00facilitator <@U1>",
            "\x01from 22:00 to 7",
            "\x02#arrivals, youth-voice",
            "\x03https://[::1/x",
            "\x00España",
        ),
        ("<@&R1>", "<#C1|x>", "8pm", "a.m.", "until", "#", "://", "[", "minutes", "pt-BR", "zh-Hant-TW", "UK"),
    ),
    "command": Reader(
        typed.command,
        ("\x00checkin open How is it going?", "\x02role map facilitator <@1>", "\x01rounds.answer|1:1"),
        (*(spec.name for f in ALL for spec in f.commands.values()), "help ", "|1:", "`", "]("),
    ),
    "markup": Reader(
        typed.markup,
        ("\x00@everyone <!channel> <@U1> [x](https://evil.example) `a` *b* _c_ ~d~ ||e||",),
        ("\n- ", "\n1. ", *typed_words("``` ](person:1) <!here> @here \\ &amp; \u202e 👩‍👩‍👧 <t:1:R> </ -#")),
    ),
    "question": Reader(
        typed.question,
        ("\x00silent strats", "\x01año  #arrivals", "\x02ÜBERRASCHUNG"),
        ("c++", "-", "'s", "茶", "ß", "ﬁ", "İ", "#"),
    ),
    "dotenv": Reader(
        typed.dotenv,
        ("DATABASE_URL=postgresql://u:p@[::1]/x\nCOP_ROOT='cop'\nPORT=0x1\nMETRICS=maybe\nHTTP_PORT=70000\n",),
        tuple(f"{name.upper()}=" for name in Settings.model_fields),
    ),
    "page": Reader(
        typed.page,
        (
            '{"person":"ada","room":"general","text":"/cop help"}',
            '{"person":"ada","room":"general","act":"rsvp.yes","chosen":["a"],"under":1}',
            '{"person":"ada","room":"general","token":"t","form":"f","answers":{"body":["x"]}}',
        ),
        json=True,
    ),
    "slack": Reader(from_slack.read, from_slack.SEEDS, from_slack.VOCABULARY, 3_000, json=True),
    "discord": Reader(from_discord.read, from_discord.SEEDS, from_discord.VOCABULARY, 3_000, json=True),
}
