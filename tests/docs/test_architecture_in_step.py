"""The architecture page shows the imports and rooms as they are."""

from pathlib import Path

import pytest

from bot.devtools.architecture_diagram import PAGE, imports, rooms, with_diagram, without_implied

RENEW = "The imports changed. Run `make docs` and commit what it writes."


def test_diagram_shows_todays_imports() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert "```mermaid\nflowchart" in text
    assert text == with_diagram(text), RENEW


@pytest.mark.parametrize("place", [place for place in rooms(Path()).values() if place.is_dir()], ids=str)
def test_table_names_every_room(place: Path) -> None:
    assert f"| `{place}/` |" in PAGE.read_text(encoding="utf-8")


def test_diagram_leaves_out_only_arrows_that_follow_from_others() -> None:
    assert without_implied({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"a": {"b"}, "b": {"c"}, "c": set()}


def test_diagram_keeps_a_circle() -> None:
    circle = {"a": {"b"}, "b": {"a"}}
    assert without_implied(circle) == circle


def test_imports_are_found_however_they_are_written(tmp_path: Path) -> None:
    for name in ("bot/core", "bot/ui", "adapters", "scheduler", "storage"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "__init__.py").touch()
    (tmp_path / "bot/core/app.py").write_text("import storage.people\nfrom bot import ui\n", encoding="utf-8")
    (tmp_path / "bot/ui/forms.py").write_text("import json\nfrom bot.ui import markup\n", encoding="utf-8")
    (tmp_path / "adapters/parse.py").write_text(
        "def late():\n    from bot.core.events import Event\n", encoding="utf-8"
    )
    assert imports(tmp_path) == {
        "adapters": {"bot.core"},
        "bot.core": {"bot.ui", "storage"},
        "bot.ui": set(),
        "scheduler": set(),
        "storage": set(),
    }
