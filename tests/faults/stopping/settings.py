"""The product's settings and one more app. Chosen by DJANGO_SETTINGS_MODULE, by tests only."""

from studio.settings import *  # noqa: F403
from studio.settings import INSTALLED_APPS as _APPS

INSTALLED_APPS = [*_APPS, "tests.faults.stopping"]
