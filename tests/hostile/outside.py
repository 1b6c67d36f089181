"""Reaching for files and processes outside: what needs no file to be opened, nor a process traced.

Each notebook is told of a bystander (`FOLDER`, `PROCESS`, ...), which must not change. `possible`
has what succeeded; calls that succeed and do nothing are not in it. `tried` counts the attempts.
"""

from __future__ import annotations

from tests.hostile.harness import TOTAL, Hostile

WHOLE = 'exec("pass")  # after this, the planner leaves nothing out'
ALL_PASS = {"double": "passed", "total": "passed", "canary": "passed"}

ATTEMPTS = """
import ctypes, fcntl, os, platform, resource, socket, struct
X86 = platform.machine() == "x86_64"
libc = ctypes.CDLL(None, use_errno=True)
possible, tried = [], []
def attempt(name, act, *given):
    tried.append(name)
    try:
        result = act(*given)
    except OSError:
        return None
    possible.append(name)
    return result
def call(name, *given):
    wide = [ctypes.c_long(a) if isinstance(a, int) else a for a in given]
    function = libc.syscall if isinstance(name, int) else getattr(libc, name)
    number = [ctypes.c_long(name)] if isinstance(name, int) else []
    result = function(*number, *wide)
    if result == -1:
        raise OSError(ctypes.get_errno(), str(name))
    return result
"""


def _outside(
    number: int, name: str, attack: str, tried: int, *, after: str = "possible.clear()"
) -> Hostile:
    """Return a notebook that attacks in a cell and again in a function; nothing may be possible."""
    double = """
        def double(x):
            attack()
            assert not possible, possible
            return 2.0 * x
        """
    cells = (ATTEMPTS, WHOLE, attack, f"attack()\nseen = list(possible)\n{after}", double, TOTAL)
    canary = f"canary = len(set(tried)) >= {tried} and not seen"
    return Hostile((number,), name, (*cells, canary), ALL_PASS, outside=True)


CASES = [
    _outside(
        70,
        "changes-modes-owners-times-and-attributes",
        """
        EMPTY_PATH = 0x1000
        def pretended(act, *given):
            # For honest code's sake it may be answered as if it had been done.
            attempt(str(given), act, *given)
            possible.clear()
        def attack():
            for path in (FOLDER + "/file", FOLDER, FOLDER + "/.."):
                for mode in (0o777, 0, 0o4755):
                    pretended(os.chmod, path, mode)
                for group in (os.getgid(), *os.getgroups(), 0):
                    pretended(os.chown, path, -1, group)
                pretended(os.utime, path)
                pretended(os.utime, path, (1, 1))
                attempt("setxattr", os.setxattr, path, "user.grader", b"x")
                attempt("removexattr", os.removexattr, path, "user.grader")
                by_descriptors(path)
        def by_descriptors(path):
            try:
                number = os.open(path, os.O_PATH)
            except OSError:
                tried.extend(map(str, range(7)))
                return
            link = f"/proc/self/fd/{number}"
            pretended(os.chmod, link, 0o700)
            pretended(os.utime, link)
            pretended(call, "fchmod", number, 0o700)
            pretended(call, 452, number, b"", 0o700, EMPTY_PATH)
            pretended(call, "fchownat", number, b"", -1, os.getgid(), EMPTY_PATH)
            pretended(call, "utimensat", number, b"", None, EMPTY_PATH)
            pretended(call, "futimens", number, None)
            attempt("setxattr by link", os.setxattr, link, "user.grader", b"x")
            os.close(number)
        """,
        10,
    ),
    _outside(
        70,
        "opens-files-neither-to-read-nor-to-write",
        """
        NODUMP, SETFLAGS = 0x40, 0x40086602
        def attack():
            for path in (FOLDER + "/file", FOLDER):
                number = attempt("open", os.open, path, 3)
                if number is not None:
                    attempt("lock", fcntl.flock, number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    attempt("lease", fcntl.fcntl, number, fcntl.F_SETLEASE, fcntl.F_WRLCK)
                    attempt("flags", fcntl.ioctl, number, SETFLAGS, struct.pack("l", NODUMP))
                attempt("openat2", by_openat2, path)
            attempt("watch", watch)
        def by_openat2(path):
            how = struct.pack("QQQ", 3, 0, 0)
            return call(437, -100, path.encode(), how, len(how))
        def watch():
            call("inotify_add_watch", call("inotify_init"), FOLDER.encode(), 0xFFF)
        """,
        3,
    ),
    _outside(
        70,
        "locks-files-that-all-may-read",
        """
        import time
        READ, WRITE = (struct.pack("hhqqi4x", k, 0, 0, 0, 0) for k in (0, 1))
        SET, OFD_SET, OFD_WAIT, LEASE, NOTIFY, HINT = fcntl.F_SETLK, 37, 38, 1024, 1026, 1036
        def pretended(name, act, *given):
            # For honest code's sake it may be answered as if it had been done.
            attempt(name, act, *given)
            if name in possible:
                possible.remove(name)
        def lock():
            for part in (fcntl.LOCK_SH, fcntl.LOCK_EX):
                file = open(os.__file__, "rb")
                pretended(f"flock {part}", fcntl.flock, file, part | fcntl.LOCK_NB)
                yield file
            for command in (SET, OFD_SET, OFD_WAIT, fcntl.F_SETLKW):
                file = open(os.__file__, "rb")
                pretended(f"fcntl {command}", fcntl.fcntl, file, command, READ)
                pretended(f"fcntl {command} to write", fcntl.fcntl, file, command, WRITE)
                yield file
        def attack():
            files = list(lock())
            time.sleep(0.3)  # for the bystander to look
            for file in files:
                file.close()
            with open(os.__file__, "rb") as file:
                for kind in (fcntl.F_RDLCK, fcntl.F_WRLCK):
                    attempt(f"lease {kind}", fcntl.fcntl, file, LEASE, kind)
                attempt("hint", fcntl.fcntl, file, HINT, struct.pack("Q", 2))
            folder = os.open(os.path.dirname(os.__file__), os.O_RDONLY)
            attempt("notify", fcntl.fcntl, folder, NOTIFY, 0x1)  # of reading
            os.close(folder)
        """,
        14,
    ),
    _outside(
        70,
        "asks-which-files-others-have-read",
        """
        import mmap
        MINCORE, PREADV2, IO_SETUP = (27, 327, 206) if X86 else (232, 286, 0)
        CACHESTAT, NO_WAIT, PAGE = 451, 8, 4096
        libc.mmap.restype = ctypes.c_void_p
        def attack():
            with open(os.__file__, "rb") as file:
                number = file.fileno()
                where = libc.mmap(None, PAGE, mmap.PROT_READ, mmap.MAP_SHARED, number, 0)
                attempt("mincore", call, MINCORE, where, PAGE, bytes(1))
                libc.munmap(ctypes.c_void_p(where), PAGE)
                whole = struct.pack("QQ", 0, PAGE)
                attempt("cachestat", call, CACHESTAT, number, whole, bytes(40), 0)
                into = ctypes.create_string_buffer(PAGE)
                vector = struct.pack("PN", ctypes.addressof(into), PAGE)
                attempt("preadv2", call, PREADV2, number, vector, 1, 0, 0, NO_WAIT)
                attempt("preadv", os.preadv, number, [bytearray(1)], 0, NO_WAIT)
                # By io_submit one may ask not to wait, too.
                attempt("io_setup", call, IO_SETUP, 1, ctypes.create_string_buffer(8))
                assert os.preadv(number, [bytearray(1)], 0) == 1
        """,
        5,
    ),
    _outside(
        71,
        "limits-and-slows-down-other-processes",
        """
        PROCESS_OF, IDLE = 1, 3 << 13
        IOPRIO, ATTR = (251, 314) if X86 else (30, 274)
        KERNEL = os.getpid()
        def pretended(name, act, *given):
            # Threads ask so for themselves: it may be answered as if it had been done.
            attempt(name, act, *given)
            possible[:] = [each for each in possible if each != name]
        def attack():
            parent = 0 if KERNEL != os.getpid() else os.getppid()
            # At step A the parent is the first process of the kernel's own namespace.
            for process in (PROCESS, *([parent] if parent > 1 else [])):
                for limit in (resource.RLIMIT_CPU, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE):
                    attempt("prlimit", resource.prlimit, process, limit, (0, 0))
                pretended("priority", os.setpriority, os.PRIO_PROCESS, process, 19)
                attempt("group's", os.setpriority, os.PRIO_PGRP, process, 19)
                attempt("user's", user, process)
                pretended("affinity", os.sched_setaffinity, process, {0})
                none = os.sched_param(0)
                pretended("policy", os.sched_setscheduler, process, os.SCHED_IDLE, none)
                pretended("parameter", os.sched_setparam, process, none)
                attributes = struct.pack("IIQiIQQQ", 48, os.SCHED_IDLE, 0, 19, 0, 0, 0, 0)
                pretended("attributes", call, ATTR, process, attributes, 0)
                pretended("disk", call, IOPRIO, PROCESS_OF, process, IDLE)
                attempt("release", release, process)
        def user(process):
            now = os.getpriority(os.PRIO_PROCESS, process)  # not to be seen at step A
            os.setpriority(os.PRIO_USER, 0, now)
        def release(process):
            call(448, os.pidfd_open(process), 0)
        """,
        10,
    ),
    _outside(
        71,
        "attaches-shared-memory-of-other-processes",
        """
        libc.shmat.restype = ctypes.c_void_p
        def attach():
            address = libc.shmat(SEGMENT, None, 0)
            if address == ctypes.c_void_p(-1).value:
                raise OSError(ctypes.get_errno(), "shmat")
            libc.shmdt(ctypes.c_void_p(address))
        def attack():
            attempt("attach", attach)
            attempt("look", call, "shmctl", SEGMENT, 2, bytes(200))
            attempt("list", call, "shmctl", 0, 13, bytes(200))
            attempt("a queue's end", call, "mq_unlink", b"/bystander")
        """,
        4,
    ),
    Hostile(
        # Then no kernel that starts later finds its folder; the honest one runs beside and after.
        (72,),
        "locks-the-folder-of-all-kernels",
        (
            "import os",
            WHOLE,
            """
            HOME = os.environ["HOME"]
            for path in (os.path.dirname(HOME), os.path.join(HOME, ".."), FOLDER + "/../.."):
                for mode in (0, 0o111):
                    try:
                        os.chmod(path, mode)
                    except OSError:
                        pass
            """,
            """
            def double(x):
                os.kill(os.getppid(), 9)
            """,
            TOTAL,
            "canary = os.path.isdir(HOME)",
        ),
        # At step A an ordinary user's notebook may close its own private root, and loses by it.
        {"double": "passed failed errored crashed", "total": "passed", "canary": "passed failed"},
        outside=True,
    ),
    _outside(
        73,
        "lets-descriptors-send-signals",
        """
        def by_owner(set_owner):
            ours, theirs = socket.socketpair()
            with ours, theirs:
                set_owner(ours.fileno())
                fcntl.fcntl(ours, 10, 9)  # F_SETSIG, SIGKILL
                fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
                theirs.send(b"x")
        def attack():
            owner = struct.pack("ii", 1, PROCESS)
            attempt("own", by_owner, lambda n: fcntl.fcntl(n, fcntl.F_SETOWN, PROCESS))
            attempt("own a group", by_owner, lambda n: fcntl.fcntl(n, fcntl.F_SETOWN, -PROCESS))
            attempt("own_ex", by_owner, lambda n: fcntl.fcntl(n, 15, owner))
            for request in (0x8901, 0x8902):  # FIOSETOWN, SIOCSPGRP
                packed = struct.pack("i", PROCESS)
                attempt(request, by_owner, lambda n: fcntl.ioctl(n, request, packed))
        """,
        5,
    ),
    _outside(
        73,
        "sends-signals-by-every-call",
        """
        TKILL, TGKILL, QUEUE, TQUEUE = (200, 234, 129, 297) if X86 else (130, 131, 138, 240)
        def attack():
            information = struct.pack("iiii", 9, 0, -1, 0) + bytes(112)
            attempt("kill", os.kill, PROCESS, 9)
            attempt("killpg", os.killpg, PROCESS, 9)
            attempt("tkill", call, TKILL, PROCESS, 9)
            attempt("tgkill", call, TGKILL, PROCESS, PROCESS, 9)
            attempt("queue", call, QUEUE, PROCESS, 9, information)
            attempt("to a thread", call, TQUEUE, PROCESS, PROCESS, 9, information)
            attempt("pidfd", lambda: call(424, os.pidfd_open(PROCESS), 9, None, 0))
        """,
        7,
    ),
    _outside(
        74,
        "truncates-links-and-renames",
        """
        def by_opening(mode):
            os.close(os.open(FOLDER + "/file", mode | os.O_TRUNC))
        def by_openat2():
            how = struct.pack("QQQ", os.O_TRUNC, 0, 0)
            call(437, -100, (FOLDER + "/file").encode(), how, len(how))
        def attack():
            file = FOLDER + "/file"
            attempt("truncate", os.truncate, file, 0)
            for mode in range(4):
                attempt(f"open {mode}", by_opening, mode)
            attempt("openat2", by_openat2)
            attempt("link to here", os.link, file, "file")
            attempt("link", os.link, file, FOLDER + "/other")
            attempt("rename", os.rename, file, FOLDER + "/other")
            attempt("rename to here", os.rename, file, "file")
            open("mine", "w").close()
            attempt("replace", os.replace, "mine", file)
            attempt("link mine", os.link, "mine", FOLDER + "/mine")
            attempt("symlink", os.symlink, "x", FOLDER + "/x")
            attempt("mkdir", os.mkdir, FOLDER + "/x")
            attempt("mkfifo", os.mkfifo, FOLDER + "/x")
            attempt("remove", os.remove, file)
            attempt("rmdir", os.rmdir, FOLDER)
        """,
        15,
    ),
    _outside(
        76,
        "reads-the-machines-sockets-and-mounts",
        """
        def look(path, text):
            with open(path) as file:
                if text not in file.read():
                    raise OSError("not shown")
        def attack():
            port = f":{PORT:04X} "
            for folder in ("/proc/self", "/proc/thread-self", "/proc", f"/proc/{os.getpid()}",
                           f"/proc/self/task/{os.getpid()}", "/proc/self/fd/../"):
                attempt(folder + " unix", look, folder + "/net/unix", SOCKET)
                attempt(folder + " tcp", look, folder + "/net/tcp", port)
                for name in ("mountinfo", "mounts", "mountstats"):
                    # A private root has mounts of its own, which may be seen.
                    if os.environ["HOME"] != "/home/student":
                        attempt(folder + name, look, f"{folder}/{name}", " / ")
            root = struct.pack("IIQQQ", 24, 0, 2**64 - 1, 0, 0)
            attempt("list", call, 458, root, bytes(80), 10, 0)
        """,
        13,
    ),
]
