from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "studio.reviews"
    label = "reviews"

    def ready(self) -> None:
        from studio.renders import news, outcomes
        from studio.renders.watching import chores
        from studio.reviews import endings, standing_of_projects, work
        from studio.reviews.deciding.outcomes import outcomes_of
        from studio.storyboards import standings

        standings.register(self.label, standing_of_projects.SOURCE)
        outcomes.register(self.label, outcomes_of)
        news.register(self.label, endings.take_ended)
        chores.register(self.label, chores.Chore(work.wake_lost, work.last_seen_at))
