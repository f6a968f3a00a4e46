"""What the queue calls. A delivery may come twice, late or never: each looks whether it is due."""

from studio.inbox import mail
from studio.inbox.chat import sending


def send_mail(user_id: int) -> None:
    """Send one person the notices that wait to be mailed."""
    mail.send_due(user_id)


def post_to_chat(pk: int) -> None:
    """Post one message to one chat."""
    sending.post_due(pk)
