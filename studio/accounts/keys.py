"""API keys of a workspace: add, test, pause, revoke, hand to the vendor; never read back."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from studio.accounts import audit, key_news, keyring
from studio.accounts.models import ApiKey, User, Workspace
from studio.lib import unseen
from studio.transend.client import KeyTest, KeyVerdict, TransendClient

# What an Authorization header can carry.
_SECRET = re.compile(r"[\x21-\x7e]{8,400}")

CHECK_IT = "Look it up in the Transend console, then test it again or add another key."

_RESULTS = {
    KeyVerdict.ACCEPTED: ApiKey.TestResult.ACCEPTED,
    KeyVerdict.REFUSED: ApiKey.TestResult.REFUSED,
    KeyVerdict.NOT_KNOWN: ApiKey.TestResult.UNKNOWN,
}


class UnusableKey(ValueError):
    """What was typed cannot be an API key; the message says why, `field` where."""

    def __init__(self, says: str, field: str = "secret") -> None:
        super().__init__(says)
        self.field = field


@sensitive_variables("secret")
def add_key(workspace: Workspace, label: str, secret: str, actor: User | None) -> ApiKey:
    """Store a key, encrypted, and make it the active one; the former drains.

    Takes already under way keep the key that made them. Raises `UnusableKey`, `KeyringError`.
    """
    secret = secret.strip()
    label = _checked("API key" if unseen.is_blank(label) else unseen.trimmed(label), secret)
    key = ApiKey(workspace=workspace, label=label, last_four=secret[-4:], created_by=actor)
    key.ciphertext = _keyring_to_seal_with().seal(secret, workspace.pk, str(key.uid))
    with transaction.atomic():
        # Two admins adding at once: one after the other, or both keys would be the active one.
        audit.lock(workspace)
        ApiKey.objects.filter(workspace=workspace, state=ApiKey.State.ACTIVE).update(
            state=ApiKey.State.DRAINING
        )
        key.save(force_insert=True)
        audit.record(workspace, actor, "key.added", str(key))
    return key


@sensitive_variables("secret")
def _checked(label: str, secret: str) -> str:
    """The label, if both may be stored. Raises `UnusableKey`."""
    if not _SECRET.fullmatch(secret):
        raise UnusableKey(
            "An API key is one line of 8 to 400 letters, digits and signs, without spaces. "
            "Copy it once more from the Transend console."
        )
    if len(label) > 80:
        raise UnusableKey(f"The label has {len(label)} characters. Keep it to 80.", "label")
    if unseen.CONTROLS.search(label):
        says = "The label holds invisible control characters. Type it again as plain text."
        raise UnusableKey(says, "label")
    if secret in label:
        raise UnusableKey("The label holds the key itself. Labels are shown: choose another.")
    return label


def _keyring_to_seal_with() -> keyring.Keyring:
    # A fresh keyring would hide that the old one is not where it should be. Rows first: whoever
    # stores the first one at this very moment has made the keyring before.
    is_needed = ApiKey.objects.exclude(ciphertext="").exists()
    if is_needed and not keyring.is_there():
        raise keyring.KeyringError(
            f"The keyring {settings.STUDIO_KEYRING} is missing, and stored API keys need it. "
            "Restore it from its backup, or revoke those keys first."
        )
    return keyring.load()


def plaintext(key: ApiKey) -> str:
    """The key itself, for the vendor's client only. Never log, store or show it.

    Raises `KeyringError`, also for a revoked key: nothing is left of it to open.
    """
    if not key.ciphertext:
        raise keyring.KeyringError(f"{key} was revoked. Add another API key.")
    return keyring.read().open(key.ciphertext, key.workspace_id, str(key.uid))


def active_key(workspace: Workspace) -> ApiKey | None:
    """The key that new takes are made with; while it `is_paused`, they wait."""
    return ApiKey.objects.filter(workspace=workspace, state=ApiKey.State.ACTIVE).first()


def mark_used(key: ApiKey) -> None:
    """Remember that the vendor was called with this key just now."""
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=timezone.now())


def pause_key(key: ApiKey, reason: str, actor: User | None = None) -> bool:
    """Stop using a key until a test of it succeeds; False when it was paused or revoked already.

    `reason` is a sentence for the keys page. Without an actor the studio itself did it (on a 401).
    """
    with transaction.atomic():
        audit.lock(key.workspace)
        now = timezone.now()
        running = _living(key).filter(paused_at__isnull=True)
        is_news = bool(running.update(paused_at=now, pause_reason=reason[:300]))
        if is_news:
            audit.record(key.workspace, actor, "key.paused", str(key), reason=reason[:300])
            key_news.tell_paused(key, now, reason)
    return is_news


def resume_key(key: ApiKey, actor: User | None) -> bool:
    """Use a paused key again; False when it was not paused."""
    with transaction.atomic():
        audit.lock(key.workspace)
        paused = _living(key).filter(paused_at__isnull=False)
        paused_at = paused.values_list("paused_at", flat=True).first()
        if paused_at is not None:
            paused.update(paused_at=None, pause_reason="")
            audit.record(key.workspace, actor, "key.resumed", str(key))
            key_news.tell_resumed(key, paused_at)
    return paused_at is not None


def test_key(key: ApiKey, actor: User, *, total_s: float = 8.0) -> KeyTest:  # noqa: PT028  (no pytest)
    """Ask the vendor whether it accepts the key, which spends nothing, and remember the answer.

    Takes at most about `total_s` seconds and holds no transaction meanwhile. An accepted key
    resumes, a refused one pauses. Raises `KeyringError`.
    """
    secret = plaintext(key)
    with TransendClient(
        settings.TRANSEND_BASE_URL, secret, connect_s=total_s / 2, read_s=total_s, total_s=total_s
    ) as vendor:
        outcome = vendor.test_key()
    _remember(key, outcome, actor)
    return outcome


def _remember(key: ApiKey, outcome: KeyTest, actor: User) -> None:
    result = _RESULTS[outcome.verdict]
    # The vendor's advice on a refusal is "ask an admin": who reads this is one.
    advice = CHECK_IT if result == ApiKey.TestResult.REFUSED else outcome.resolution
    says = f"{outcome.says} {advice}".strip()[:300]
    now = timezone.now()
    with transaction.atomic():
        audit.lock(key.workspace)
        remembered = _living(key).update(
            last_tested_at=now, last_used_at=now, last_test_result=result, last_test_says=says
        )
        if not remembered:  # revoked while the vendor was thinking
            return
        audit.record(key.workspace, actor, "key.tested", str(key), result=result.label)
        if result == ApiKey.TestResult.ACCEPTED:
            resume_key(key, actor)
        elif result == ApiKey.TestResult.REFUSED:
            pause_key(key, says, actor)


def revoke_key(key: ApiKey, actor: User) -> bool:
    """Never use this key again, not even for takes under way; its ciphertext is destroyed.

    False when it was revoked already.
    """
    with transaction.atomic():
        audit.lock(key.workspace)
        is_news = bool(_living(key).update(state=ApiKey.State.REVOKED, ciphertext=""))
        if is_news:
            audit.record(key.workspace, actor, "key.revoked", str(key))
    return is_news


def _living(key: ApiKey) -> QuerySet[ApiKey]:
    return ApiKey.objects.filter(pk=key.pk).exclude(state=ApiKey.State.REVOKED)


def vendor_name() -> str:
    """The vendor's host, for sentences."""
    return urlsplit(settings.TRANSEND_BASE_URL).netloc
