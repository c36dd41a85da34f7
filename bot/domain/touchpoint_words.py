"""Reads a line of a schedule from plain words in English or Spanish, and says it so that it can be typed again.

    WHAT  WHEN  [at HOUR]  [in #CHANNEL | privately]  [for WHO]  [open LENGTH]  [no nudge]
    [may move | keep the day | no matter what]

WHEN is an offset from meetings ("5 working days after each meeting", "the Monday before", "halfway between meetings")
or whatever the reader of meeting schedules takes ("every Monday", "first and third Thursday", "every workday for two
weeks"). Parts stand in any order after WHEN, with or without commas.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from difflib import get_close_matches
from typing import assert_never
from zoneinfo import ZoneInfo

from bot import cadence
from bot.cadence import Dates, Rule, Unreadable, Weekly, assumptions, error_messages
from bot.cadence.calendar_names import clock, listed, weekday_name
from bot.cadence.describe import say_weekly
from bot.cadence.errors import ParseError
from bot.cadence.parse import lexicon_en, lexicon_es
from bot.cadence.parse.languages import SPANISH, locale_to_read, tongue_of
from bot.cadence.parse.times import USUAL_TIME
from bot.cadence.parse.tokens import clean
from bot.cadence.rule import USUAL_MINUTES
from bot.cadence.time_zones import without_accents
from bot.domain.between_meetings import MORNING
from bot.domain.touchpoints import (
    FACILITATORS,
    MOST_DAYS,
    MOST_OPEN,
    MOST_WEEKS,
    USUAL_OPEN,
    Anchor,
    Around,
    AtEnd,
    Chosen,
    Counted,
    EveryWeeks,
    Halfway,
    Offset,
    OnWeekday,
    Rhythm,
    Snap,
    Touchpoint,
    Unit,
    When,
    Which,
    Whom,
    Yields,
)
from bot.i18n import gettext as _
from bot.i18n import ngettext, speaking

WORKDAYS = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Vocabulary:
    """The names of a community's schedule, as its reader sees them.

    `whats` names each thing that can be scheduled, `also` are other words for it. `meeting_types` are labels by id.
    `groups` are the role groups of its members, and `people` their names. `channels` are names by id, without "#". A
    name that two platforms share means the channels of both.
    """

    whats: Mapping[str, str]
    also: Mapping[str, str] = field(default_factory=dict)
    meeting_types: Mapping[str, str] = field(default_factory=dict)
    groups: Sequence[str] = ()
    people: Mapping[int, str] = field(default_factory=dict)
    channels: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What was understood, and sentences about what was assumed."""

    touchpoint: Touchpoint
    warnings: tuple[str, ...] = ()


# --- saying


def say(touchpoint: Touchpoint, words: Vocabulary) -> str:
    """Say a touchpoint, in the current language if it can be typed in that, else in English."""
    what = words.whats.get(touchpoint.what, touchpoint.what)
    with speaking(locale_to_read()):
        return f"{what} {say_when(touchpoint, words)}"


def say_when(touchpoint: Touchpoint, words: Vocabulary) -> str:
    """Say all but what it is: "5 working days after each meeting, 9:00 AM, may move"."""
    with speaking(locale_to_read()):
        return ", ".join(_parts(touchpoint, words))


def _parts(touchpoint: Touchpoint, words: Vocabulary) -> Iterator[str]:
    when = touchpoint.when
    if isinstance(when, Rhythm):
        yield _rule(when.rule)
        if when.in_season:
            yield _("during the season")
    else:
        yield _offset(when, words)
        if not isinstance(when.offset, AtEnd):
            yield clock(touchpoint.hour)
    if touchpoint.weeks:
        yield _("in odd weeks") if touchpoint.weeks == "odd" else _("in even weeks")
    if touchpoint.snap is Snap.LATER:
        yield _("or the next working day")
    elif touchpoint.snap is Snap.EARLIER:
        yield _("or the working day before")
    if touchpoint.private:
        yield _("privately")
    if touchpoint.channels:
        yield say_channels(touchpoint, words)
    if not touchpoint.whom.is_everyone:
        named = [_("facilitators") if group == FACILITATORS else group for group in touchpoint.whom.groups]
        named += [words.people.get(person, str(person)) for person in touchpoint.whom.people]
        yield _("for {whom}").format(whom=listed(named)) if named else _("for no one")
    if touchpoint.open_days != USUAL_OPEN:
        n = touchpoint.open_days
        yield ngettext("open {n} working day", "open {n} working days", n).format(n=n)
    if not touchpoint.nudges:
        yield _("no nudge")
    if touchpoint.yields is not usual_yields(touchpoint.what, when):
        yield {
            Yields.MOVE: _("may move"),
            Yields.KEEP: _("keep the day"),
            Yields.ANYWAY: _("no matter what"),
        }[touchpoint.yields]


def say_channels(touchpoint: Touchpoint, words: Vocabulary) -> str:
    """Say where it goes: "in #general and #mentors"."""
    names = [words.channels.get(each.id, each.name) for each in touchpoint.channels]
    return _("in {channels}").format(channels=listed([f"#{name}" for name in dict.fromkeys(names)]))


def usual_yields(what: str, when: When) -> Yields:
    """What the bot itself suggests finds a week nearby; what people chose a day for keeps it."""
    return Yields.KEEP if what.startswith("checkin ") or isinstance(when, Rhythm) else Yields.MOVE


def _rule(rule: Rule) -> str:
    # The zone is the community's, and said above the list.
    said = cadence.say(rule, locale_to_read()).rpartition(", ")[0]
    if rule.days == Weekly(WORKDAYS):
        return said.replace(say_weekly(Weekly(WORKDAYS)), _("every workday"), 1)
    return said


def _offset(when: Around, words: Vocabulary) -> str:
    anchor = _anchor(when.anchor, words)
    match when.offset:
        case AtEnd():
            return _("when {meeting} ends").format(meeting=anchor)
        case Halfway() if when.anchor == Anchor():
            return _("halfway between meetings")
        case Halfway():
            return _("halfway from {meeting} to the next").format(meeting=anchor)
        case EveryWeeks(n):
            return ngettext("every week after {meeting}", "every {n} weeks after {meeting}", n).format(
                n=n, meeting=anchor
            )
        case OnWeekday(weekday, before):
            beside = _("the {weekday} before {meeting}") if before else _("the {weekday} after {meeting}")
            return beside.format(weekday=weekday_name(weekday), meeting=anchor)
        case Counted(0):
            return _("on the day of {meeting}").format(meeting=anchor)
        case Counted(n, unit, then_every):
            said = _count(abs(n), unit, n < 0).format(n=abs(n), meeting=anchor)
            if then_every:
                again = ngettext("then every week", "then every {n} weeks", then_every).format(n=then_every)
                return f"{said}, {again}"
            return said
        case never:
            assert_never(never)


def _count(n: int, unit: Unit, before: bool) -> str:
    match unit, before:
        case Unit.DAYS, True:
            return ngettext("{n} day before {meeting}", "{n} days before {meeting}", n)
        case Unit.DAYS, False:
            return ngettext("{n} day after {meeting}", "{n} days after {meeting}", n)
        case Unit.WORKING_DAYS, True:
            return ngettext("{n} working day before {meeting}", "{n} working days before {meeting}", n)
        case Unit.WORKING_DAYS, False:
            return ngettext("{n} working day after {meeting}", "{n} working days after {meeting}", n)
        case Unit.WEEKS, True:
            return ngettext("{n} week before {meeting}", "{n} weeks before {meeting}", n)
        case _other:
            return ngettext("{n} week after {meeting}", "{n} weeks after {meeting}", n)


def _anchor(anchor: Anchor, words: Vocabulary) -> str:
    kind = words.meeting_types.get(anchor.meeting_type, "").lower()
    match anchor.which:
        case Which.EACH:
            return _("each {kind}").format(kind=kind) if kind else _("each meeting")
        case Which.FIRST:
            return (
                _("the first {kind} of the season").format(kind=kind) if kind else _("the first meeting of the season")
            )
        case Which.LAST:
            return _("the last {kind} of the season").format(kind=kind) if kind else _("the last meeting of the season")


# --- reading

_SMALL = {"a": 1, "an": 1, "una": 1} | {
    word: n for words in (lexicon_en.COUNTS, lexicon_es.COUNTS) for n, word in enumerate(words, start=1)
}
_NUMBER = rf"\d{{1,3}}|{'|'.join(sorted(_SMALL, key=len, reverse=True))}"
_N = rf"(?P<n>{_NUMBER})"
_UNITS: Mapping[str, Unit] = {
    r"(?:working|business|work|week)[ -]?days?|dias? (?:habil(?:es)?|laborables?)": Unit.WORKING_DAYS,
    r"days?|dias?": Unit.DAYS,
    r"weeks?|semanas?": Unit.WEEKS,
}
_UNIT = rf"(?P<unit>{'|'.join(_UNITS)})"
_BEFORE, _AFTER = r"before|prior to|ahead of|antes", r"after|following|despues"
_SIDE = rf"(?P<side>{_BEFORE}|{_AFTER})"
_OF = r"(?: (?:del?|of|to))?"
_WEEKDAYS: Mapping[str, int] = {
    name: n for names in (lexicon_en.WEEKDAYS, lexicon_es.WEEKDAYS) for n, name in enumerate(names)
}
_WEEKDAY = rf"(?P<weekday>{'|'.join(_WEEKDAYS)})"
_HALFWAY = r"(?:halfway|half way|midway|a mitad de camino)"
_EVERY = rf"(?:every|cada) (?:{_N} )?(?:weeks?|semanas?)"
_END = r"(?=$|[ ,.;])"

# Clauses that stand anywhere after what and when: a pattern, and what it says.
_Clause = tuple[str, Callable[[Touchpoint, re.Match[str]], Touchpoint]]


def _number(found: re.Match[str], name: str = "n") -> int:
    said = found[name] or "a"
    return int(said) if said.isdecimal() else _SMALL[said]


def _open(touchpoint: Touchpoint, found: re.Match[str]) -> Touchpoint:
    n = _number(found) * (5 if _unit(found["unit"]) is Unit.WEEKS else 1)
    if not 1 <= n <= MOST_OPEN:
        raise Unreadable(_("It can be open for 1 to {most} working days.").format(most=MOST_OPEN))
    return replace(touchpoint, open_days=n)


_CLAUSES: tuple[_Clause, ...] = (
    (
        r"privately|in private|by (?:direct|private) message|en privado|por (?:mensaje )?(?:privado|directo)",
        lambda t, _f: replace(t, private=True),
    ),
    # What is said of a line whose people have all left.
    (r"for (?:no one|nobody)|para nadie", lambda t, _f: replace(t, whom=Whom(is_nobody=True))),
    (r"in the channel|publicly|en el canal", lambda t, _f: replace(t, private=False)),
    (rf"(?:open|abiert[oa]s?)(?: for| durante| por)? {_N} {_UNIT}", _open),
    (
        r"(?:with )?no nudges?|without (?:a )?nudges?|sin (?:recordatorio|aviso)s?",
        lambda t, _f: replace(t, nudges=False),
    ),
    (r"with (?:a|one) nudge|con (?:un )?(?:recordatorio|aviso)", lambda t, _f: replace(t, nudges=True)),
    (r"(?:it )?(?:may|can) move|(?:se )?puede mover(?:se)?", lambda t, _f: replace(t, yields=Yields.MOVE)),
    (
        r"keeps? (?:the|its) day|keep|(?:mantener|conservar) el dia|dia fijo|sin mover",
        lambda t, _f: replace(t, yields=Yields.KEEP),
    ),
    (r"no matter(?: what)?|pase lo que pase", lambda t, _f: replace(t, yields=Yields.ANYWAY)),
    (r"in odd weeks|en (?:las )?semanas impares", lambda t, _f: replace(t, weeks="odd")),
    (r"in even weeks|en (?:las )?semanas pares", lambda t, _f: replace(t, weeks="even")),
    (
        r"or the next (?:working|open) day|o el (?:siguiente|proximo) dia habil",
        lambda t, _f: replace(t, snap=Snap.LATER),
    ),
    (r"or the (?:working|open) day before|o el dia habil anterior", lambda t, _f: replace(t, snap=Snap.EARLIER)),
)
_CLAUSE_PATTERNS = tuple((re.compile(rf"(?<![^ ,])(?:{pattern}){_END}"), do) for pattern, do in _CLAUSES)
_IN_SEASON = re.compile(rf"(?<![^ ,])(?:during the season|durante la temporada){_END}")
_WORKDAY = (
    (
        re.compile(r"\b(?:daily|every day|each day) on (?:work|working|business|week)[ -]?days\b"),
        "every weekday",
    ),
    (re.compile(r"\b(?:every|each|on) (?:work|working|business)[ -]?days?\b"), "every weekday"),
    (re.compile(r"(?<!\d )\b(?:cada|todos los|los) dias? (?:habil(?:es)?|laborables?)\b"), "lunes a viernes"),
    (
        re.compile(r"\b(?:a diario|diario|diariamente) (?:en )?(?:los )?dias (?:habiles|laborables)\b"),
        "lunes a viernes",
    ),
)
_HOUR = re.compile(r"(?:at|a|@)\b|[0-9]|noon|midday|midnight|mediodia|medianoche|las? ")


def read(phrase: str, words: Vocabulary, *, zone: str, today: date) -> Reading:
    """Return the touchpoint that `phrase` means to a community in `zone` on the day `today`.

    Raises Unreadable, with a suggestion that can be typed instead, if any.
    """
    what, rest = read_what(phrase, words, zone=zone, today=today)
    try:
        return read_when(what, rest, words, zone=zone, today=today)
    except Unreadable as why:
        suggestion = f"{words.whats[what]} {why.suggestion}" if why.suggestion else ""
        raise Unreadable(str(why), suggestion) from why


def read_when(what: str, phrase: str, words: Vocabulary, *, zone: str, today: date) -> Reading:
    """Read all but what it is. Raises Unreadable, whose suggestion lacks what it is, too."""
    if not phrase.strip(" ,.;"):
        raise Unreadable(_("Say when it comes."), _example(words))
    try:
        text = _plain(phrase)
    except ParseError as doubt:
        raise Unreadable(str(doubt), _example(words)) from doubt
    blank = Touchpoint(what, Around(Anchor(), AtEnd()), yields=Yields.MOVE)
    said, text = _peel(blank, text, words)
    in_season = bool(_IN_SEASON.search(text))
    text = _tidy(_IN_SEASON.sub(" ", text))
    found = _around(text, words)
    warnings: tuple[str, ...] = ()
    if found:
        if in_season:
            raise Unreadable(_("Meetings are in a season already, so leave out “during the season”."))
        when, left = found
        hour, warnings = _hour(left, when, text, zone, today)
        said = replace(said, when=when, hour=hour)
    else:
        rule, warnings = _rhythm(text, words, zone, today)
        said = replace(said, when=Rhythm(rule, in_season), hour=rule.at)
    if said.yields is Yields.MOVE and not _says_move(phrase):
        said = replace(said, yields=usual_yields(what, said.when))
    return Reading(said, warnings)


def _plain(phrase: str) -> str:
    return _tidy(without_accents(clean(phrase)))


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"(?:\s*,)+", ",", text).strip(" ,.;")


_MOVES = next(pattern for (pattern, _do), said in zip(_CLAUSE_PATTERNS, _CLAUSES, strict=True) if "move" in said[0])


def _says_move(phrase: str) -> bool:
    return bool(_MOVES.search(_plain(phrase)))


def read_what(phrase: str, words: Vocabulary, *, zone: str, today: date) -> tuple[str, str]:
    """Return what a line is about, and the words after that. Raises Unreadable."""
    try:
        text = _plain(phrase)
    except ParseError as doubt:
        raise Unreadable(str(doubt)) from doubt
    names = {_plain(name): what for name, what in [*words.also.items(), *((n, w) for w, n in words.whats.items())]}
    for name in sorted(names, key=len, reverse=True):
        found = re.match(rf"(?:the |el |la |una? )?{re.escape(name)}{_END}", text)
        if found:
            return names[name], text[found.end() :]
    typed = text.split()
    known = listed(list(words.whats.values()))
    sentence = _("I don’t know “{words}”. What can be scheduled: {known}.").format(
        words=error_messages.quote(" ".join(typed[:2])), known=known
    )
    for count in (3, 2, 1):
        near = get_close_matches(" ".join(typed[:count]), names, 1, 0.7)
        if near:
            what, rest = names[near[0]], " ".join(typed[count:])
            try:
                when = say_when(read_when(what, rest, words, zone=zone, today=today).touchpoint, words)
            except Unreadable as why:
                when = why.suggestion or _example(words)
            raise Unreadable(sentence, f"{words.whats[what]} {when}")
    raise Unreadable(sentence, f"{next(iter(words.whats.values()))} {_example(words)}")


def _peel(touchpoint: Touchpoint, text: str, words: Vocabulary) -> tuple[Touchpoint, str]:
    """Take out the clauses that stand anywhere, and return what they say."""
    touchpoint, text = _peel_channels(touchpoint, text, words)
    for pattern, do in _CLAUSE_PATTERNS:
        found = pattern.search(text)
        if found:
            touchpoint = do(touchpoint, found)
            text = text[: found.start()] + " " + text[found.end() :]
    groups = {_plain(group): group for group in words.groups}
    groups |= dict.fromkeys(("facilitators", "facilitadores", "los facilitadores"), FACILITATORS)
    people = {_plain(name): person for person, name in words.people.items() if name.strip()}
    everyone = ("everyone", "everybody", "all", "todos", "todas", "todo el mundo")
    known = "|".join(re.escape(name) for name in sorted([*groups, *people, *everyone], key=len, reverse=True))
    between = r"(?:,? (?:and|y|e) |, )"
    found = re.search(rf"(?<![^ ,])(?:for|para) ((?:{known})(?:{between}(?:{known}))*){_END}", text)
    if found:
        named = re.findall(rf"({known})(?:{between}|$)", found[1])
        whom = Whom(
            tuple(dict.fromkeys(groups[name] for name in named if name in groups)),
            tuple(dict.fromkeys(people[name] for name in named if name not in groups and name in people)),
        )
        touchpoint = replace(touchpoint, whom=whom)
        text = text[: found.start()] + " " + text[found.end() :]
    return touchpoint, _tidy(text)


def _peel_channels(touchpoint: Touchpoint, text: str, words: Vocabulary) -> tuple[Touchpoint, str]:
    """Take out "in #general and #mentors". Raises Unreadable for a channel that the community isn't connected to."""
    names: dict[str, list[Chosen]] = {}
    for id, name in words.channels.items():
        names.setdefault(_plain(name), []).append(Chosen(id, name))
    # Names of voice channels have spaces.
    one = "#(?:" + "|".join([*map(re.escape, sorted(names, key=len, reverse=True)), "[^ ,;]+"]) + rf"){_END}"
    found = re.search(rf"(?<![^ ,])(?:in|to|en) ({one}(?:(?:,? (?:and|y|e) |, ?){one})*)", text)
    if not found:
        return touchpoint, text
    chosen: dict[Chosen, None] = {}
    for each in re.finditer(one, found[1]):
        typed = each[0].removeprefix("#").rstrip(".")
        if typed not in names:
            raise _no_such_channel(typed, text, found.start(1) + each.start(), names)
        chosen |= dict.fromkeys(names[typed])
    text = text[: found.start()] + " " + text[found.end() :]
    return replace(touchpoint, channels=tuple(chosen)), _tidy(text)


def _no_such_channel(typed: str, text: str, at: int, names: Mapping[str, Sequence[Chosen]]) -> Unreadable:
    known = listed([f"#{each[0].name}" for each in names.values()])
    why = _("This community isn’t connected to #{channel}. Its channels: {known}.").format(channel=typed, known=known)
    near = (get_close_matches(typed, names, 1) or list(names))[:1]
    return Unreadable(why, text[:at] + f"#{near[0]}" + text[at + 1 + len(typed) :] if near else "")


def _around(text: str, words: Vocabulary) -> tuple[Around, str] | None:
    """Return the offset with which the text begins, and what is left; None if it begins with something else."""
    types = {_plain(label): id for id, label in words.meeting_types.items()}
    kinds = "|".join(re.escape(name) for name in sorted(types, key=len, reverse=True))
    kind = rf"(?P<kind>meetings?|reunion(?:es)?{'|' + kinds if kinds else ''})s?"
    season = r"(?: (?:of|in) the season| de la temporada)?"
    which = r"(?P<which>(?:(?:the|la|el) )?(?:first|last|primera?|ultim[oa]) |each |every |cada |the |our |las? |el |)"
    meeting = rf"{which}{kind}{season}"
    anchor = rf"{_OF}(?: {meeting})?"
    then = rf"(?:,? (?:and )?then every (?:(?:{_NUMBER}) )?weeks?|,? (?:y )?luego cada (?:(?:{_NUMBER}) )?semanas?)?"
    forms: Iterable[tuple[str, Callable[[re.Match[str]], Offset]]] = (
        (rf"(?:(?:the )?{_N} |the |el |la )?{_UNIT} {_SIDE}{anchor}{then}", _read_counted),
        (rf"(?:on )?(?:the day of|el (?:mismo )?dia de){anchor}", lambda _f: Counted(0)),
        (rf"(?:on )?(?:the |el )?{_WEEKDAY} {_SIDE}{anchor}", _read_weekday),
        (
            rf"{_HALFWAY}(?: (?:between|entre)(?: (?:the |two |las |dos )*(?:meetings|reuniones))?)?",
            lambda _f: Halfway(),
        ),
        (rf"{_HALFWAY} (?:from|desde|after){anchor}(?: (?:to|hasta) (?:the next|la siguiente))?", lambda _f: Halfway()),
        (rf"{_EVERY} (?P<side>between|entre) (?:the |las )?(?:meetings|reuniones)", _read_every),
        (rf"{_EVERY} {_SIDE}{anchor}", _read_every),
        (r"when (?:it ends|meetings end)|cuando termin[ea]|al terminar", lambda _f: AtEnd()),
        (rf"when {meeting} ends", lambda _f: AtEnd()),
        (rf"(?:at the end|al final|al terminar){anchor}", lambda _f: AtEnd()),
        (rf"cuando termin[ea] {meeting}", lambda _f: AtEnd()),
    )
    for pattern, offset in forms:
        found = re.match(rf"(?:{pattern}){_END}", text)
        if found is None:
            continue
        left = _tidy(text[found.end() :])
        if left and not _HOUR.match(left):
            continue
        return Around(_read_anchor(found, types), offset(found)), left
    return None


def _read_anchor(found: re.Match[str], types: Mapping[str, str]) -> Anchor:
    said = found.groupdict()
    kind, which = said.get("kind") or "", said.get("which") or ""
    named = types.get(kind, types.get(kind.removesuffix("s"), ""))
    if re.search("first|primer", which):
        return Anchor(Which.FIRST, named)
    return Anchor(Which.LAST if re.search("last|ultim", which) else Which.EACH, named)


def _unit(said: str) -> Unit:
    return next(unit for pattern, unit in _UNITS.items() if re.fullmatch(pattern, said))


def _read_counted(found: re.Match[str]) -> Counted:
    n, unit = _number(found), _unit(found["unit"])
    most = MOST_WEEKS if unit is Unit.WEEKS else MOST_DAYS
    if n > most:
        raise Unreadable(
            _("That is too far from a meeting: give at most {weeks} weeks or {days} days.").format(
                weeks=MOST_WEEKS, days=MOST_DAYS
            )
        )
    before = bool(re.fullmatch(_BEFORE, found["side"]))
    then = found.group(0)[found.end("side") - found.start() :]
    again = re.search(rf"(?:then every|luego cada) (?:{_N} )?(?:weeks?|semanas?)", then)
    every = _number(again) if again else 0
    if every and (before or not n):
        raise Unreadable(_("Only what comes after a meeting can be repeated until the next one."))
    return Counted(-n if before else n, unit, every)


def _read_weekday(found: re.Match[str]) -> OnWeekday:
    return OnWeekday(_WEEKDAYS[found["weekday"]], bool(re.fullmatch(_BEFORE, found["side"])))


def _read_every(found: re.Match[str]) -> EveryWeeks:
    if found["side"] and re.fullmatch(_BEFORE, found["side"]):
        raise Unreadable(_("Only what comes after a meeting can be repeated until the next one."))
    n = _number(found)
    if not 1 <= n <= MOST_WEEKS:
        raise Unreadable(_("Give 1 to {most} weeks.").format(most=MOST_WEEKS))
    return EveryWeeks(n)


def _hour(left: str, when: Around, text: str, zone: str, today: date) -> tuple[time, tuple[str, ...]]:
    """Return the hour that the last words give."""
    if not left:
        return MORNING, ()
    day = "cada dia" if tongue_of(text) is SPANISH else "every day"
    try:
        reading = cadence.read(f"{day} {left}", zone=zone, today=today)
    except Unreadable as why:
        typed = error_messages.quote(left)
        raise Unreadable(
            _("I don’t understand “{words}” here. I expected an hour.").format(words=typed),
            _tidy(f"{text.removesuffix(left)}, {clock(MORNING)}"),
        ) from why
    _check_zone(reading.rule, zone, _tidy(f"{text.removesuffix(left)}, {clock(reading.rule.at)}"))
    if isinstance(when.offset, AtEnd):
        raise Unreadable(_("It comes when the meeting ends, so leave out the hour."), _tidy(text.removesuffix(left)))
    return reading.rule.at, reading.warnings


def _check_zone(rule: Rule, zone: str, instead: str = "") -> None:
    if ZoneInfo(rule.zone) != ZoneInfo(zone):
        raise Unreadable(
            _(
                "Leave out the time zone. What is posted goes by {zone} time, and private messages by each member’s."
            ).format(zone=cadence.say_zone(zone, locale_to_read())),
            instead or _rule(rule),
        )


def _rhythm(text: str, words: Vocabulary, zone: str, today: date) -> tuple[Rule, tuple[str, ...]]:
    """Read a rule of its own, with the reader of meeting schedules."""
    if not text:
        raise Unreadable(_("Say when it comes."), _example(words))
    turned = text
    for pattern, instead in _WORKDAY:
        turned = pattern.sub(instead, turned)
    try:
        reading = cadence.read(turned, zone=zone, today=today)
    except Unreadable as why:
        if near := _nearest(text, words):
            raise Unreadable(_("I don’t understand “{words}”.").format(words=error_messages.quote(text)), near) from why
        shown = why.suggestion.rpartition(", ")[0] or _without_end(turned, zone, today) or _example(words)
        if not re.search("[0-9]", text):
            shown = shown.replace(clock(USUAL_TIME), clock(MORNING))
        raise Unreadable(str(why), shown) from why
    _check_zone(reading.rule, zone)
    if isinstance(reading.rule.days, Dates) and len({moment.time() for moment in reading.rule.days.moments}) > 1:
        raise Unreadable(_("Give one hour for all dates."))
    warnings = tuple(warning for warning in reading.warnings if warning != assumptions.no_time_said(USUAL_TIME))
    return _in_the_morning(reading), warnings


def _in_the_morning(reading: cadence.Reading) -> Rule:
    """Return the rule that was read, at MORNING if no hour was said."""
    rule = replace(reading.rule, minutes=USUAL_MINUTES)
    if assumptions.no_time_said(USUAL_TIME) not in reading.warnings:
        return rule
    days = rule.days
    if isinstance(days, Dates):
        days = Dates(tuple(moment.replace(hour=MORNING.hour, minute=MORNING.minute) for moment in days.moments))
    return replace(rule, days=days, at=MORNING)


def _without_end(text: str, zone: str, today: date) -> str:
    """Return the rule without its last day, which may have passed; "" if it can't be read without it either."""
    endless = _tidy(re.sub(r"\b(?:until|till|hasta)\b.*", "", text))
    try:
        return _rule(_in_the_morning(cadence.read(endless, zone=zone, today=today))) if endless != text else ""
    except Unreadable:
        return ""


def _nearest(text: str, words: Vocabulary) -> str:
    """Return the nearest line about meetings, for words that speak of before or after something."""
    side = re.search(rf"\b(?:{_BEFORE}|{_AFTER})\b", text)
    if not side:
        return ""
    before = bool(re.fullmatch(_BEFORE, side[0]))
    weekday = next((n for name, n in _WEEKDAYS.items() if re.search(rf"\b{name}", text[: side.start()])), None)
    if weekday is not None:
        return _offset(Around(Anchor(), OnWeekday(weekday, before)), words)
    number = re.search(rf"\b{_N}\b", text[: side.start()])
    n = min(max(_number(number), 1), 20) if number else 5
    unit = Unit.WEEKS if re.search(r"we?e?ks?\b|seman", text[: side.start()]) else Unit.WORKING_DAYS
    return _offset(Around(Anchor(), Counted(-n if before else n, unit)), words)


def _example(words: Vocabulary) -> str:
    with speaking(locale_to_read()):
        return _offset(Around(Anchor(), Counted(5, Unit.WORKING_DAYS)), words)
