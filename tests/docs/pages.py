"""The project's own pages and what stands in them: code blocks, spans, lines of commands.

Reading only; what must hold is stated in the tests beside this file.
"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = (
    README,
    ROOT / "CHANGELOG.md",
    ROOT / "dbt_project" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")


def text_of(page: Path) -> str:
    """The page as written."""
    return page.read_text("utf-8")


def blocks(page: Path, language: str | None = None) -> list[str]:
    """Contents of fenced code blocks, of one language or of all."""
    found = _FENCE.findall(text_of(page))
    return [body for marked, body in found if language is None or marked == language]


def spans(page: Path) -> list[str]:
    """Code within the prose."""
    return _SPAN.findall(_FENCE.sub("", text_of(page)))


def code_lines(page: Path) -> list[str]:
    """Every line of a block and every span: all that a reader might paste."""
    return [line for body in blocks(page) for line in body.splitlines()] + spans(page)


def table(page: Path, first_heading: str) -> list[list[str]]:
    """Cells of the table whose first heading is given, without its head, backticks removed."""
    lines = text_of(page).splitlines()
    rows: list[list[str]] = []
    for number, line in enumerate(lines):
        if not line.startswith(f"| {first_heading} |"):
            continue
        for row in lines[number + 2 :]:
            if not row.startswith("|"):
                break
            rows.append([cell.strip().replace("`", "") for cell in row.strip("|").split(" | ")])
    return rows
