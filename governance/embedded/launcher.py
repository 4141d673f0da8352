"""Run a program that dies with its parent: drop privilege, tie the life to the parent's, then exec.

Started as a script (``python -I launcher.py``), so that nothing of the portal is loaded into it. On Linux the
kernel sends the signal (PR_SET_PDEATHSIG, set after privilege is dropped, as dropping clears it); elsewhere
this process stays as a watcher of a pipe that closes with the parent.
"""

import argparse
import ctypes
import os
import signal
import sys
import threading

PR_SET_PDEATHSIG = 1


def main():
    """Parse the arguments and become the program, or its watcher."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--uid", type=int)
    parser.add_argument("--gid", type=int)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--watch", type=int, help="pipe to watch where the kernel offers no signal")
    parser.add_argument("--signal", type=int, default=int(signal.SIGTERM))
    parser.add_argument("program", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    program = options.program[1:] if options.program[:1] == ["--"] else options.program
    libc = ctypes.CDLL(None, use_errno=True)
    if options.uid is not None and options.uid != os.geteuid():
        os.setgroups([])
        os.setgid(options.gid)
        os.setuid(options.uid)
    if options.watch is None:
        libc.prctl(PR_SET_PDEATHSIG, options.signal, 0, 0, 0)
        if os.getppid() != options.parent:
            sys.exit("the parent is gone")
        os.execv(program[0], program)
    sys.exit(watch(program, options.watch, options.signal))


def watch(program, pipe, number):
    """Run the program as a child, hand signals on, and end it when the pipe closes."""
    child = os.fork()
    if child == 0:
        os.close(pipe)
        os.execv(program[0], program)

    def wait_for_parent():
        os.read(pipe, 1)
        os.kill(child, number)

    threading.Thread(target=wait_for_parent, daemon=True).start()
    for one in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(one, lambda received, _frame: os.kill(child, received))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main()
