"""Where sessions are kept (会话): rows of the database, so that no blip of the cache logs anybody out.

A look-up by primary key costs less than a millisecond, and a session that was ended is ended: no copy of it goes on
living in a cache that did not answer just then. The cookie's key is kept as a hash only, so that nobody who reads
the database or a backup can go on as somebody else.
"""

import hashlib
from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

# What lies in a session beside Django's own: when the person logged in, from where, with what.
BEGUN, ADDRESS, DEVICE = "begun_at", "address", "device"
# That somebody is still there is written down this often, not with every click.
NOTED_EVERY = timedelta(seconds=60)


def hash_of(session_key: str) -> str:
    """How a key stands in the database; keys are random, so nothing more is needed against guessing."""
    return hashlib.sha256(session_key.encode()).hexdigest()


class SessionStore(DatabaseStore):
    """Django's store in the database, with what the list of one's sessions shows, and an absolute lifetime."""

    # The person of the row that was read, fetched with it: a page asks for session and person in one query.
    person = None
    _seen_at = None

    @classmethod
    def get_model_class(cls):
        """The portal's own table."""
        return apps.get_model("organisation", "LoginSession")

    def _get_session_from_db(self):
        now = timezone.now()
        rows = self.model.objects.filter(session_key=hash_of(self.session_key)).living(now)
        row = rows.select_related("person").first()
        if row is None:
            self._session_key = None
            return None
        self._seen_at, self.person = row.seen_at, row.person
        return row

    def exists(self, session_key):
        """Whether there is such a row."""
        return self.model.objects.filter(session_key=hash_of(session_key)).exists()

    def create_model_instance(self, data):
        """The row of this session."""
        now = timezone.now()
        begun_at = datetime.fromisoformat(data[BEGUN]) if BEGUN in data else now
        return self.model(
            session_key=hash_of(self._get_or_create_session_key()), session_data=self.encode(data),
            expire_date=self._ends_at(begun_at), person_id=data.get(SESSION_KEY), begun_at=begun_at, seen_at=now,
            address=data.get(ADDRESS), device=data.get(DEVICE, ""),
        )

    def save(self, must_create=False):
        """Write what changed; without a change only now and then that the person is still there.

        A session that was ended meanwhile stays ended, and what its last request did is answered as done.
        """
        if must_create or self.modified or self.session_key is None:
            try:
                super().save(must_create)
            except UpdateError:
                return
        elif self.accessed and self._is_stale():
            rows = self.model.objects.filter(session_key=hash_of(self.session_key))
            begun_at = datetime.fromisoformat(self[BEGUN]) if BEGUN in self else timezone.now()
            rows.update(seen_at=timezone.now(), expire_date=self._ends_at(begun_at))

    def delete(self, session_key=None):
        """Remove the row."""
        key = session_key or self.session_key
        if key:
            self.model.objects.filter(session_key=hash_of(key)).delete()

    def _is_stale(self) -> bool:
        return self._seen_at is not None and not timedelta(0) <= timezone.now() - self._seen_at < NOTED_EVERY

    def _ends_at(self, begun_at):
        return min(self.get_expiry_date(), begun_at + timedelta(hours=settings.SESSION_HOURS))


class PersonMiddleware(AuthenticationMiddleware):
    """`request.user`: the person who came with the session, if it still is theirs; all else is left to Django."""

    def process_request(self, request):
        """Lazily: an answer that needs nobody asks for nobody."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _person_of(request))


def _person_of(request):
    session = request.session
    key, person = session.get(SESSION_KEY), session.person
    if person is None or str(person.pk) != key or not person.is_active:
        return get_user(request)
    if not constant_time_compare(session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash()):
        return get_user(request)
    return person
