"""Questions that are badly asked are refused, each for its own reason, in English and in Spanish."""

from dataclasses import replace

import pytest

from bot.features.prompts import bank
from bot.features.prompts.lint import Fault, copy_of, faults, language_of, lint
from bot.features.prompts.lint_patterns import Kind

GOOD = bank.by_id("noticing-energy-shift")
K = Kind

BAD = [
    ("en", "What helped student Maya settle in last week?", K.IDENTITY, "student Maya"),
    ("en", "What did you learn from Liam’s mom at pickup last week?", K.IDENTITY, "Liam’s mom"),
    ("en", "What worked last week with the only girl in the robotics club?", K.IDENTITY, "the only girl"),
    ("en", "Which student was on your mind last week?", K.PERSON, "Which student"),
    ("en", "Who made the difference in your last session?", K.PERSON, "Who"),
    ("en", "What did the kid who left early last week need?", K.PERSON, "the kid who"),
    ("en", "In the past week, have you tried starting with a game?", K.TRIED, "have you tried"),
    ("en", "What should a mentor have done last week?", K.SHOULD, "should"),
    ("en", "Don't you think last week shows that routines work?", K.LEADING, "Don't you"),
    ("en", "Why not start next week with a circle?", K.LEADING, "Why not"),
    ("en", "Any thoughts on how last week went?", K.OPENING, "Any thoughts"),
    ("en", "What do you think about last week’s trip?", K.OPENING, "What do you think about"),
    ("en", "What did you see last week? What did you do?", K.TWICE, ""),
    ("en", "What did you try last week and how did it go?", K.TWICE, "and how"),
    ("en", "What did you try last week and did it work?", K.TWICE, "and did it"),
    ("en", "Tell me what you saw last week.", K.NO_QUESTION, ""),
    ("en", "What went a bit better than usual in the past two weeks, even if no one noticed?", K.COPY, "What went"),
    ("en", "What best practices did you leverage last month?", K.JARGON, "best practices"),
    ("en", "What amazing thing happened last week?", K.CHEER, "amazing"),
    ("en", "Did you change anything last week?", K.YES_OR_NO, ""),
    ("en", "In your last session, did you see when it changed?", K.YES_OR_NO, ""),
    ("en", "What works well at your site?", K.NO_MOMENT, ""),
    ("en", f"What did you notice last week in {'very ' * 30}small things?", K.TOO_LONG, "39"),
    ("es", "¿Qué ayudó a la alumna Sofía a integrarse la semana pasada?", K.IDENTITY, "alumna Sofía"),
    ("es", "¿Qué aprendiste de la mamá de Diego en la última salida?", K.IDENTITY, "mamá de Diego"),
    ("es", "¿Qué funcionó la semana pasada con la única niña del taller?", K.IDENTITY, "la única niña"),
    ("es", "¿Qué estudiante te preocupó la semana pasada?", K.PERSON, "Qué estudiante"),
    ("es", "¿Quién hizo la diferencia en tu última sesión?", K.PERSON, "Quién"),
    ("es", "¿Qué necesitaba el niño que se fue antes la semana pasada?", K.PERSON, "el niño que"),
    ("es", "¿Has probado empezar con un juego esta semana?", K.TRIED, "Has probado"),
    ("es", "¿Qué deberías hacer distinto la próxima semana?", K.SHOULD, "deberías"),
    ("es", "¿Qué hay que cambiar la próxima semana?", K.SHOULD, "hay que"),
    ("es", "¿No crees que la semana pasada mostró lo que funciona?", K.LEADING, "No crees"),
    ("es", "¿Por qué no empiezan la próxima semana con un círculo?", K.LEADING, "Por qué no"),
    ("es", "¿Alguna idea sobre la última sesión?", K.OPENING, "Alguna idea"),
    ("es", "¿Qué opinas del último paseo?", K.OPENING, "Qué opinas"),
    ("es", "¿Qué viste la semana pasada? ¿Qué hiciste?", K.TWICE, ""),
    ("es", "¿Qué probaste la semana pasada y cómo te fue?", K.TWICE, "y cómo"),
    ("es", "¿Qué probaste la semana pasada y te funcionó?", K.TWICE, "y te funcionó"),
    ("es", "Cuenta qué viste la semana pasada.", K.NO_QUESTION, ""),
    ("es", "¿Qué salió un poquito mejor que de costumbre en las últimas dos semanas?", K.COPY, "¿Qué salió"),
    ("es", "¿Qué buenas prácticas implementaste el mes pasado?", K.JARGON, "buenas prácticas"),
    ("es", "¿Qué cosa increíble pasó la semana pasada?", K.CHEER, "increíble"),
    ("es", "¿Cambiaste algo la semana pasada?", K.YES_OR_NO, ""),
    ("es", "En tu última sesión, ¿viste cuándo cambió el ambiente?", K.YES_OR_NO, ""),
    ("es", "¿Qué funciona bien en tu sede?", K.NO_MOMENT, ""),
    ("es", f"¿Qué notaste la semana pasada en cosas {'muy ' * 30}pequeñas?", K.TOO_LONG, "38"),
]


def questions(language: str) -> list[str]:
    return [prompt.text for prompt in bank.load(language)]


@pytest.mark.parametrize(("language", "text", "kind", "found"), BAD)
def test_badly_asked_question_is_refused_for_the_right_reason(language: str, text: str, kind: Kind, found: str) -> None:
    first = faults(text, language, questions(language))[0]
    assert first.kind is kind, first
    assert first.found.startswith(found)


def test_twenty_and_more_bad_questions_cover_every_kind_in_each_language() -> None:
    for language in bank.LANGUAGES:
        assert {kind for tongue, _text, kind, _found in BAD if tongue == language} == set(Kind)
        assert sum(tongue == language for tongue, *_rest in BAD) >= 20


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Think of a rule of last week. On what kind of day, or for what kind of life, is it hardest?"),
        ("en", "What have young people told you this month, in words or by where they chose to be?"),
        ("en", "Imagine the next new thing you try is going wrong. What would you see first?"),
        ("en", "What did students in the June group start by themselves last week?"),
        ("en", "What did Grace Hall look like from the door on your last visit?"),
        ("en", "What’s a rule you’d drop tomorrow if you could?"),
        ("es", "¿Qué regla quitarías mañana si pudieras?"),
        ("es", "que probaste esta semana que no esperabas?"),
        ("es", "En tu última sesión, ¿qué hicieron los jóvenes con el silencio?"),
        ("es", "¿Por qué te dieron las gracias hace poco en el trabajo?"),
        ("es", "¿A qué parte del grupo se te fue la atención en la última sesión?"),
    ],
)
def test_well_asked_question_is_accepted(language: str, text: str) -> None:
    """Also typed on a phone, without the marks and accents of Spanish, and with a month or a place in it."""
    assert faults(text, language) == []


def test_first_fault_is_the_one_to_mend_first() -> None:
    found = faults("Should the student Maya have joined in?", "en")
    assert [fault.kind for fault in found] == [K.IDENTITY, K.SHOULD, K.YES_OR_NO, K.NO_MOMENT]


def test_copy_is_recognized_whatever_the_order_and_the_marks() -> None:
    assert copy_of("last week, what surprised you most", ["What surprised you most last week?"])
    assert copy_of("What surprised you most last week?", ["What did your team drop this month?"]) == ""


@pytest.mark.parametrize(
    ("text", "usual", "language"),
    [
        ("What surprised you this week?", "es", "en"),
        ("¿Qué te sorprendió esta semana?", "en", "es"),
        ("que te sorprendio en la semana", "en", "es"),
        ("Hmm?", "es", "es"),
        ("Hmm?", "en", "en"),
    ],
)
def test_language_is_told_by_the_small_words(text: str, usual: str, language: str) -> None:
    assert language_of(text, usual) == language


def test_starter_opens_an_answer_and_fits_an_empty_field() -> None:
    assert "must be the opening of an answer" in lint([replace(GOOD, starter="What did you see?")])[0]
    assert "keep to 100" in lint([replace(GOOD, starter="I saw " + "so " * 40 + "much…")])[0]


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"category": "well-being and growth", "note": "x"}, "must be private by default"),
        ({"roles": ("any", "director")}, "keep one or the other"),
        ({"depth": 4}, "needs a note"),
        ({"private_default": True}, "needs a note"),
        ({"challenge": "brave"}, "needs a note"),
        ({"follow_up": "never-was"}, "there is no never-was"),
    ],
)
def test_prompt_set_up_wrongly_is_reported(changed: dict[str, object], complaint: str) -> None:
    assert complaint in lint([replace(GOOD, **changed)])[0]  # type: ignore[arg-type]


def test_spanish_question_of_the_bank_says_where_it_begins() -> None:
    spanish = bank.by_id(GOOD.id, "es")
    assert "needs one ¿" in lint([replace(spanish, text=spanish.text.replace("¿", ""))])[0]


def test_follow_up_can_come_next() -> None:
    """Neither of the same category, nor shallower, nor for an earlier part of the season."""
    first = replace(GOOD, follow_up="then", depth=2, season="build")
    then = replace(GOOD, id="then", text="What came after that last week?")
    found = " ".join(lint([first, then]))
    assert "is of the same category" in found
    assert "is shallower, or for an earlier part" in found
    later = replace(then, category="data and evidence", season="apply", depth=3)
    assert "then" not in " ".join(lint([first, later]))


def test_prompts_may_not_share_an_id_or_text() -> None:
    again = replace(GOOD, text=GOOD.text.replace("this past week", "this very week"))
    found = lint([GOOD, again])
    assert f"{GOOD.id}: 2 prompts have this id." in found
    assert any(fault.startswith(f"{GOOD.id}: too much like {GOOD.id}") for fault in found)


def test_unbalanced_bank_is_told_what_differs() -> None:
    without_equity = [p for p in bank.load() if p.category != "equity, access, belonging"]
    assert "bank: 0 prompts with category “equity, access, belonging”; there should be 12." in lint(without_equity)
    one_more = [*bank.load(), replace(GOOD, id="one-more", text="What else changed in the room this past week?")]
    assert "bank: 21 prompts with season “launch”; there should be 20." in lint(one_more)


def test_fault_names_the_words_it_is_about() -> None:
    assert faults("What must change next week?", "en") == [Fault(K.SHOULD, "must")]
