"""What a contestant did."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Polls done within `seconds`, and the CPU seconds of the process that did them."""

    polls: int
    seconds: float
    cpu_s: float = 0.0

    @property
    def per_s(self) -> float:
        return self.polls / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU of one poll."""
        return self.cpu_s * 1000 / max(self.polls, 1)
