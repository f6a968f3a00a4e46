"""The contract x-ray of a project: the very bytes a take would freeze, beside the board's plan."""

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from studio.accounts.access import can, role_on
from studio.renders import submission
from studio.storyboards import answers
from studio.storyboards.access import project_for
from studio.storyboards.xray.panel import xray_of
from studio.transend import wire


@never_cache
@require_safe
def show_xray(request: HttpRequest, project_pk: int) -> HttpResponse:
    """The plan, the exact JSON, what stays here and why, and each broken rule with its field."""
    project = project_for(request, project_pk, can.VIEW)
    readiness = submission.readiness_of(project)
    context = {
        "section": "projects",
        "project": project,
        "workspace": project.workspace,
        "role": role_on(project),
        "revision": readiness.revision,
        "problems": readiness.problems,
    }
    if readiness.revision is not None:
        payload = submission.payload_of(project, readiness.revision)
        sha256 = hashlib.sha256(payload).hexdigest()
        snapshot = readiness.revision.snapshot
        context |= {
            "xray": xray_of(snapshot, wire.decode_json(payload), readiness.problems),
            "payload": payload.decode(),
            "payload_bytes": len(payload),
            "sha256": sha256,
            "same_take": project.takes.filter(payload_sha256=sha256).order_by("-number").first(),
            "sends_webhook": bool(settings.TRANSEND_WEBHOOK_BASE),
            "unverified": readiness.unverified,
        }
    return answers.dialog(request, "renders/xray.html", context)
