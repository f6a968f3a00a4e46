import sys
from typing import Any

from studio.accounts.audit import broken_links
from studio.accounts.models import AuditEntry, Workspace
from studio.management.command import StudioCommand


class Command(StudioCommand):
    help = "Check that no entry of the audit log was changed, removed or reordered."

    def handle(self, *args: Any, **options: Any) -> None:
        workspaces = Workspace.objects.order_by("slug")
        problems = [says for workspace in workspaces for says in broken_links(workspace)]
        self.answer(
            {
                "valid": not problems,
                "workspaces": len(workspaces),
                "entries": AuditEntry.objects.count(),
                "problems": problems,
            }
        )
        if problems:
            sys.exit(1)
