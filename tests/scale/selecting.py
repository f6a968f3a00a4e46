"""Which tests run on PostgreSQL too (docs/adr/0012): those that ask the database something.

A test that has no database is the same there. So is one marked `any_database`: what it looks at is
drawn, parsed or refused above the database, and the statements on its way are run by others here.
"""

import pytest

DATABASE = {"db", "transactional_db", "django_db_setup"}


def asks_the_database(item: pytest.Item) -> bool:
    """Whether the test, or any fixture that it uses, has a database."""
    is_given = not DATABASE.isdisjoint(getattr(item, "fixturenames", ()))
    return is_given or item.get_closest_marker("django_db") is not None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen, others = [], []
    for item in items:
        is_chosen = asks_the_database(item) and item.get_closest_marker("any_database") is None
        (chosen if is_chosen else others).append(item)
    items[:] = chosen
    config.hook.pytest_deselected(items=others)
