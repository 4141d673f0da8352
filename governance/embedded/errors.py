"""What is said about the embedded servers: why they cannot start, in words that name the setting to change."""

import json
import sys


def _(text):
    """Mark a text for the catalogue; the command translates it, as Django cannot yet when it is raised."""
    return text


class CannotStart(Exception):
    """Starting is impossible until somebody changes something (无法启动); the message names the setting."""

    def __init__(self, text, **values):
        self.text = text
        self.values = values
        self.code = CODES.get(text, "cannot-start")
        super().__init__(text.format(**values))

    def translated(self, translate) -> str:
        """Return the message in the language of ``translate``."""
        return translate(self.text).format(**self.values)

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
    "Set PORTAL_DATA to another folder, or move the data over with pg_dump of the old version."
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
    "{server} stopped while it started; see {log}. If its data in {folder} are damaged, "
    "restore a backup or set PORTAL_DATA to another folder. The last lines were:\n{tail}"
)
TOO_LATE = _("{server} does not answer after {seconds} s; see {log}. PORTAL_DATA is {folder}.")
STILL_HELD = _(
    "Another command still uses the servers of {folder}. Wait until it ends, or set PORTAL_DATA to another folder."
)
ALREADY_RUNNING = _("A portal already runs on the data folder {folder}. Stop it, or set PORTAL_DATA to another folder.")
PORT_TAKEN = _("Another program already listens on port {port} of {host}. Set PORTAL_PORT to a free one.")
PORT_REFUSED = _("Port {port} on {host} cannot be used ({reason}). Set PORTAL_PORT to another one.")
BAD_PORT = _("PORTAL_PORT must be a number from 1 to 65535, not {port}.")
KEYS_MISSING = _(
    "{names} must be set: outside demo mode (PORTAL_DEMO=0) the portal makes no keys of its own. "
    "50 random characters each will do; keep them with the backups."
)
RECOVERING = _("{server} is recovering after a crash; waiting up to {seconds} s …")
WAITING = _("Waiting until another command lets go of the servers of {folder} …")
SERVER_RESTARTED = _("A server stopped and was started again.")
CHILD_FAILED = _("{name} ended with status {status}.")
CHILD_RESTARTS = _("{name} ended with status {status}; starting it again in {seconds} s.")

# Permanent codes of what programs may want to tell apart.
CODES = {
    UNSUPPORTED: "platform-unsupported",
    OTHER_VERSION: "data-of-another-version",
    NOT_WRITABLE: "data-folder-not-writable",
    NOT_REACHABLE: "data-folder-not-reachable",
    ALREADY_RUNNING: "portal-already-running",
    PORT_TAKEN: "port-taken",
    PORT_REFUSED: "port-refused",
    BAD_PORT: "port-invalid",
    KEYS_MISSING: "keys-missing",
}
