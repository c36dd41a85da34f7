"""Breaking any one rule of the architecture makes `make check` fail."""

import re
import shutil
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import grimp
import pytest

PACKAGES = ("adapters", "bot", "scheduler", "storage")
BOT_LAYERS = (
    ("devtools",),
    ("cli",),
    ("bootstrap",),
    ("demo",),
    ("features",),
    ("operations",),
    ("delivery",),
    ("core",),
    ("domain",),
    ("cadence", "ui", "telemetry"),
)
STORAGE_LAYERS = (
    ("agenda",),
    ("learning", "meetings", "privacy"),
    ("operations", "people", "library"),
    ("messaging", "communities"),
    ("database",),
)
RUN = "from importlinter.cli import lint_imports_command; lint_imports_command()"

BREACHES = [
    ("bot/core/breach.py", "import scheduler.timer_loop", "Adapters and the scheduler use the bot"),
    ("bot/core/breach.py", "import adapters.playground.parse", "Adapters and the scheduler use the bot"),
    ("storage/people/breach.py", "import bot.ui", "Adapters and the scheduler use the bot"),
    ("scheduler/breach.py", "import adapters.playground.parse", "Adapters and the scheduler use the bot"),
    ("bot/core/breach.py", "import bot.bootstrap", "Only start-up, terminal commands and devtools see everything"),
    ("adapters/playground/breach.py", "import bot.cli", "Only start-up, terminal commands and devtools see everything"),
    ("adapters/discord/breach.py", "import adapters.playground.parse", "Adapters do not know each other"),
    ("adapters/slack/breach.py", "import adapters.html.parts", "Adapters do not know each other"),
    ("adapters/html/breach.py", "import adapters.playground.parse", "Adapters do not know each other"),
    ("bot/features/prompts/breach.py", "import bot.features.breach", "Features do not know each other"),
    ("bot/features/meetings/planner.py", "import bot.features.meetings.posts.sync", "In meetings"),
    ("bot/features/meetings/posts/card.py", "import bot.features.meetings.changes.service", "In meetings"),
    ("bot/features/meetings/lookup.py", "import bot.features.meetings.rsvp.handlers", "In meetings"),
    ("bot/core/breach.py", "import slack_sdk", "Platform libraries stay in their adapter"),
    ("bot/core/breach.py", "import slack_bolt", "Platform libraries stay in their adapter"),
    ("storage/people/breach.py", "from discord import Client", "Platform libraries stay in their adapter"),
    ("bot/core/breach.py", "import apscheduler", "Platform libraries stay in their adapter"),
    ("bot/features/prompts/selection.py", "import storage.database", "Rules are pure"),
    ("bot/features/prompts/selection.py", "import bot.core.context", "Rules are pure"),
    ("bot/ui/messages.py", "import sqlmodel", "Rules are pure"),
    ("bot/core/events.py", "import sqlalchemy", "Rules are pure"),
    ("bot/cadence/breach.py", "import storage.messaging.timers", "Rules are pure"),
]

# Every room imports from the room above it, and from a sibling if it has one.
for _package, _name, _layers in (("bot", "the bot", BOT_LAYERS), ("storage", "storage", STORAGE_LAYERS)):
    _contract = f"Inside {_name}, each room uses only the rooms below it"
    _reached = [(room, above[0]) for above, below in pairwise(_layers) for room in below]
    _reached += [pair for layer in _layers for pair in pairwise(layer)]
    BREACHES += [(f"{_package}/{room}/breach.py", f"import {_package}.{to}", _contract) for room, to in _reached]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copy("pyproject.toml", folder)
    for package in PACKAGES:
        shutil.copytree(package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def broken_contracts(copy: Path) -> dict[str, str]:
    """What import-linter finds wrong, by contract, with every breach made at once."""
    (copy / "bot/features/breach").mkdir()
    (copy / "bot/features/breach/__init__.py").touch()
    for module, line, _contract in BREACHES:
        (copy / module).parent.mkdir(exist_ok=True)
        with (copy / module).open("a", encoding="utf-8") as source:
            source.write(f"\n{line}\n")
    said = lint(copy)
    assert said.returncode == 1
    report = said.stdout.partition("Broken contracts")[2]
    sections = re.split(r"^(.+)\n-+\n", report, flags=re.MULTILINE)
    return dict(zip(sections[1::2], sections[2::2], strict=True))


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", RUN, "--no-logo"], cwd=folder, capture_output=True, text=True)


def test_every_contract_is_kept() -> None:
    """The code as it is breaks none."""
    assert lint(Path.cwd()).returncode == 0


@pytest.mark.parametrize(("module", "line", "contract"), BREACHES)
def test_breach_of_each_contract_is_found(
    broken_contracts: dict[str, str], module: str, line: str, contract: str
) -> None:
    importer = module.removesuffix(".py").replace("/", ".")
    (told,) = (text for name, text in broken_contracts.items() if name.startswith(contract))
    assert f"{importer} -> {line.split()[1]}" in told


def imports(*packages: str) -> dict[str, set[str]]:
    """Return each of our modules with those that it imports."""
    graph = grimp.build_graph(*packages, cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def test_imports_form_no_circle() -> None:
    TopologicalSorter(imports(*PACKAGES)).prepare()


def test_a_circle_is_found_when_two_modules_import_each_other() -> None:
    house = imports("storage")
    house["storage.database.engine"].add("storage.database.migrate")
    with pytest.raises(CycleError, match=r"storage\.database\.migrate"):
        TopologicalSorter(house).prepare()
