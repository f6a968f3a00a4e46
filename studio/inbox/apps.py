from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "studio.inbox"
    label = "inbox"
