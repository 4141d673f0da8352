"""`manage.py portal`: the whole portal under one supervisor (启动门户)."""

import contextlib
import errno
import gc
import http.client
import json
import os
import signal
import socket
import sys

from django.conf import settings
from django.core.management import BaseCommand, call_command, get_commands
from django.db import connection, connections
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from governance.embedded import CannotStart, errors, place_of_environment
from governance.embedded.supervisor import Child, Supervisor
from governance.organisation.registry import Refused
from governance.organisation.services.beginning import has_administrators
from governance.organisation.services.upgrading import refuse_newer_database
from governance.translations import terminal_language

HELP = """Start the portal: embedded PostgreSQL and Valkey unless DATABASE_URL and REDIS_URL are set,
migrations, web server, worker and beat under one supervisor. Ctrl-C stops all; a second start finds its data.
PORTAL_PORT names the port (8000), PORTAL_HOST the address (127.0.0.1), PORTAL_DATA the data folder,
PORTAL_DEMO=0 starts without the demo township."""
DEMO_COMMAND = "generate_demo"
# Takes requests whole and within limits, hands them to the web workers, and gives their answers back.
FRONT = "-m governance.front"
WEB = "-m gunicorn governance.wsgi -c python:governance.serving --bind fd://{socket}"
WORKER = "-m celery -A governance --quiet worker --pool threads --concurrency 2 -n own@%h -Q celery"
OUTWARD = "-m celery -A governance --quiet worker --pool threads --concurrency 2 -n outward@%h -Q outward"
BEAT = "-m celery -A governance --quiet beat --pidfile="


class Command(BaseCommand):
    """Start everything and look after it."""

    help = HELP
    requires_system_checks = []

    def add_arguments(self, parser):
        """Take the one option."""
        parser.add_argument("--json", action="store_true", help="print address and data folder as one JSON line")

    def handle(self, *args, **options):
        """Run until a signal arrives; exit 2 with a message when starting is impossible."""
        self.as_json = options["json"]
        with override(terminal_language()):
            try:
                self._run()
            except CannotStart as problem:
                problem.tell(_, as_json=self.as_json)
                sys.exit(2)

    def _run(self):
        place = place_of_environment()
        with contextlib.ExitStack() as stack:
            listener = stack.enter_context(open_port(settings.HOST, settings.PORT))
            servers = self._start_servers(place, stack)
            supervisor = Supervisor(servers, tell=self.tell)
            stack.callback(supervisor.stop)
            supervisor.listen_to_signals()
            self._prepare(supervisor)
            self._start_children(supervisor, listener, place)
            self._announce(place)
            supervisor.watch(FirstPage(self, supervisor).look)
            self.say(_("Stopping …"))

    def _start_servers(self, place, stack):
        embedded = os.environ.get("PORTAL_EMBEDDED", "").split()
        if not embedded:
            return None
        from governance.embedded.servers import Servers, lock_within

        place.make()
        lock = stack.enter_context((place.data / "portal.lock").open("a"))
        if not lock_within(lock, 0):
            raise CannotStart(errors.ALREADY_RUNNING, folder=place.data)
        self.say(_("Starting PostgreSQL and Valkey …"))
        servers = Servers(place, postgres="DATABASE_URL" in embedded, valkey="REDIS_URL" in embedded, tell=self.tell)
        stack.callback(servers.stop)
        return servers.own()

    def _prepare(self, supervisor):
        """Bring database, catalogues and static files up to date, static files beside the migrations."""
        static = child("static files", ["manage.py", "collectstatic", "--no-input", "-v", "0"], once=True)
        if settings.STATIC_ROOT:
            supervisor.add(static)
        self.say(_("Bringing the database up to date …"))
        # Migrating makes and drops thousands of classes; looking through all of them so often costs a third of it.
        gc.freeze()
        gc.set_threshold(50_000, 10, 10)
        with connection.cursor() as cursor:
            # Whole or not at all it stays; only that each step waits for the disk is not needed here.
            cursor.execute("SET synchronous_commit TO off")
        try:
            refuse_newer_database()
        except Refused as newer:
            raise CannotStart(errors.DATABASE_NEWER, words=newer.message) from newer
        call_command("migrate", interactive=False, verbosity=0)
        if static.process is not None:
            static.process.wait()

    def _start_children(self, supervisor, listener, place):
        pages, health = place.doors(settings.PORT)
        # Held here: while the web server is started again, requests wait in it.
        self.door = open_door(pages)
        front = [*FRONT.split(), "--listen", str(listener.fileno()), "--pages", str(pages), "--health", str(health)]
        supervisor.add(child("front", [*front, "--folder", str(pages.parent)], keep=(listener.fileno(),)))
        supervisor.add(
            child(
                "web", WEB.format(socket=self.door.fileno()).split(), keep=(self.door.fileno(),),
                PORTAL_PROCESS="web", PORTAL_HEALTH_SOCKET=str(health),
            )
        )
        # Cold: its tasks are acknowledged late, and its servers are gone with the supervisor anyway.
        supervisor.add(child("worker", WORKER.split(), death_signal=signal.SIGQUIT, PORTAL_PROCESS="worker"))

    def _announce(self, place):
        if self.as_json:
            with contextlib.suppress(OSError):
                self.stdout.write(json.dumps({"address": address(), "data": str(place.data)}))
        self.say(_("The portal:      {address}").format(address=address()))
        self.say(_("Data folder:     {folder}").format(folder=place.data))
        if settings.DEMO and DEMO_COMMAND in get_commands() and not self.as_json:
            with contextlib.suppress(OSError):
                call_command(DEMO_COMMAND, accounts=True, stdout=self.stdout)
        else:
            self._say_who_begins()
        connections.close_all()
        self.say(_("Ctrl-C stops it."))

    def _say_who_begins(self):
        """A portal that nobody administers needs a command before anybody can log in."""
        if has_administrators():
            return
        self.say(_("Nobody administers this portal yet. In a second terminal, with the same settings, appoint the "
                   "first three administrators:"))
        self.say(f"    {sys.executable} manage.py appoint_first_administrators")

    def tell(self, text, **values):
        """Translate what servers and supervisor report, and put it beside the output; a full disk of logs is no end."""
        with contextlib.suppress(OSError):
            self.stderr.write(errors.said(text, values, _))
            self.stderr.flush()

    def say(self, text):
        """Tell the person at the terminal; nothing when the output is JSON."""
        if not self.as_json:
            with contextlib.suppress(OSError):
                self.stdout.write(text)
                self.stdout.flush()


class FirstPage:
    """Waits for the first page, then fills the demo township in the background."""

    def __init__(self, command, supervisor):
        self.command = command
        self.supervisor = supervisor
        self.is_served = False

    def look(self):
        """Ask once per tick until the portal answers."""
        if self.is_served or not serves_a_page():
            return
        self.is_served = True
        self.command.say(_("Ready."))
        # Nothing is due in the first seconds: until there is a page it would only take their time.
        self.supervisor.add(child("outward", OUTWARD.split(), death_signal=signal.SIGQUIT, PORTAL_PROCESS="worker"))
        self.supervisor.add(child("beat", BEAT.split(), PORTAL_PROCESS="worker"))
        if settings.DEMO and DEMO_COMMAND in get_commands():
            self.supervisor.add(child("demo", ["manage.py", DEMO_COMMAND], once=True))


def child(name, arguments, *, keep=(), once=False, death_signal=signal.SIGTERM, **environment) -> Child:
    """Return a child that runs this Python in the portal's folder, with more in its environment."""
    # Whoever starts the portal as root knows; Celery would say it in a dozen lines at each start.
    program = [sys.executable, "-W", "ignore:You're running the worker", *arguments]
    return Child(
        name, program, os.environ | environment, cwd=str(settings.BASE_DIR), keep=keep, once=once,
        death_signal=death_signal,
    )


def open_door(path) -> socket.socket:
    """The socket file of the web workers, with a queue for those who come while none of them is there."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    door = socket.socket(socket.AF_UNIX)
    door.bind(str(path))
    path.chmod(0o600)
    door.listen(1024)
    return door


def open_port(host, port) -> socket.socket:
    """Take the port before anything starts; CannotStart naming PORTAL_PORT when that fails."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise CannotStart(errors.BAD_PORT, port=port)
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, int(port)))
    except OSError as problem:
        listener.close()
        text = errors.PORT_TAKEN if problem.errno == errno.EADDRINUSE else errors.PORT_REFUSED
        raise CannotStart(text, port=port, host=host, reason=problem.strerror or problem) from problem
    return listener


def address() -> str:
    """Return the address that a person types; a listener on all addresses is reached on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.HOST, settings.HOST)
    return f"http://{host}:{settings.PORT}/"


def serves_a_page() -> bool:
    """Whether the first page that people see is there.

    Not whether all is ready: after days off much is overdue, and only what is started now can make up for it.
    """
    known = next((name for name in settings.ALLOWED_HOSTS if name != "*"), "localhost").lstrip(".")
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)
    asking = http.client.HTTPConnection(host, int(settings.PORT), timeout=5)
    try:
        asking.request("GET", reverse(settings.LOGIN_URL), headers={"Host": known})
        return asking.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()
