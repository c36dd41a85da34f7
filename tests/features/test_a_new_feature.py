"""What a new feature costs: seven files and its place in the list, and nothing in `adapters/` or `core/`.

The files in `a_new_feature/` are added to a copy of the tree as a contributor would add them. Their names end in .txt
so that no tool takes them for a part of the bot.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "a_new_feature"
PACKAGES = ("adapters", "bot", "scheduler", "storage")
SUPPORT = ("__init__", "chat", "community", "one_thread", "promises", "scenes", "sqlite", "postgres", "ports")
SUITE = ("__init__.py", "conftest.py", *(f"support/{name}.py" for name in SUPPORT))
PROMISES = (
    "tests/features/admin/test_audit_log.py::test_every_audited_action_is_declared_and_used",
    "tests/features/test_personal_data.py",
    "tests/features/test_timer_labels.py",
    "tests/core/test_feature_boundaries.py",
    "tests/storage/database/test_engine.py::test_migrations_make_exactly_the_tables_in_the_code",
)
OWN = "tests/features/test_thanks.py"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the bot, with what the tests named here need."""
    ignored = shutil.ignore_patterns("__pycache__")
    for package in PACKAGES:
        shutil.copytree(package, tmp_path / package, ignore=ignored)
    shutil.copy("pyproject.toml", tmp_path)
    for name in (*(f"tests/{part}" for part in SUITE), *(test.partition("::")[0] for test in PROMISES)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(name, tmp_path / name)
    return tmp_path


def run(tree: Path, *command: str) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in ("TEST_DATABASE_URL", "PYTHONPATH")}
    environment |= {"PYTHONPATH": str(tree), "COP_CI": ""}
    done = subprocess.run([sys.executable, "-m", *command], cwd=tree, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def add(tree: Path) -> list[str]:
    """Put the feature's files in their places, and its name in the list of features."""
    added = [page.relative_to(HERE).with_suffix("") for page in sorted(HERE.rglob("*.txt"))]
    for name in added:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / f"{name}.txt", tree / name)
    features = tree / "bot/features/__init__.py"
    listed = features.read_text(encoding="utf-8").replace('    "status",\n', '    "status",\n    "thanks",\n')
    features.write_text(listed, encoding="utf-8")
    return [str(name) for name in added]


@pytest.mark.anywhere
def test_new_feature_needs_seven_files_and_its_place_in_the_list(tree: Path) -> None:
    added = add(tree)
    before = {page.name for page in (tree / "storage/migrations/versions").glob("*.py")}
    run(tree, "storage.migrations", "thanks")
    [migration] = {page.name for page in (tree / "storage/migrations/versions").glob("*.py")} - before
    assert len([*added, migration]) == 7
    assert not [name for name in added if name.startswith(("adapters/", "bot/core/"))]
    assert "passed" in run(tree, "pytest", "-q", "-p", "no:cacheprovider", OWN, *PROMISES)
