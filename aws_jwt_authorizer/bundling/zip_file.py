"""A built bundle -> a zip that Lambda takes, the same bytes for the same bundle. Imports no CDK."""

import zipfile
from pathlib import Path
from typing import Final

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can say."""

_MODE: Final = 0o100644 << 16
"""A file that everybody may read: Lambda's user is not its owner."""


def write_zip(bundle: Path, file: Path) -> None:
    """Write every file of a bundle's folder, in the order of their paths.

    Args:
        bundle: The folder that `Bundle.build` has filled.
        file: Where to.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in bundle.rglob("*") if path.is_file()):
            member = zipfile.ZipInfo(path.relative_to(bundle).as_posix(), _EPOCH)
            member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, _MODE
            archive.writestr(member, path.read_bytes())
