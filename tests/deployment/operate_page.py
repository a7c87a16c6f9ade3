"""docs/operate.md and the page that it leads to -> the commands under each of their headings."""

from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("operate.md", "first-administrator.md")
BLOCK, PROMPT = "```console\n", "$ "


def commands_by_heading() -> dict[str, str]:
    """The commands of each section that has some, as one script each."""
    sections = [
        section
        for page in PAGES
        for section in (DOCS / page).read_text(encoding="utf-8").split("\n## ")[1:]
    ]
    scripts = {
        heading: "\n".join(_commands(text))
        for heading, _, text in (section.partition("\n") for section in sections)
    }
    return {heading: script for heading, script in scripts.items() if script}


def _commands(section: str) -> list[str]:
    blocks = [part.partition("```")[0] for part in section.split(BLOCK)[1:]]
    return [line.removeprefix(PROMPT) for block in blocks for line in block.splitlines()]
