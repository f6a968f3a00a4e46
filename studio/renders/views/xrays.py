"""The contract x-ray of a project: the very bytes a take would freeze, beside the board's plan."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from studio.accounts.access import can, role_on
from studio.renders.readiness import Plan, readiness_of
from studio.renders.views.spending import proof_asked
from studio.storyboards import answers
from studio.storyboards.access import project_for
from studio.storyboards.xray.panel import xray_of
from studio.transend import wire


@never_cache
@require_safe
def show_xray(request: HttpRequest, project_pk: int) -> HttpResponse:
    """The plan, the exact JSON, what stays here and why, and each broken rule with its field.

    With `proof`, those of a 15 s proof of `shots`; of the film where they make none.
    """
    project = project_for(request, project_pk, can.VIEW)
    readiness = readiness_of(project, proof_asked(request.GET))
    context = {
        "section": "projects",
        "project": project,
        "workspace": project.workspace,
        "role": role_on(project),
        "revision": readiness.revision,
        "problems": readiness.problems,
    }
    if readiness.revision is not None:
        plan = readiness.plan or Plan(project, readiness.revision.snapshot)
        payload = plan.payload
        takes = project.takes.filter(payload_sha256=plan.sha256)
        context |= {
            "asked": request.GET.urlencode() if plan.is_proof else "",
            "xray": xray_of(plan.snapshot, wire.decode_json(payload), readiness.problems),
            "payload": payload.decode(),
            "payload_bytes": len(payload),
            "sha256": plan.sha256,
            "same_take": takes.order_by("-number").first(),
            "sends_webhook": bool(settings.TRANSEND_WEBHOOK_BASE),
            "unverified": readiness.unverified,
        }
    return answers.dialog(request, "renders/xray.html", context)
