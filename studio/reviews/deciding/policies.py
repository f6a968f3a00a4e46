"""How many people must approve a take, which ones, and what follows: a workspace's own rule."""

from collections.abc import Collection
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.access import POLICY, can
from studio.accounts.models import Role, User, Workspace
from studio.reviews.models import ReviewPolicy

MOST_APPROVALS = 10
# Whose approvals a policy may let count, in the order in which they are named.
DECIDING_ROLES = tuple(
    role for role in (Role.PRODUCER, Role.ADMIN) if can.DECIDE in POLICY[role.value]
)


class UnusablePolicy(ValueError):
    """The policy cannot be set; the message says why, `field` where."""

    def __init__(self, says: str, field: str) -> None:
        super().__init__(says)
        self.field = field


@dataclass(frozen=True, slots=True)
class Rule:
    """What a person sets. `roles` are of `DECIDING_ROLES`; the rest as in `ReviewPolicy`."""

    approvals_needed: int = 1
    roles: tuple[str, ...] = tuple(role.value for role in DECIDING_ROLES)
    refuses_own: bool = False
    guests_count: bool = False
    releases_itself: bool = True

    def checked(self) -> "Rule":
        """The rule, its roles in order. Raises `UnusablePolicy` for what no policy may say."""
        if not 1 <= self.approvals_needed <= MOST_APPROVALS:
            raise UnusablePolicy(f"Ask for 1 to {MOST_APPROVALS} approvals.", "approvals_needed")
        if not self.roles or set(self.roles) - {role.value for role in DECIDING_ROLES}:
            raise UnusablePolicy("Tick whose approvals count: producers, admins or both.", "roles")
        return self


def policy_of(workspace: Workspace) -> ReviewPolicy:
    """The workspace's policy; where none was ever set, an unsaved one of the defaults."""
    return policies_of([workspace.pk])[workspace.pk]


def policies_of(workspaces: Collection[int]) -> dict[int, ReviewPolicy]:
    """The policies of workspaces, by their pks, each as `policy_of` has it. One query."""
    found = ReviewPolicy.objects.select_related("updated_by", "workspace").in_bulk(workspaces)
    return {pk: found.get(pk) or ReviewPolicy(workspace_id=pk) for pk in workspaces}


def rule_of(policy: ReviewPolicy) -> Rule:
    """What the policy says, as a person sets it."""
    return Rule(
        policy.approvals_needed,
        tuple(policy.roles),
        policy.refuses_own,
        policy.guests_count,
        policy.releases_itself,
    )


def change(workspace: Workspace, rule: Rule, by: User) -> ReviewPolicy:
    """Set the policy, from the next decision on. Raises `UnusablePolicy`.

    What is released stays so, and what is not released is not by this: somebody decides or
    releases first.
    """
    rule.checked()
    with transaction.atomic():
        audit.lock(workspace)
        former = rule_of(policy_of(workspace))
        policy = ReviewPolicy(
            workspace=workspace,
            approvals_needed=rule.approvals_needed,
            roles=list(rule.roles),
            refuses_own=rule.refuses_own,
            guests_count=rule.guests_count,
            releases_itself=rule.releases_itself,
            updated_by=by,
            updated_at=timezone.now(),
        )
        policy.save()
        if former != rule:
            audit.record(
                workspace,
                by,
                "review_policy.changed",
                "review policy",
                before=asdict(former),
                after=asdict(rule),
            )
    return policy


def in_words(rule: Rule) -> str:
    """What the rule means, such as "A film is released as soon as 2 producers or admins, other
    than the person who ordered it, have approved it."
    """
    needed = rule.approvals_needed
    own = ", other than the person who ordered it," if rule.refuses_own else ""
    who = in_roles(rule, needed)
    has = "has" if needed == 1 else "have"
    if rule.releases_itself:
        return f"A film is released as soon as {who}{own} {has} approved it."
    releasers = _joined([role.label.lower() for role in DECIDING_ROLES], "or")
    return f"Once {who}{own} {has} approved a take, a {releasers} can release its film."


def in_roles(rule: Rule, count: int, *, another: bool = False) -> str:
    """Whose approval is meant: "a producer or admin", "another admin", "2 producers or guests"."""
    names = [role.label.lower() for role in DECIDING_ROLES if role.value in rule.roles]
    names += ["guest"] if rule.guests_count else []
    if count == 1:
        article = "another" if another else "an" if names[0][0] in "aeiou" else "a"
        return f"{article} {_joined(names, 'or')}"
    more = f"{count} more" if another else str(count)
    return f"{more} {_joined([f'{name}s' for name in names], 'or')}"


def shortage(workspace: Workspace, rule: Rule) -> str:
    """A sentence where fewer members could approve than the rule asks for, else empty. One query.

    Guests whose approvals count may always be asked to fill in.
    """
    people = User.objects.filter(
        is_active=True, memberships__workspace=workspace, memberships__role__in=rule.roles
    ).count()
    needed = rule.approvals_needed
    if rule.guests_count or people >= needed + rule.refuses_own:
        return ""
    able = "Nobody" if not people else f"Only {people} {'person' if people == 1 else 'people'}"
    asked = f"{needed} approval{' is' if needed == 1 else 's are'} needed"
    if people >= needed:
        return (
            f"{able} could approve, and {asked}: what one of them orders could not be released. "
            "Add a member who may approve, or let own submissions be approved."
        )
    return f"{able} could approve, and {asked}. Add members who may approve, or ask for fewer."


def _joined(names: Collection[str], last: str) -> str:
    *others, final = names
    return f"{', '.join(others)} {last} {final}" if others else final
