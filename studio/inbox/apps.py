from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "studio.inbox"
    label = "inbox"

    def ready(self) -> None:
        from studio.accounts import key_news
        from studio.inbox import key_notices

        key_news.register(self.label, key_notices.LISTENER)
