"""The beat's scheduler: asks the database every few seconds what is due, and orders it from the workers."""
import logging

from celery.beat import Scheduler
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from kombu.exceptions import OperationalError

_log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 5.0


class DatabaseScheduler(Scheduler):
    """Keeps no state of its own: `organisation.services.scheduling` says what is due, whoever asks."""

    def setup_schedule(self):
        """Nothing to load."""

    def tick(self, *_, **__):
        """Order what is due; how many seconds to wait. Neither a silent database nor a silent broker ends the beat."""
        from governance.organisation.services import scheduling

        try:
            scheduling.order_due(self._send)
        except (DatabaseError, InterfaceError, OperationalError, OSError) as problem:
            _log.warning("nothing was ordered this time, tried again soon: %s", type(problem).__name__)
            if isinstance(problem, (DatabaseError, InterfaceError)):
                connection.close()
        close_old_connections()
        return LOOK_EVERY_SECONDS

    def _send(self, name):
        """By name, and without trying again inside the transaction: the next look is soon."""
        entry = self.app.conf.beat_schedule[name]
        self.app.send_task(entry["task"], retry=False, ignore_result=True, **entry.get("options", {}))
