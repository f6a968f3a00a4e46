"""Text as people search it: without case, without accents, on both databases.

    Project.objects.filter(title__folded__contains=fold("Élan"))

finds “elan”, “ÉLAN” and “Élan”.
"""

import re
import unicodedata
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import CharField, TextField, Transform

_SQLITE_FUNCTION = "studio_fold"
# Latin, Greek and Cyrillic accents. Marks of other scripts make another letter: が is not か.
_ACCENTS = "[\u0300-\u036f]"
_accents = re.compile(_ACCENTS)


def fold(text: str) -> str:
    """`Élan` → `elan`, `STRASSE` and `Straße` → `strasse`."""
    if text.isascii():
        return text.lower()
    return _accents.sub("", unicodedata.normalize("NFKD", text).casefold())


class Folded(Transform):
    """`fold` in the database, as the lookup `…__folded`."""

    lookup_name = "folded"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, function=_SQLITE_FUNCTION, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # PostgreSQL's lower() keeps ß and ς, which casefold() makes ss and σ.
        template = (
            "replace(replace(regexp_replace(lower(normalize(%(expressions)s, NFKD)),"
            f" '{_ACCENTS}', '', 'g'), 'ß', 'ss'), 'ς', 'σ')"
        )
        return super().as_sql(compiler, connection, template=template, **context)


def install() -> None:
    """Teach every text column the lookup, and SQLite the function it needs."""
    CharField.register_lookup(Folded)
    TextField.register_lookup(Folded)
    connection_created.connect(_teach_sqlite, dispatch_uid="studio.lib.folding")


def _teach_sqlite(connection: BaseDatabaseWrapper, **_: object) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            _SQLITE_FUNCTION, 1, lambda text: None if text is None else fold(text),
            deterministic=True,
        )  # fmt: skip
