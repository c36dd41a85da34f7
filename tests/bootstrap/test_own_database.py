"""The database of a process that runs on it."""

from pathlib import Path

from bot.bootstrap.process import own_database
from bot.settings import Settings


def test_process_takes_away_other_users_rights(tmp_path: Path) -> None:
    """Also to files that an earlier version made, and to backups."""
    file, backup = tmp_path / "commonplace.db", tmp_path / "backups" / "commonplace-20260101-000000.db"
    backup.parent.mkdir(mode=0o755)
    for path in (file, backup):
        path.touch()
        path.chmod(0o644)
    tmp_path.chmod(0o755)
    settings = Settings.model_construct(cop_data=tmp_path, database_url=f"sqlite:///{file}")
    with own_database(settings):
        for path in (file, backup, tmp_path, backup.parent):
            assert path.stat().st_mode & 0o077 == 0, path
