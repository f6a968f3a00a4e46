"""Where a take stands, in words: for the panel, and for whoever meets a locked film."""

from studio.accounts.models import Role
from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.reviews.deciding.policies import Rule, in_roles, rule_of
from studio.reviews.deciding.standing import Standing
from studio.reviews.seals import says_deleted

NOT_THE_APPROVED = (
    "The film is locked: it is not the one that was approved. "
    "Watch this take again and decide anew."
)


def unapproved(take: Take, standing: Standing) -> str:
    """Why the film of a take is locked whose policy is not met."""
    if take.files_deleted_at is not None:
        return says_deleted(take)
    if take.status != Status.READY:
        return "The film is locked: it must arrive first, and then a producer has to approve it."
    if standing.asks_for_changes and not standing.count:
        return (
            "The film is locked: changes were requested. "
            "Render a new take, or approve this one after all."
        )
    if standing.needed > 1 or rule_of(standing.policy).roles != Rule().roles:
        return f"The film is locked. {progress(standing)}"
    return "The film is locked until a producer approves this take."


def approved_but_locked(standing: Standing, *, was_open: bool) -> str:
    """Why a film is locked though its take is approved."""
    if was_open:
        return "The film is locked: its release was withdrawn. A producer can release it again."
    return "The film is locked: it is approved, and a producer has to release it."


def progress(standing: Standing) -> str:
    """Such as "1 of 2 approvals. Waiting for another producer or admin."."""
    anew = " since changes were requested" if standing.asks_for_changes else ""
    return f"{standing.progress}{anew}. Waiting for {standing.waits_for}."


def headline(standing: Standing, *, is_open: bool) -> str:
    """What was decided, for members: one short line."""
    if standing.release and is_open:
        return "Approved and released"
    if standing.is_approved:
        return "Approved, not released"
    if standing.asks_for_changes and not standing.count:
        return "Changes requested"
    return "Not approved yet" if standing.history else "Not decided yet"


def aside(standing: Standing) -> str:
    """How a release and today's policy differ; empty where they do not."""
    release, policy = standing.release, standing.policy
    if release is None or release.approvals_needed == policy.approvals_needed:
        return ""
    then = _approvals(release.approvals_needed)
    return (
        f"It was released with {then}, as was asked then. {policy.workspace} now asks for "
        f"{policy.approvals_needed}: that does not change this release."
    )


def role_of(role: str, *, is_guest: bool) -> str:
    """As what somebody decided: "Guest", "Producer"; empty where that was not kept."""
    return "Guest" if is_guest else str(Role(role).label) if role else ""


def hint(
    standing: Standing, *, counts: bool, is_guest: bool, is_own: bool, has_approved: bool
) -> str:
    """What it does when this person decides."""
    if is_own:
        return "You ordered this take, so somebody else has to approve it. You can request changes."
    if is_guest and not counts:
        return "The team reads it as your advice, and decides on the release."
    if not counts:
        return (
            f"Yours is advice here: it takes {in_roles(rule_of(standing.policy), standing.needed)}."
        )
    if standing.release:
        return "Requesting changes locks the film again."
    if has_approved:
        return "Requesting changes takes the place of your approval."
    if standing.missing > 1:
        return f"Approving makes it {standing.count + 1} of {standing.needed}."
    if standing.policy.releases_itself:
        return "Approving releases the film."
    return "Once you approve, a producer can release the film."


def _approvals(count: int) -> str:
    return f"{count} approval{'' if count == 1 else 's'}"
