"""What the background processes leave behind of themselves."""

from django.db import models


class Heartbeat(models.Model):
    """When a background process last showed that it works; read by /readyz and its supervisor."""

    process = models.CharField(max_length=80, unique=True)
    beat_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, help_text="When it was last asked to beat.")
    facts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.process
