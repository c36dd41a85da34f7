"""Setting a cadence in Spanish, by an admin whose Slack or Discord is in Spanish."""

from dataclasses import replace

import pytest

from bot.ui import Button, Form
from tests.support.chat import Actor, Chat
from tests.support.community import create_community

SAID = "segundo miércoles de cada mes, de octubre a junio, a las 4 de la tarde"


@pytest.fixture(params=["es", "es-ES"])
def sol(chat: Chat, request: pytest.FixtureRequest) -> Actor:
    """An admin of a community whose language is English."""
    create_community(chat)
    sol = chat.person("Sol", manages=True)
    sol.who = replace(sol.who, locale=request.param)
    return sol


def test_cadence_is_said_back_in_spanish(chat: Chat, sol: Actor) -> None:
    said = sol.types(f"cadence set {SAID}", root="admin")
    assert "Entendí: segundo miércoles de cada mes, de octubre a junio, 16:00" in said
    assert "Las próximas fechas, hora de Nueva York" in said
    assert "mié, 8 oct 2025, 16:00" in said
    assert "Todavía no se ha guardado nada" in said
    assert [a.label for a in sol.shown.actions if isinstance(a, Button)] == ["Guardar", "Cambiar"]

    assert "Guardado: segundo miércoles de cada mes" in sol.presses("Guardar")
    again = sol.types(f"cadence set {SAID}", root="admin")
    assert "siguen igual" in again
    assert "segundo miércoles de cada mes" in sol.types("cadence show", root="admin")


def test_english_phrase_is_said_back_in_spanish(sol: Actor) -> None:
    said = sol.types("cadence set last Friday of each month at 9:30am", root="admin")
    assert "último viernes de cada mes, 09:30" in said


@pytest.mark.parametrize(
    ("typed", "why", "right"),
    [
        ("viernes a las 3 de la tarde", "puede ser un solo día o cada semana", "cada viernes, 15:00"),
        ("el 3", "una sola fecha o un día de cada mes", "3 de cada mes"),
        ("30 de febrero", "no tiene día 30", "29 de febrero de 2028"),
        ("cada martes a las 16:00 hora de Narnia", "No conozco la zona horaria «narnia»", "cada martes, 16:00"),
    ],
)
def test_ambiguous_phrase_is_questioned_in_spanish(sol: Actor, typed: str, why: str, right: str) -> None:
    said = sol.types(f"cadence set {typed}", root="admin")
    assert why in said
    assert f"Lo más parecido que puedo leer: {right}" in said
    assert "No se ha guardado nada" in said
    [button] = [a for a in sol.shown.actions if isinstance(a, Button)]
    assert f"cadence set {right}" in button.label
    assert "Entendí: " in sol.presses(button.label)


def test_assumptions_are_named_in_spanish(sol: Actor) -> None:
    said = sol.types("cadence set cada viernes a las 3 de la tarde EST", root="admin")
    assert "EST" in said
    assert "Uso la hora de Nueva York" in said


def test_form_is_spanish_with_a_readable_spanish_example(sol: Actor) -> None:
    sol.types("cadence set", root="admin")
    assert isinstance(sol.sees, Form)
    assert sol.sees.title == "¿Cuándo se reúnen?"
    [field] = sol.sees.fields
    example = field.hint.removeprefix("Por ejemplo: ")
    assert "Entendí: segundo miércoles" in sol.fills(phrase=example)


def test_channel_is_told_in_the_language_of_the_community(chat: Chat, sol: Actor) -> None:
    for phrase in (SAID, "último viernes de cada mes a las 9:30"):
        sol.types(f"cadence set {phrase}", root="admin")
        sol.presses("Guardar")
    assert "From now on we meet: last Friday of each month, 9:30 AM" in chat.in_channel()[-1].words


def test_setup_says_the_cadence_back_in_spanish(chat: Chat) -> None:
    sol = chat.person("Sol", manages=True, zone="America/New_York")
    sol.who = replace(sol.who, locale="es-MX")
    sol.types("setup", root="admin")
    sol.fills(name="Mentoras", purpose="Mejores tardes")
    sol.presses("Next: where and who leads")
    sol.fills(facilitators="ben", minutes="90", place="Sala 2")
    sol.presses("Next: when you meet")
    assert isinstance(sol.sees, Form)
    assert sol.sees.title == "Preparar, 3 de 3: cuándo"
    assert "puede ser un solo día" in sol.fills(phrase="viernes a las 3 de la tarde")
    assert "Entendí: segundo miércoles de cada mes, de octubre a junio" in sol.fills(phrase=SAID)
