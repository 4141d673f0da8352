"""Foreground children that die with this process (子进程)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launcher.py")
KERNEL_TELLS_CHILDREN = sys.platform == "linux"


def spawn(program, *, stop_signal=signal.SIGTERM, uid=None, gid=None, keep=(), output=None, **more):
    """Start ``program`` in a session of its own, so that Ctrl-C reaches only this process; return the Popen.

    ``keep`` are descriptors that the program inherits. When this process dies it gets ``stop_signal``.
    Call it from the main thread: on Linux the death of the calling thread counts.
    """
    command = [sys.executable, "-I", LAUNCHER, "--parent", os.getpid(), "--signal", int(stop_signal)]
    if uid is not None:
        command += ["--uid", uid, "--gid", gid]
    inherited = list(keep)
    if not KERNEL_TELLS_CHILDREN:
        # The writing end is never closed here: it closes by itself when this process dies.
        watched, _writing_end = os.pipe()
        inherited.append(watched)
        command += ["--watch", watched]
    process = subprocess.Popen(
        [str(part) for part in [*command, "--", *program]],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        pass_fds=inherited,
        start_new_session=True,
        **more,
    )
    for descriptor in inherited[len(keep) :]:
        os.close(descriptor)
    return process
