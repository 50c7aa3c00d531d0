"""Runs a command where it can do no harm: `python jail.py CONFIGURATION COMMAND…`; it imports nothing.

On Linux, where the system allows it, the command gets namespaces of its own: no network but its own loopback,
no process but its own, every file readable only, but those below one folder. Its capabilities are dropped, so
it cannot undo that. Where the system does not allow it, the command only gets the limits; whoever started it
adds what else there is. The first line on the given descriptor says which: `namespaces` or `limits`.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import resource
import signal
import socket
import struct
import sys

_NEW = {"user": 0x10000000, "mount": 0x00020000, "pid": 0x20000000, "net": 0x40000000, "ipc": 0x08000000}
_BIND, _RECURSIVE, _PRIVATE = 0x1000, 0x4000, 0x40000
_READ_ONLY, _NO_SUID, _NO_DEV, _NO_EXEC = 1, 2, 4, 8
_MOUNT_SETATTR, _AT_RECURSIVE, _AT_FDCWD = 442, 0x8000, -100
_PDEATHSIG, _NO_NEW_PRIVILEGES, _CAPBSET_DROP, _SUBREAPER = 1, 38, 24, 36
_UP = 0x1


def main() -> None:
    """Set the jail up and become the command."""
    wanted, command = json.loads(sys.argv[1]), sys.argv[2:]
    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "linux":
        libc.prctl(_SUBREAPER, 1, 0, 0, 0)
        libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    apart = sys.platform == "linux" and wanted["namespaces"] and _unshared(libc)
    os.write(wanted["says"], b"namespaces\n" if apart else b"limits\n")
    os.close(wanted["says"])
    child = os.fork()
    if child == 0:
        if apart:
            libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            _confine(libc, wanted["writable"], wanted["hidden"])
        _limit(wanted)
        if sys.platform == "linux":
            libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        os.execvp(command[0], command)
    while True:
        ended, status = os.wait()
        if ended == child:
            _end_the_rest()
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)


def _end_the_rest() -> None:
    """Whoever lost its parent is a child of this process, whatever session it went to."""
    while True:
        for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    parent = int(file.read().rpartition(b")")[2].split()[1])
                if parent == os.getpid():
                    os.kill(int(name), signal.SIGKILL)
            except (OSError, ValueError, IndexError):
                continue
        try:
            os.wait()
        except ChildProcessError:
            return


def _unshared(libc: ctypes.CDLL) -> bool:
    user, group = os.getuid(), os.getgid()
    everything = sum(_NEW.values())
    if libc.unshare(everything) == 0:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
        return True
    return bool(libc.unshare(everything - _NEW["user"]) == 0)


def _confine(libc: ctypes.CDLL, writable: str, hidden: list[str]) -> None:
    """All is readable only but one folder, hidden files are empty; the loopback is up, no capability left."""
    _checked(libc.mount(None, b"/", None, _RECURSIVE | _PRIVATE, None), "mounts")
    # Other processes and their environment are out of sight.
    libc.mount(b"proc", b"/proc", b"proc", _NO_SUID | _NO_DEV | _NO_EXEC, None)
    place = os.fsencode(writable)
    _checked(libc.mount(place, place, None, _BIND, None), "the folder")
    for each in hidden:
        _checked(libc.mount(b"/dev/null", os.fsencode(each), None, _BIND, None), "what is hidden")
    _set(libc, b"/", _READ_ONLY, 0, _AT_RECURSIVE)
    _set(libc, place, 0, _READ_ONLY, 0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        asked = fcntl.ioctl(probe, 0x8913, struct.pack("16sH14s", b"lo", 0, b""))
        flags = struct.unpack("16sH14s", asked)[1]
        fcntl.ioctl(probe, 0x8914, struct.pack("16sH14s", b"lo", flags | _UP, b""))
    for capability in range(64):
        libc.prctl(_CAPBSET_DROP, capability, 0, 0, 0)


def _set(libc: ctypes.CDLL, place: bytes, add: int, clear: int, how: int) -> None:
    attributes = struct.pack("QQQQ", add, clear, 0, 0)
    done = libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, place, how, attributes, len(attributes))
    _checked(done, "what is readable only")


def _checked(done: int, what: str) -> None:
    if done != 0:
        sys.exit(f"jail: {what}: {os.strerror(ctypes.get_errno())}")


def _limit(wanted: dict[str, int]) -> None:
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: wanted["processor_seconds"],
        resource.RLIMIT_FSIZE: wanted["file_megabytes"] * 1_000_000,
    }
    for name, most in limits.items():
        hard = resource.getrlimit(name)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(name, (least, least))
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass  # not on this system: the watcher outside is the limit


if __name__ == "__main__":
    main()
