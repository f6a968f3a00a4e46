from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "studio.inbox"
    label = "inbox"

    def ready(self) -> None:
        from studio.accounts import key_news, sealed
        from studio.inbox import key_notices
        from studio.inbox.chat import hooks

        key_news.register(self.label, key_notices.LISTENER)
        secrets = sealed.Sealed("chat webhooks", hooks.seal_again, hooks.open_all)
        sealed.register(self.label, secrets)
