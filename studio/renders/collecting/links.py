"""Links to a finished render's files. They are signed, so they are asked for and never stored."""

from django.conf import settings

from studio.renders.models import Take
from studio.renders.sending import credentials
from studio.transend.client import TransendClient
from studio.transend.errors import MalformedAnswer
from studio.transend.types import Result

_TOTAL_S = 30.0


class FreshLinks:
    """The result of one take's task, asked for when first needed and again after `forget`."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._result: Result | None = None

    def current(self) -> Result:
        """The links. Raises `NoUsableKey` and the errors of `TransendClient.get_task`."""
        if self._result is None:
            self._result = self._asked()
        return self._result

    def forget(self) -> None:
        """The links are refused: the next ones must be fresh."""
        self._result = None

    def _asked(self) -> Result:
        secret = credentials.secret_of(credentials.key_to_ask(self._take))
        with TransendClient(settings.TRANSEND_BASE_URL, secret, total_s=_TOTAL_S) as vendor:
            task = vendor.get_task(self._take.vendor_task_id)
        if task.result is None:
            raise MalformedAnswer(
                f"Transend had finished the render, but now calls it “{task.raw_status[:60]}”.",
                excerpt=task.excerpt,
                trace_id=task.trace_id,
            )
        return task.result
