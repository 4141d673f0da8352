"""The embedded Valkey: broker and cache (内置缓存与队列)."""

import signal

import redis

from .binaries import valkey_program
from .children import spawn
from .folders import Place


class Valkey:
    """Valkey on a socket in the data folder, with no network address and an append-only file."""

    name = "Valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, place: Place, durable: bool = True):
        self.place = place
        self.durable = durable
        self.folder = place.data / "valkey"

    def state(self) -> str:
        """Return "up", "starting" or "down", by asking on the socket."""
        client = redis.Redis(unix_socket_path=str(self.place.sockets / "valkey.sock"), socket_timeout=5)
        try:
            client.ping()
        except redis.BusyLoadingError:
            return "starting"
        except redis.RedisError:
            return "down"
        finally:
            client.close()
        return "up"

    def program(self):
        """The server's program."""
        return valkey_program(self.place)

    def prepare(self) -> None:
        """Take a socket away that a killed server left behind."""
        (self.place.sockets / "valkey.sock").unlink(missing_ok=True)

    def start(self, held: int, log):
        """Start the server, which keeps the lock ``held`` as long as it lives."""
        program = [
            self.program(),
            "--port",
            "0",
            "--unixsocket",
            self.place.sockets / "valkey.sock",
            "--unixsocketperm",
            "700",
            "--dir",
            self.folder,
            "--save",
            "",
            "--appendonly",
            "yes" if self.durable else "no",
            "--maxmemory-policy",
            "noeviction",
        ]
        return spawn(
            program,
            stop_signal=self.stop_signal,
            uid=self.place.uid,
            gid=self.place.gid,
            keep=[held],
            output=log,
            cwd=self.folder,
        )

    def finish(self) -> None:
        """Valkey needs nothing more once it answers."""
