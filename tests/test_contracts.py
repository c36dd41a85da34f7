"""The plan of the house holds because breaking any one rule of it fails `make check`."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGES = ("adapters", "bot", "scheduler", "storage")
RUN = "from importlinter.cli import lint_imports_command; lint_imports_command()"

BREACHES = [
    ("bot/breach.py", "import scheduler.clock", "Adapters and the scheduler use the bot"),
    ("bot/breach.py", "import adapters.playground.read", "Adapters and the scheduler use the bot"),
    ("storage/breach.py", "import bot.ui", "Adapters and the scheduler use the bot"),
    ("scheduler/breach.py", "import adapters.playground.read", "Adapters and the scheduler use the bot"),
    ("bot/breach.py", "import bot.wiring", "Only the command line and the wiring see everything"),
    ("adapters/playground/breach.py", "import bot.cli", "Only the command line and the wiring see everything"),
    ("adapters/discord/breach.py", "import adapters.playground.read", "Adapters do not know each other"),
    ("bot/features/prompts/breach.py", "import bot.features.breach", "Features do not know each other"),
    ("bot/breach.py", "import slack_sdk.errors", "Platform libraries stay in their adapter"),
    ("bot/breach.py", "import slack_bolt", "Platform libraries stay in their adapter"),
    ("storage/breach.py", "from discord import Client", "Platform libraries stay in their adapter"),
    ("bot/breach.py", "import apscheduler.triggers.cron", "Platform libraries stay in their adapter"),
    ("bot/features/prompts/rules.py", "import storage.db", "Rules are pure"),
    ("bot/features/prompts/rules.py", "import bot.context", "Rules are pure"),
    ("bot/ui.py", "import sqlmodel", "Rules are pure"),
    ("bot/events.py", "import sqlalchemy", "Rules are pure"),
    ("bot/cadence/breach.py", "import storage.timers", "Rules are pure"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy("pyproject.toml", tmp_path)
    for package in PACKAGES:
        shutil.copytree(package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "bot/features/breach").mkdir()
    (tmp_path / "bot/features/breach/__init__.py").touch()
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", RUN, "--no-logo"], cwd=folder, capture_output=True, text=True)


def test_the_house_as_it_stands_keeps_every_contract(copy: Path) -> None:
    assert lint(copy).returncode == 0


@pytest.mark.parametrize(("module", "line", "contract"), BREACHES)
def test_a_breach_is_found_and_named(copy: Path, module: str, line: str, contract: str) -> None:
    with (copy / module).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    found = lint(copy)
    assert found.returncode == 1
    broken = [row for row in found.stdout.splitlines() if " BROKEN" in row]
    assert any(row.startswith(contract) for row in broken), found.stdout
