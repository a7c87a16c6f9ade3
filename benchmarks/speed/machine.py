"""What a run was made on."""

import os
import platform
import re
import ssl
import subprocess
from importlib.metadata import version
from pathlib import Path

from benchmarks.peer_environments import NODE_SOURCES, ROOT

BUSY = 0.5


def machine() -> str:
    """Return the processor, its cores and the system, as one line."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"^model name\s*: (.+)$", info, re.MULTILINE)
    name = model[1] if model else platform.machine()
    return f"{os.cpu_count()} cores of {name}, {platform.system()} {platform.release()}"


def versions() -> dict[str, str]:
    """Return the versions of everything that is measured, by name."""
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)  # noqa: S607  # found by its name
    pins = (ROOT / "benchmarks" / "peers-requirements.txt").read_text(encoding="utf-8")
    peers = dict(line.split("==") for line in pins.split())
    packages = NODE_SOURCES / "package.json"
    found = re.findall(r'^    "([^"]+)": "([0-9.]+)"', packages.read_text(), re.MULTILINE)
    return {
        "Python": platform.python_version(),
        "OpenSSL": ssl.OPENSSL_VERSION.split()[1],
        "Node": node.stdout.strip().removeprefix("v"),
        "awslambdaric": version("awslambdaric"),
        **peers,
        **dict(found),
    }


def busy() -> str:
    """Return how busy the machine is with others' work, and what that means."""
    load = os.getloadavg()[0]
    words = "is quiet" if load < BUSY else "is busy: only ratios will mean anything"
    return f"its load is {load:.1f}, so it {words}"
