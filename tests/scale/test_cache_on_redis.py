"""Cache and sign-in throttling where REDIS_URL is set, on a real Redis."""

import os
import shutil
from collections.abc import Iterator

import pytest
import redis
from django.core.cache import cache, caches
from django.test import Client

from studio.operations import health
from tests.scale.redis_server import running_redis

pytestmark = [
    pytest.mark.scale,
    pytest.mark.django_db,
    pytest.mark.skipif(
        shutil.which("redis-server") is None and os.environ.get("CI") != "true",
        reason="Redis is missing (Debian: apt-get install redis-server)",
    ),
]

PASSWORD = "a-long-and-quiet-sentence"


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with running_redis() as url:
        yield url


@pytest.fixture
def store(redis_url, settings) -> Iterator[redis.Redis]:
    """Redis itself, which the studio uses as its cache."""
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {**settings.CACHES, "default": {"BACKEND": backend, "LOCATION": redis_url}}
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushall()
        yield connection
    caches["default"]._cache._get_connection_pool(write=True).disconnect()


@pytest.fixture
def person(workspace, django_user_model):
    return django_user_model.objects.create_user("mia@example.com", PASSWORD, name="Mia")


def sign_in(password: str):
    form = {"login": "mia@example.com", "password": password}
    return Client().post("/accounts/login/", form)


def test_the_cache_is_in_redis_and_forgets_in_time(store):
    cache.set("greeting", "well", 60)
    (key,) = store.keys("*greeting*")
    assert 0 < store.ttl(key) <= 60
    store.delete(key)
    assert cache.get("greeting") is None


def test_wrong_tries_are_counted_in_redis(store, person):
    for _ in range(5):
        sign_in("wrong")
    assert store.dbsize()
    assert "Too many tries with a wrong password" in sign_in(PASSWORD).content.decode()
    store.flushall()
    assert sign_in(PASSWORD).status_code == 302


def test_a_lost_redis_is_named_by_doctor(settings, person):
    backend = "django.core.cache.backends.redis.RedisCache"
    nobody = {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "default": nobody}
    (check,) = [check for check in health.examine() if check["name"] == "cache"]
    assert not check["ok"]
    assert "Check REDIS_URL" in check["says"]
