"""What becomes of one take's files, for its page: kept, to be deleted, or deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from studio.renders.models import Take
from studio.reviews.models import RetentionPolicy
from studio.reviews.seals import says_deleted
from studio.vault.models import Asset


@dataclass(frozen=True, slots=True)
class Fate:
    """`hashes` are the SHA-256 (hex) of deleted files, by the part they played."""

    policy: RetentionPolicy | None
    is_kept: bool
    due_at: datetime | None
    deleted_at: datetime | None
    says: str
    hashes: tuple[tuple[str, str], ...]

    @property
    def is_of_interest(self) -> bool:
        """Whether there is anything to say: without a policy, files simply stay."""
        return self.policy is not None or self.is_kept or self.deleted_at is not None

    @property
    def can_be_kept(self) -> bool:
        return self.deleted_at is None and not self.is_kept


def fate_of(take: Take, parts: Mapping[str, Asset]) -> Fate:
    """Whether, when and why the take's files go or went; `parts` are its files. One query."""
    policy = RetentionPolicy.objects.filter(workspace=take.workspace_id, days__isnull=False).first()
    deleted = take.files_deleted_at
    hashes = tuple(
        (part.replace("_", " "), asset.sha256) for part, asset in sorted(parts.items()) if deleted
    )
    says = says_deleted(take) if deleted else ""
    return Fate(policy, take.is_kept, take.deletion_due_at, deleted, says, hashes)
