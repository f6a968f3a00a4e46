"""The studio's settings, with the bare view among its addresses."""

from studio.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.bare"
