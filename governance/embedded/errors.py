"""What is said about the embedded servers: why they cannot start, in words that name the setting to change."""

import json
import sys


def _(text):
    """Mark a text for the catalogue; the command translates it, as Django cannot yet when it is raised."""
    return text


def said(text, values, translate=str) -> str:
    """A text with its values, in the language of ``translate``; a value may be a text with values of its own."""
    told = {name: said(*one, translate) if isinstance(one, tuple) else one for name, one in values.items()}
    return translate(text).format(**told)


class CannotStart(Exception):
    """Starting is impossible until somebody changes something (无法启动); the message names the setting."""

    def __init__(self, text, **values):
        self.text = text
        self.values = values
        self.code = CODES.get(text, "cannot-start")
        super().__init__(said(text, values))

    def translated(self, translate) -> str:
        """Return the message in the language of ``translate``."""
        return said(self.text, self.values, translate)

    def tell(self, translate, *, as_json: bool) -> None:
        """Say it at the terminal, or as one line of JSON with its code where that was asked for."""
        message = self.translated(translate)
        if as_json:
            sys.stdout.write(json.dumps({"error": self.code, "message": message}, ensure_ascii=False) + "\n")
        else:
            sys.stderr.write(message + "\n")


UNSUPPORTED = _(
    "There is no built-in {server} for this platform ({platform}). Install one and set {setting} to its address."
)
OTHER_VERSION = _(
    "The data folder {folder} was written by PostgreSQL {found}; this portal brings PostgreSQL {own}. "
    "Move the data over with pg_dump of the old version into a folder of its own (PORTAL_DATA); the old one stays."
)
NOT_WRITABLE_WITH_DATA = _(
    "The data folder {folder} cannot be written ({reason}). The data lie in it: make room there or give its rights "
    "back, and start again."
)
NOT_WRITABLE = _("The data folder {folder} cannot be written ({reason}). Set PORTAL_DATA to another folder.")
NOT_REACHABLE = _(
    "The servers run as the user {user}, who may not enter {folder}. "
    "Set PORTAL_DATA to a folder that every user may enter, such as one below /var/lib."
)
NO_SYSTEM_USER = _(
    "The servers may not run as root, and the system user {user} could not be made ({reason}). "
    "Make that user, start the portal as an ordinary user, or set DATABASE_URL and REDIS_URL."
)
STOPPED_AT_ONCE = _(
    "{server} stopped while it started; see {log}. The data stay in {folder}; if they are damaged, restore a backup. "
    "The last lines were:\n{tail}"
)
TOO_LATE = _("{server} does not answer after {seconds} s; see {log}. PORTAL_DATA is {folder}.")
STILL_HELD = _("Another command still uses the servers of {folder}. Wait until it ends, then start again.")
ALREADY_RUNNING = _(
    "A portal already runs on the data folder {folder} (PORTAL_DATA). Stop it first; only a portal with data of its "
    "own needs another folder."
)
PORT_TAKEN = _("Another program already listens on port {port} of {host}. Set PORTAL_PORT to a free one.")
PORT_REFUSED = _("Port {port} on {host} cannot be used ({reason}). Set PORTAL_PORT to another one.")
BAD_PORT = _("PORTAL_PORT must be a number from 1 to 65535, not {port}.")
KEYS_MISSING = _(
    "{names} must be set: outside demo mode (PORTAL_DEMO=0) the portal makes no keys of its own. "
    "50 random characters each will do; keep them with the backups."
)
DATABASE_NEWER = "{words}"
RECOVERING = _("{server} is recovering after a crash; waiting up to {seconds} s …")
WAITING = _("Waiting until another command lets go of the servers of {folder} …")
SERVER_GONE = _("{server} has stopped; starting it again.")
SERVER_BACK = _("{server} answers again after {seconds} s.")
SERVER_FAILS = _("{server} does not start: {reason} Trying again in {seconds} s. The data stay in {folder}.")
SERVER_LINGERS = _("Processes of the old {server} still run ({processes}).")
DISK_FULL = _("The disk of {folder} is full: {megabytes} MB are left. Make room.")
NOT_POSSIBLE = _("{reason}.")
LOG_NOT_WRITABLE = _("The log {log} cannot be written ({reason}); {server} runs without one.")
LAST_LINES = _("it stopped while it started; see {log}. The last lines were:\n{tail}")
CHILD_FAILED = _("{name} ended with status {status}.")
CHILD_CANNOT_START = _("{name} cannot be started ({reason}); trying again in {seconds} s.")
CHILD_RESTARTS = _("{name} ended with status {status}; starting it again in {seconds} s.")

# Permanent codes of what programs may want to tell apart.
CODES = {
    UNSUPPORTED: "platform-unsupported",
    OTHER_VERSION: "data-of-another-version",
    NOT_WRITABLE: "data-folder-not-writable",
    NOT_WRITABLE_WITH_DATA: "data-folder-not-writable",
    NOT_REACHABLE: "data-folder-not-reachable",
    ALREADY_RUNNING: "portal-already-running",
    PORT_TAKEN: "port-taken",
    PORT_REFUSED: "port-refused",
    BAD_PORT: "port-invalid",
    KEYS_MISSING: "keys-missing",
    DATABASE_NEWER: "database-newer",
}
