"""Refuses words that cannot be read, whatever the rest of the phrase says: unknown, relative and ambiguous ones."""

import re
from datetime import date, timedelta
from difflib import get_close_matches

from bot.cadence import error_messages
from bot.cadence.errors import ParseError
from bot.cadence.parse.languages import Tongue
from bot.cadence.parse.lexicon_en import MONTHS
from bot.cadence.parse.tokens import Word, WordList
from bot.cadence.time_zones import closest_zone

# "hora de Narnia", "Narnia time"
A_CLOCK = re.compile(r"^(?:hora (?:de|del|en)|time (?:in|of)) | time$")


def check_words(words: WordList, phrase: str, today: date, tongue: Tongue) -> None:
    """Raise ParseError for the first such word. It suggests the phrase with that word replaced, where that helps."""
    for place, word in enumerate(words.left):
        if word.sign == "b":
            twice, other = next(both for part, both in tongue.two_faced.items() if part in word.text)
            raise error_messages.two_readings(word.text, twice, other, phrase.replace(word.text, other))
        if word.text == "mar" and tongue.tag == "es" and _may_be_tuesday(words.left, place):
            raise error_messages.two_readings(word.text, "martes", "marzo")
        if word.sign == "W":
            raise _relative(word, words.left[place + 1 : place + 2], phrase, today)
        if word.sign == "?":
            raise _unknown(words.left[:place], words.left[place:], phrase, tongue)


def _may_be_tuesday(words: list[Word], place: int) -> bool:
    """Say whether the Spanish "mar" may be short for "martes": not within a date, after "de", or beside months."""
    near = [word for word in words[max(place - 2, 0) : place + 3] if word.sign != "&"]
    before = words[place - 1].sign if place else ""
    if before in ("o", "-", "F", "X", "i", "N") or any(word.sign == "N" for word in words[place + 1 : place + 2]):
        return False
    return not any(word.sign == "M" and word.text != "mar" for word in near)


def _relative(word: Word, following: list[Word], phrase: str, today: date) -> ParseError:
    """Return the error for "next Friday", which some people take for this week's and others for the next week's."""
    if not following or following[0].sign != "D":
        return error_messages.not_understood(word.text)
    text = f"{word.text} {following[0].text}"
    day = today + timedelta(days=(following[0].number - today.weekday() - 1) % 7 + 1)
    return error_messages.which_week(text, phrase.replace(text, f"{MONTHS[day.month - 1]} {day.day} {day.year}"))


def _unknown(before: list[Word], rest: list[Word], phrase: str, tongue: Tongue) -> ParseError:
    """Return the error for an unknown word: after a time of day probably meant as a time zone, elsewhere a typo."""
    intro = next((word for word in before if word.sign == "X"), None)
    if intro:
        return error_messages.exception_unread(phrase[: phrase.find(intro.text)])
    start = phrase.find(rest[0].text)
    if any(word.sign == "T" for word in before) and all(word.sign in "?&-No" for word in rest):
        zone = A_CLOCK.sub("", phrase[start:])
        return error_messages.unknown_zone(zone, phrase[:start] + closest_zone(zone), phrase[:start])
    unknown = [word.text for word in rest if word.sign == "?"]
    corrected = phrase
    for text in unknown[:3]:
        for close in get_close_matches(text, tongue.words, n=1, cutoff=0.8):
            corrected = corrected.replace(text, close, 1)
    # Before a date, it may say what the date is for: "paused December 14".
    if next((word.sign for word in rest if word.sign != "?"), "") in ("M", "N", "O"):
        return error_messages.not_understood(unknown[0], corrected)
    without = " ".join(phrase.replace(unknown[0], " ", 1).split())
    return error_messages.not_understood(unknown[0], corrected, without)
