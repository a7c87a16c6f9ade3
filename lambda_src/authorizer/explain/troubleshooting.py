"""`python -m authorizer.explain.troubleshooting` prints docs/troubleshooting.md, whole."""

import json
import sys
from pathlib import Path
from typing import Final

from authorizer.explain.example import CLAIMS, HEADER, ISSUER, TRUSTED, in_words, input_of
from authorizer.explain.reasons import Reason, reasons

TEMPLATE: Final = Path(__file__).with_name("troubleshooting.template.md")


def page() -> str:
    """Return the page: the template, with a heading for each reason of `reasons.toml`."""
    parts = {
        "token": f"{json.dumps(HEADER)}\n{_times(json.dumps(CLAIMS))}",
        "trusted": json.dumps(TRUSTED),
        "reasons": "\n\n".join(map(_chapter, reasons().values())),
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, part in parts.items():
        text = text.replace(f"{{{{{name}}}}}", part)
    return text


def _chapter(reason: Reason) -> str:
    return "\n".join(
        (
            f"### {reason.code}",
            "",
            f"- **Answer.** {reason.status}",
            f"- **Means.** {reason.means}",
            f"- **Example.** {in_words(input_of(reason))}",
            f"- **Look.** {reason.look}",
            f"- **Do.** {reason.do}",
        )
    )


def _times(text: str) -> str:
    """Return the claims as the page shows them: times as what they are counted from."""
    return (
        text.replace("{issuer}", ISSUER)
        .replace('"{now}"', "now")
        .replace('"{now + 900}"', "now + 900")
    )


if __name__ == "__main__":
    sys.stdout.write(page())
