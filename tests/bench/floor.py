"""The floor: a bare view that runs statements recorded before and returns bytes given before."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

Statement = tuple[str, Any]


class Floor:
    """What the bare view runs and returns."""

    statements: list[Statement]
    answer = b""

    def __call__(self, request: Any) -> Any:
        from django.db import connection, transaction
        from django.http import HttpResponse
        from django.middleware.csrf import get_token

        get_token(request)  # as in any answer with a form, where it is another one each time
        request.POST  # noqa: B018  # read, as by any view that is posted to
        with ExitStack() as stack, connection.cursor() as cursor:
            for sql, params in self.statements:
                if sql.startswith("BEGIN"):
                    stack.enter_context(transaction.atomic())
                    continue
                cursor.execute(sql, params)
                if cursor.description:
                    cursor.fetchall()
        return HttpResponse(self.answer)


FLOOR = Floor()


class recorded:
    """The statements that run meanwhile, with their parameters."""

    def __enter__(self) -> list[Statement]:
        from django.db import connection

        self.found: list[Statement] = []
        self.wrapping = connection.execute_wrapper(self._note)
        self.wrapping.__enter__()
        return self.found

    def __exit__(self, *raised: Any) -> None:
        self.wrapping.__exit__(*raised)

    def _note(self, execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        self.found.append((sql, params))
        return execute(sql, params, *rest)
