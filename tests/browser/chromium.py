"""Where a Chromium is on this machine, how tests start it, and how the machine gets one.

`python -m tests.browser.chromium` installs Debian's where nothing stands in the way; it never fails,
for every other test can run without.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
OF_THE_WINDOW = ("SpareRendererForSitePerProcess", "WebUIOmniboxAimPopup", "WebUIOmniboxPopup")
"""Features of Chromium's window that no page needs. The menu of the address bar alone, rendered anew
for each window, takes as much processor time as opening the page and signing in."""

OF_PLAYWRIGHT = (
    "AimEnabled",
    "AutoDeElevate",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "BlockOriginHeaderModificationOnRedirect",
    "DestroyProfileOnBrowserClose",
    "DialMediaRouteProvider",
    "GlobalMediaControls",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "Translate",
    "msEdgeUpdateLaunchServicesPreferredVersion",
    "msForceBrowserSignIn",
)
"""Features that Playwright switches off. They are repeated because only the last list counts."""

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--disable-features={','.join((*OF_THE_WINDOW, *OF_PLAYWRIGHT))}",
)
INSTALL = (
    ("apt-get", "update", "-qq"),
    ("apt-get", "install", "-qq", "--yes", "--no-install-recommends", "chromium"),
)
INSTALL_SECONDS = 600


def find_chromium() -> str | None:
    """The path of a Chromium: the variable CHROMIUM, else the first of its names on PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def why_none() -> str:
    """What to tell whoever has no Chromium, and how to get one."""
    named = os.environ.get("CHROMIUM")
    problem = f"CHROMIUM is {named!r}, and no file is there" if named else "none is on PATH"
    return (
        f"NO BROWSER ({problem}): the web page's tests are skipped. Install Chromium (Debian: "
        "apt-get install chromium), or set CHROMIUM to the path of one"
    )


def may_install() -> bool:
    """Whether Debian's packages can be installed by whoever runs this."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install_chromium() -> None:
    """Install Debian's; whatever goes wrong is told, and nothing is raised."""
    for command in INSTALL:
        try:
            subprocess.run(
                command,
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                timeout=INSTALL_SECONDS,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
        except (OSError, subprocess.SubprocessError) as error:
            sys.stderr.write(f"{' '.join(command)}: {error}\n")
            return


def main() -> None:
    """Make sure that there is a Chromium, or say loudly that there is none."""
    if find_chromium() is None and "CHROMIUM" not in os.environ and may_install():
        sys.stdout.write("browser    Debian's Chromium is being installed, once\n")
        sys.stdout.flush()
        install_chromium()
    if find_chromium() is None:
        sys.stderr.write(f"\n{'!' * 79}\n{why_none()}\n{'!' * 79}\n\n")


if __name__ == "__main__":
    main()
