"""What the queue calls. A delivery may come twice, late or never: each looks whether it is due."""

from studio.inbox import mail


def send_mail(user_id: int) -> None:
    """Send one person the notices that wait to be mailed."""
    mail.send_due(user_id)
