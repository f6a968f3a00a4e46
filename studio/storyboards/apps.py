from django.apps import AppConfig


class StoryboardsConfig(AppConfig):
    name = "studio.storyboards"
    label = "storyboards"

    def ready(self) -> None:
        from studio.inbox import known_projects
        from studio.storyboards import inbox_source

        known_projects.register(inbox_source.SOURCE)
