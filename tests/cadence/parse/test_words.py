"""Every word that people use for a day, a month or a count means what it says."""

from datetime import date

import pytest

from bot.cadence import BusinessDays, Days, MonthDays, NthWeekdays, Rule, Weekly, read

LABOR_DAY = date(2025, 9, 1)  # a Monday


def rule(phrase: str) -> Rule:
    return read(phrase, zone="America/New_York", today=LABOR_DAY).rule


@pytest.mark.parametrize(
    ("words", "weekday"),
    [
        ("monday mon mondays lunes lun", 0),
        ("tuesday tue tues tuesdays martes", 1),
        ("wednesday wed weds wednesdays miércoles mié", 2),
        ("thursday thu thur thurs thursdays jueves jue", 3),
        ("friday fri fridays viernes vie", 4),
        ("saturday sat saturdays sábado sáb sábados", 5),
        ("sunday sun sundays domingo dom domingos", 6),
    ],
)
def test_weekday_is_known_by_each_of_its_names(words: str, weekday: int) -> None:
    english = [word for word in words.split() if word[:3] in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")]
    for word in words.split():
        phrase = f"every {word} at 9am" if word in english else f"cada {word} a las 9 de la mañana"
        assert rule(phrase).days == Weekly((weekday,)), phrase


@pytest.mark.parametrize(
    ("words", "spanish", "month"),
    [
        ("january jan", "enero ene", 1),
        ("february feb", "febrero feb", 2),
        ("march mar", "marzo mar", 3),
        ("april apr", "abril abr", 4),
        ("may", "mayo may", 5),
        ("june jun", "junio jun", 6),
        ("july jul", "julio jul", 7),
        ("august aug", "agosto ago", 8),
        ("september sep sept", "septiembre setiembre sep sept set", 9),
        ("october oct", "octubre oct", 10),
        ("november nov", "noviembre nov", 11),
        ("december dec", "diciembre dic", 12),
    ],
)
def test_month_is_known_by_each_of_its_names(words: str, spanish: str, month: int) -> None:
    phrases = [f"first Monday of {word} at 9am" for word in words.split()]
    phrases += [f"primer lunes de {word} a las 9 de la mañana" for word in spanish.split()]
    for phrase in phrases:
        assert rule(phrase).months == (month,), phrase


ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
)


@pytest.mark.parametrize(("word", "day"), [(word, day) for day, word in enumerate(ORDINALS.split(), start=1)])
def test_day_of_the_month_can_be_written_out(word: str, day: int) -> None:
    assert rule(f"{word} of each month at 9am").days == MonthDays((day,))


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("primer", 1),
        ("primero", 1),
        ("segundo", 2),
        ("tercer", 3),
        ("tercero", 3),
        ("cuarto", 4),
        ("quinto", 5),
        ("último", -1),
        ("penúltimo", -2),
    ],
)
def test_spanish_ordinal_counts_the_weekdays_of_a_month(word: str, number: int) -> None:
    assert rule(f"{word} viernes de cada mes a las 9 de la mañana").days == NthWeekdays(((number, 4),))


COUNTS = "two three four five six seven eight nine ten eleven twelve"
SPANISH_COUNTS = "dos tres cuatro cinco seis siete ocho nueve diez once doce"


@pytest.mark.parametrize(
    ("phrase", "number"),
    [(f"every {word} weeks on Monday at 9am", n) for n, word in enumerate(COUNTS.split(), start=2)]
    + [(f"cada {word} semanas los lunes a las 09:00", n) for n, word in enumerate(SPANISH_COUNTS.split(), start=2)],
)
def test_count_of_weeks_can_be_written_out(phrase: str, number: int) -> None:
    assert rule(phrase).days == Weekly((0,), number)


@pytest.mark.parametrize(
    ("phrase", "days", "months"),
    [
        ("every one week on Monday at 9am", Weekly((0,)), tuple(range(1, 13))),
        ("cada una semana los lunes a las 09:00", Weekly((0,)), tuple(range(1, 13))),
        ("yearly on the first Monday at 9am", NthWeekdays(((1, 0),)), (9,)),
        ("annual, first Monday of May at 9am", NthWeekdays(((1, 0),)), (5,)),
        ("semiannually on the first Monday at 9am", NthWeekdays(((1, 0),)), (3, 9)),
        ("anual, el primer lunes a las 09:00", NthWeekdays(((1, 0),)), (9,)),
        ("semestral, el primer lunes a las 09:00", NthWeekdays(((1, 0),)), (3, 9)),
        ("bimestral, el primer lunes a las 09:00", NthWeekdays(((1, 0),)), (1, 3, 5, 7, 9, 11)),
        ("final Friday of each month at 9am", NthWeekdays(((-1, 4),)), tuple(range(1, 13))),
        ("fifth business day of each month at 9am", BusinessDays((5,)), tuple(range(1, 13))),
        ("penultimate business day of each month at 9am", BusinessDays((-2,)), tuple(range(1, 13))),
        ("every weekday at 9am", Weekly((0, 1, 2, 3, 4)), tuple(range(1, 13))),
        ("weekdays at 9am", Weekly((0, 1, 2, 3, 4)), tuple(range(1, 13))),
        ("entre semana a las 09:00", Weekly((0, 1, 2, 3, 4)), tuple(range(1, 13))),
        ("every Monday and Wednesday to Friday at 9am", Weekly((0, 2, 3, 4)), tuple(range(1, 13))),
        ("Friday to Monday at 9am", Weekly((0, 4, 5, 6)), tuple(range(1, 13))),
    ],
)
def test_word_for_a_period_means_those_days_and_months(phrase: str, days: Days, months: tuple[int, ...]) -> None:
    found = rule(phrase)
    assert (found.days, found.months) == (days, months)
