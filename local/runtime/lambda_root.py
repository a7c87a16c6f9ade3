"""Becomes a program that sees the file system of a Lambda function: read-only but for /tmp.

Standard library only, and no thread. The process takes a mount namespace of its own (with a user
namespace, unless it may mount anyway), builds a root folder in it and gives up every capability,
so that neither the program nor its children can undo any of it. Nothing outside sees the mounts,
and they end with the process.

Usage: `python -I -S -B lambda_root.py ROOT TASK RUNTIME SDK TMP_MB HIDDEN NEEDED COMMAND...`, lists
joined by colons. Exits with status 1 and one line on standard error where the kernel does not
allow it.
"""

import ctypes
import os
import sys
from collections.abc import Iterable

# linux/mount.h, linux/sched.h, linux/prctl.h; the number of mount_setattr is one on all machines.
_NEW_MOUNTS, _NEW_USERS = 0x00020000, 0x10000000
_BIND, _RECURSIVE, _PRIVATE = 4096, 16384, 1 << 18
_NO_SET_USER_ID, _NO_DEVICES = 2, 4
_DETACH = 2
_MOUNT_SETATTR, _HERE, _ALL_BELOW, _READ_ONLY = 442, -100, 0x8000, 1
_NO_NEW_PRIVILEGES, _DROP_FROM_BOUND = 38, 24
_OWN = {"/": ("tmp", "var"), "/var": ("lang", "runtime", "task")}
"""The folders that are not this machine's."""

_C = ctypes.CDLL(None, use_errno=True)


class _Attributes(ctypes.Structure):
    """`struct mount_attr`."""

    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    )


def enter(
    root: str,
    task: str,
    runtime: str,
    sdk: Iterable[str],
    tmp_mb: int,
    hidden: Iterable[str],
    needed: Iterable[str],
) -> None:
    """Put this process into a file system of its own.

    Args:
        root: An empty folder, where the new file system is put together.
        task: The folder that becomes /var/task.
        runtime: The folder that becomes /var/runtime.
        sdk: The packages and modules that become all of /var/lang.
        tmp_mb: The size of /tmp, in MB.
        hidden: Folders of this machine that are empty there.
        needed: Folders that are there all the same, if a hidden one or /tmp holds them.

    Raises:
        OSError: The kernel does not allow it.
    """
    _own_namespace()
    _mount(None, "/", None, _RECURSIVE | _PRIVATE)
    _mount("tmpfs", root, "tmpfs", _NO_SET_USER_ID | _NO_DEVICES, "mode=0755")
    _mirror("/", root)
    os.makedirs(f"{root}/var", exist_ok=True)
    _mirror("/var", f"{root}/var")
    tmp = f"{root}/tmp"  # noqa: S108 - nobody else sees it
    _empty_folder(tmp, f"mode=1777,size={tmp_mb}m")
    for folder in hidden:
        if folder != "/" and os.path.isdir(f"{root}{folder}"):
            _empty_folder(f"{root}{folder}", "mode=0755")
    for folder in needed:
        if not os.path.isdir(f"{root}{folder}"):
            _bind(folder, f"{root}{folder}")
    _bind(task, f"{root}/var/task")
    _bind(runtime, f"{root}/var/runtime")
    for part in sdk:
        _bind(part, f"{root}/var/lang/{os.path.basename(part)}")
    _set_attributes(root, _ALL_BELOW, _Attributes(set=_READ_ONLY))
    _set_attributes(tmp, 0, _Attributes(clear=_READ_ONLY))
    _leave_old_root(root)
    _give_up_capabilities()


def _own_namespace() -> None:
    user, group = os.getuid(), os.getgid()
    if _C.unshare(_NEW_MOUNTS) == 0:
        return
    _check(_C.unshare(_NEW_MOUNTS | _NEW_USERS), "unshare")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def _mirror(source: str, target: str) -> None:
    """Bind what a folder of this machine holds into another, but for our own folders."""
    with os.scandir(source) as entries:
        for entry in entries:
            path = os.path.join(target, entry.name)
            if entry.name in _OWN[source]:
                continue
            if entry.is_symlink():
                os.symlink(os.readlink(entry.path), path)
            elif entry.is_dir():
                _bind(entry.path, path)


def _bind(source: str, target: str) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        open(target, "w").close()
    _mount(source, target, None, _BIND | _RECURSIVE)


def _empty_folder(path: str, options: str) -> None:
    os.makedirs(path, exist_ok=True)
    _mount("tmpfs", path, "tmpfs", _NO_SET_USER_ID | _NO_DEVICES, options)


def _leave_old_root(root: str) -> None:
    os.chdir(root)
    # Onto itself: the old root then lies on top, and is taken off (pivot_root(2), "NOTES").
    _check(_C.pivot_root(b".", b"."), "pivot_root")
    _check(_C.umount2(b".", _DETACH), "umount2")
    os.chdir("/var/task")


def _give_up_capabilities() -> None:
    _check(_C.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "prctl")
    number = 0
    while _C.prctl(_DROP_FROM_BOUND, number, 0, 0, 0) == 0:
        number += 1


def _set_attributes(path: str, flags: int, attributes: _Attributes) -> None:
    size = ctypes.sizeof(attributes)
    done = _C.syscall(
        _MOUNT_SETATTR, _HERE, path.encode(), flags, ctypes.byref(attributes), ctypes.c_size_t(size)
    )
    _check(done, f"mount_setattr {path}")


def _mount(
    source: str | None, target: str, kind: str | None, flags: int, options: str | None = None
) -> None:
    texts = [text and os.fsencode(text) for text in (source, target, kind, options)]
    done = _C.mount(*texts[:3], ctypes.c_ulong(flags), texts[3])
    _check(done, f"mount {target}")


def _check(status: int, what: str) -> None:
    if status != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def main() -> None:
    """Enter, then become the command."""
    root, task, runtime, sdk, tmp_mb, hidden, needed, *command = sys.argv[1:]
    parts = sdk.split(":") if sdk else []
    try:
        enter(root, task, runtime, parts, int(tmp_mb), hidden.split(":"), needed.split(":"))
    except OSError as error:
        sys.exit(error.strerror)
    os.execv(command[0], command)  # noqa: S606 - the command is our own; no shell


if __name__ == "__main__":
    main()
