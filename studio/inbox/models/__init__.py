"""The inbox's tables: notices, how people want to hear of them, and chat webhooks."""

from studio.inbox.models.chat import ChatHook, ChatMessage
from studio.inbox.models.kinds import FOLLOWED, HABITS, IN_CHAT, Habit, Kind, Way, label_in_chat
from studio.inbox.models.notices import Notice
from studio.inbox.models.preferences import MailHabits, Preferences

__all__ = [
    "FOLLOWED",
    "HABITS",
    "IN_CHAT",
    "ChatHook",
    "ChatMessage",
    "Habit",
    "Kind",
    "MailHabits",
    "Notice",
    "Preferences",
    "Way",
    "label_in_chat",
]
