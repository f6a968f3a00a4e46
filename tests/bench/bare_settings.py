"""The studio's settings, with the bare views among its addresses."""

from studio.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.bare"
