"""What the watcher sees to at each beat: daily e-mails whose hour has come, chat messages to be
tried (again), and both where a worker died over them."""

from studio.inbox import mail
from studio.inbox.chat import sending


def sweep() -> None:
    """Wake workers for what is due and lies in no queue. Raises DatabaseError."""
    mail.wake_digests()
    sending.wake_late()
