from django.apps import AppConfig


class RendersConfig(AppConfig):
    name = "studio.renders"
    label = "renders"

    def ready(self) -> None:
        from studio.renders import standing_of_projects
        from studio.storyboards import standings

        standings.register(self.label, standing_of_projects.SOURCE)
