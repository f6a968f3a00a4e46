"""Argon2 at its least, for tests that sign people in but do not ask how passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    """The same algorithm and form of hash, at a thousandth of the work."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
