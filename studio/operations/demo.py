"""The demo workspace: four members, three films, and the embedded simulator's key and price.

It is made once. What people change, rename or delete in it afterwards stays as they left it.
"""

import json
import secrets
from decimal import Decimal
from pathlib import Path
from typing import Any, TypedDict

from django.conf import settings
from django.db import transaction

from studio.accounts.keys import add_key
from studio.accounts.models import Membership, Role, User, Workspace
from studio.lib import private_files
from studio.operations import demo_key
from studio.renders.costs import changing
from studio.renders.costs.estimates import today
from studio.storyboards.exchange import transend_json
from studio.storyboards.presets import BUILT_IN_MOTIONS

SLUG = "demo"
FILMS = Path(__file__).parent / "films"
# The last one seeded stands first on the projects page.
TITLES = {
    "bread-before-dawn.json": "Bread Before Dawn",
    "the-night-ferry.json": "The Night Ferry",
    "neon-tokyo.json": "Neon Tokyo",
}
ROLES = (Role.ADMIN, Role.PRODUCER, Role.CREATIVE, Role.VIEWER)


class SignIn(TypedDict):
    """Who may sign in; no password where the person has changed it since."""

    role: str
    email: str
    password: str | None


def sign_ins_path() -> Path:
    """Where the generated passwords are kept, mode 0600."""
    return Path(settings.STUDIO_VAR) / "sign-ins.json"


def seed() -> dict[str, Any]:
    """Make the demo workspace if there is none; its sign-ins and projects as they are now."""
    passwords = _kept_passwords()
    with transaction.atomic():
        workspace, is_new = Workspace.objects.get_or_create(
            slug=SLUG, defaults={"name": "Demo Studio"}
        )
        if is_new:
            members = {role: _member(workspace, role, passwords) for role in ROLES}
            _keep_passwords(passwords)
            equip(workspace, members[Role.ADMIN])
            _add_films(workspace, members[Role.CREATIVE])
    return {
        "workspace": workspace.slug,
        "created": is_new,
        "sign_ins": _sign_ins(workspace, passwords),
        "projects": [
            {"project": project.pk, "title": project.title}
            for project in workspace.projects.order_by("pk")
        ],
    }


def _member(workspace: Workspace, role: Role, passwords: dict[str, str]) -> User:
    email = f"{role.value}@{SLUG}.localhost"
    user = User.objects.filter(email=email).first()
    if user is None:
        passwords[email] = secrets.token_urlsafe(12)
        user = User.objects.create_user(email, passwords[email], name=f"Demo {role.label}")
    Membership.objects.create(workspace=workspace, user=user, role=role)
    return user


def equip(workspace: Workspace, admin: User) -> None:
    """Give it the embedded simulator's key, what its meter charges, and a budget that only warns.

    Nothing where the vendor is another: it would refuse the key, and should not be shown it; its
    price is not ours to invent.
    """
    if not settings.TRANSEND_IS_SIMULATED:
        return
    add_key(workspace, "Simulator", demo_key.kept(), admin)
    rate = {"currency": "USD", "per_second": Decimal("0.10"), "per_shot": Decimal(0)}
    changing.set_rate(workspace, admin, {**rate, "valid_from": today()})
    terms = {"currency": "USD", "amount": Decimal(500), "warn_percent": 80, "is_hard": False}
    changing.add_budget(workspace, None, admin, terms)


def _add_films(workspace: Workspace, author: User) -> None:
    for name, title in TITLES.items():
        body = json.loads((FILMS / name).read_text())
        board = transend_json.read_body(body, BUILT_IN_MOTIONS)
        transend_json.import_board(workspace, author, title, board)


def _sign_ins(workspace: Workspace, passwords: dict[str, str]) -> list[SignIn]:
    by_role = {member.role: member.user for member in workspace.memberships.select_related("user")}
    return [
        {
            "role": role.value,
            "email": by_role[role].email,
            "password": _if_still_valid(by_role[role], passwords),
        }
        for role in ROLES
        if role in by_role
    ]


def _if_still_valid(user: User, passwords: dict[str, str]) -> str | None:
    kept = passwords.get(user.email)
    return kept if kept and user.check_password(kept) else None


def _kept_passwords() -> dict[str, str]:
    path = sign_ins_path()
    if not path.exists():
        return {}
    kept = json.loads(path.read_text())
    return {str(email): str(password) for email, password in kept.items()}


def _keep_passwords(passwords: dict[str, str]) -> None:
    private_files.replace(sign_ins_path(), json.dumps(passwords, indent=2) + "\n")
