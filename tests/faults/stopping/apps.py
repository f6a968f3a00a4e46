from django.apps import AppConfig


class StoppingConfig(AppConfig):
    name = "tests.faults.stopping"
    label = "stopping"

    def ready(self) -> None:
        from tests.faults.stopping import seams

        seams.sew()
