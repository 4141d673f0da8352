"""The cache in Valkey (缓存), of which nothing may depend: what does not answer is missing, and costs a moment.

Nothing that has to be true lies in it: sessions, lockouts and what is owed are rows of the database.
"""

import time
from functools import wraps

from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

# A cache on the same machine or next to it answers within a millisecond; asked twice it costs less than a second.
ANSWER_SECONDS = 0.4
# One more try: the connection that was kept may be of a server that has been started anew since.
TRIES_MORE = 1
# After a silence nobody asks for so long: a page that asks ten times waits once.
PAUSE_SECONDS = 2.0


def _surviving(name: str, missing):
    """The method of this name; without an answer it gives what it gives when nothing lies in the cache."""
    asked = getattr(RedisCache, name)

    @wraps(asked)
    def ask(self, *args, **kwargs):
        if self.is_silent():
            return missing(*args, **kwargs)
        try:
            return asked(self, *args, **kwargs)
        except RedisError:
            self.note_silence()
            return missing(*args, **kwargs)

    return ask


class SurvivingCache(RedisCache):
    """Django's own cache in Valkey that outlives Valkey: an error is a miss, and is not waited for again at once."""

    _silent_until = 0.0

    def __init__(self, server, params):
        limits = {
            "socket_timeout": ANSWER_SECONDS, "socket_connect_timeout": ANSWER_SECONDS,
            "retry": Retry(NoBackoff(), TRIES_MORE),
        }
        super().__init__(server, {**params, "OPTIONS": {**limits, **params.get("OPTIONS", {})}})

    @classmethod
    def is_silent(cls) -> bool:
        """Whether the cache did not answer just now; one for the whole process."""
        return time.monotonic() < cls._silent_until

    @classmethod
    def note_silence(cls) -> None:
        """Ask nothing for a moment."""
        cls._silent_until = time.monotonic() + PAUSE_SECONDS

    def client(self):
        """The client behind the cache, for whoever wants to know whether it answers; raises RedisError."""
        return self._cache.get_client(write=True)

    add = _surviving("add", lambda *args, **kwargs: True)
    get = _surviving("get", lambda key, default=None, version=None: default)
    set = _surviving("set", lambda *args, **kwargs: None)
    touch = _surviving("touch", lambda *args, **kwargs: False)
    delete = _surviving("delete", lambda *args, **kwargs: False)
    get_many = _surviving("get_many", lambda *args, **kwargs: {})
    has_key = _surviving("has_key", lambda *args, **kwargs: False)
    set_many = _surviving("set_many", lambda data, *args, **kwargs: list(data))
    delete_many = _surviving("delete_many", lambda *args, **kwargs: None)
    clear = _surviving("clear", lambda *args, **kwargs: False)
