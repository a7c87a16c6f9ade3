"""Markdown pages -> their links, and the commands that they show."""

import re
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).parents[3]
FOLDERS = (".", "docs", "examples/*")
PAGES = sorted(
    str(page.relative_to(ROOT)) for folder in FOLDERS for page in ROOT.glob(f"{folder}/*.md")
)
SHELL_FENCES = {"console", "sh", "bash"}
OPTIONS_OF_MAKE = {"-s"}


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose_of(text: str) -> str:
    """Leave out fenced blocks and inline code, where brackets are no links."""
    without_blocks = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "`code`", without_blocks)


@cache
def anchors_of(page: Path) -> set[str]:
    """Name each heading as GitHub does: a second one of the same name ends in -1."""
    text = re.sub(r"^ *```.*?^ *```$", "", text_of(page), flags=re.MULTILINE | re.DOTALL)
    seen: Counter[str] = Counter()
    anchors = set()
    for title in re.findall(r"^#{1,6} (.+)$", text, re.MULTILINE):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).strip()
        slug = re.sub(r"[^\w -]", "", shown.lower()).replace(" ", "-")
        anchors.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return anchors


def links_of(text: str) -> list[str]:
    prose = prose_of(text)
    inline = re.findall(r"\]\(([^)\s]+)(?: \"[^\"]*\")?\)", prose)
    named = re.findall(r"^\[[^\]]+\]: (\S+)$", prose, re.MULTILINE)
    return [link for link in inline + named if not re.match(r"(?:https?|mailto):", link)]


def broken(page: Path, link: str) -> bool:
    path, _, anchor = unquote(link).partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.is_relative_to(ROOT) or not target.exists():
        return True
    return bool(anchor) and (target.suffix != ".md" or anchor not in anchors_of(target))


def code_of(text: str) -> list[str]:
    """Return each inline code, and each line of a block that a shell would be given."""
    blocks = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    lines = [
        line.strip().removeprefix("$ ")
        for language, block in blocks
        if language in SHELL_FENCES
        for line in block.splitlines()
    ]
    indented = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    without_blocks = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return lines + indented + re.findall(r"`([^`\n]+)`", without_blocks)


def targets_of(code: str) -> list[str]:
    """Return what `make` is asked for in a command; `NAME=value` is a variable."""
    found = re.search(r"(?:^|[|(;&] ?|\$\()make((?: [^\s|;&)]+)+)", code)
    words = found[1].split() if found else []
    targets = []
    for word in words:
        if word in OPTIONS_OF_MAKE or "=" in word:
            continue
        if not re.fullmatch(r"[a-z][a-z-]*", word):
            break
        targets.append(word)
    return targets


def variables_of(code: str) -> list[str]:
    """Return the names of what `make` is given: `STAGE=prod`."""
    found = re.search(r"(?:^|[|(;&] ?|\$\()make ([^|;&)]+)", code)
    return re.findall(r"(?:^| )([A-Z_]+)=", found[1]) if found and targets_of(code) else []


def modules_of(code: str) -> list[str]:
    return re.findall(r"\bpython3? -m ([\w.]+)", code)


def files_of(code: str) -> list[str]:
    return re.findall(r"\bpython3? ([\w./-]+\.py)\b", code)


def options_of(code: str) -> set[tuple[str, str]]:
    """Return each option with the module that Python runs with it."""
    found = re.search(r"\bpython3? -m ([\w.]+)([^|&;#]*)", code)
    return (
        {(found[1], option) for option in re.findall(r" (--[a-z-]+)", found[2])} if found else set()
    )


@cache
def knows_option(module: str, option: str) -> bool:
    """Look for the option in the sources of the module; what is installed is not looked into."""
    package = module.partition(".")[0]
    folders = [place / package for place in (ROOT, ROOT / "lambda_src")]
    sources = [path for folder in folders for path in folder.rglob("*.py")]
    return not sources or any(f'"{option}"' in text_of(path) for path in sources)


def is_runnable(module: str) -> bool:
    """Look the module up without running it: in the checkout, in a function's folder, or installed."""
    parts = module.split(".")
    places = (ROOT, ROOT / "lambda_src")
    files = ("/".join(parts) + ".py", "/".join([*parts, "__main__"]) + ".py")
    if any((place / file).is_file() for place in places for file in files):
        return True
    return find_spec(parts[0]) is not None and not (ROOT / parts[0]).exists()
