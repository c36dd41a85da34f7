"""The tests' SQLite returns rows without an ORDER BY in reverse, as PostgreSQL might."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from storage.people.people import Person
from tests.support import postgres


@pytest.mark.skipif(postgres.is_named(), reason="PostgreSQL has an order of its own")
def test_unordered_rows_do_not_come_in_order_of_insertion(engine: Engine) -> None:
    with Session(engine) as session:
        session.add_all([Person(name="Ada"), Person(name="Ben"), Person(name="Chi")])
        session.flush()
        names = select(Person.name)
        assert session.exec(names).all() == ["Chi", "Ben", "Ada"]
        assert session.exec(names.order_by(col(Person.id))).all() == ["Ada", "Ben", "Chi"]
