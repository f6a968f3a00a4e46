"""Takes, the line they stand in, what they cost, and what watches over them."""

from studio.renders.models.costs import Budget, RateCard
from studio.renders.models.sending import Desk, KeyCapacity, KeyTrial
from studio.renders.models.takes import Exchange, Take, TakeAsset, TakeEvent, WebhookDelivery
from studio.renders.models.watching import Heartbeat

__all__ = [
    "Budget",
    "Desk",
    "Exchange",
    "Heartbeat",
    "KeyCapacity",
    "KeyTrial",
    "RateCard",
    "Take",
    "TakeAsset",
    "TakeEvent",
    "WebhookDelivery",
]
