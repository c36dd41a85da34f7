"""What a database error means is said in words that name what to do."""

import pytest
from sqlalchemy.exc import OperationalError

from storage.database import faults

URL = "postgresql://bot:hunter2@db.example:5432/cop"
TO = 'connection failed: connection to server at "192.0.2.1", port 5432 failed: '


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        (f"{TO}Connection refused", "No PostgreSQL answers there"),
        (f"{TO}server closed the connection unexpectedly", "PostgreSQL has stopped, or is starting or stopping"),
        (f"{TO}FATAL:  the database system is starting up", "PostgreSQL has stopped, or is starting or stopping"),
        (f"{TO}FATAL:  the database system is in recovery mode", "PostgreSQL has stopped, or is starting or stopping"),
        ("terminating connection due to administrator command", "PostgreSQL has stopped, or is starting or stopping"),
        (f"{TO}Connection reset by peer", "PostgreSQL has stopped, or is starting or stopping"),
        (f"{TO}FATAL:  sorry, too many clients already", "It has no free connection"),
        (f'{TO}FATAL:  password authentication failed for user "bot"', "It refuses the user or the password"),
        ("something nobody has seen, hunter2", "It says: something nobody has seen, …"),
    ],
)
def test_words_of_postgresql_become_advice(said: str, advice: str) -> None:
    fault = OperationalError("SELECT 1", None, ConnectionError(said))
    explained = faults.explain(fault, URL)
    assert advice in explained
    assert "hunter2" not in explained
