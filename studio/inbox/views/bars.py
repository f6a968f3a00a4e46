"""What the top bar shows on pages that are about all of a person's workspaces."""

from django.http import HttpRequest

from studio.accounts.access import role_on, visible
from studio.accounts.models import Workspace


def workspaces_of(request: HttpRequest) -> list[Workspace]:
    """The person's workspaces by name, each with `member_role`."""
    return list(visible(request, Workspace.objects.order_by("name", "pk"), workspace=""))


def bar_of(workspaces: list[Workspace]) -> dict[str, object]:
    """The pages of the first one, as on the list of projects: the bar stays as it is on the way
    from there. Nothing for whoever has none."""
    bar: dict[str, object] = {"section": "inbox"}
    if workspaces:
        bar |= {"workspace": workspaces[0], "role": role_on(workspaces[0])}
    return bar
