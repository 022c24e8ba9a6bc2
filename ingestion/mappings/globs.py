"""Which file names a mapping is for: patterns on the name relative to the landing folder.

`*` and `?` stay within a folder, `**/` is any number of folders, `[a-z]` one character. A
pattern without a slash is for files of that name in any folder.
"""

import re

_UNUSABLE = re.compile(r"^/|\\|(?:^|/)\.\.(?:/|$)|//|/$")


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression; raises ValueError that says what is wrong."""
    if not pattern.strip() or _UNUSABLE.search(pattern):
        raise ValueError(
            "name files relative to the landing folder, with / between folders: desk/*.csv"
        )
    parts = [] if "/" in pattern else ["(?:.*/)?"]
    position = 0
    while position < len(pattern):
        text, position = _next(pattern, position)
        parts.append(text)
    return re.compile("".join(parts) + r"\Z", re.DOTALL)


def _next(pattern: str, at: int) -> tuple[str, int]:
    """The expression for what stands at `at`, and where the next thing begins."""
    if pattern.startswith("**/", at):
        return "(?:[^/]+/)*", at + 3
    if pattern.startswith("**", at):
        return ".*", at + 2
    character = pattern[at]
    if character in "*?":
        return {"*": "[^/]*", "?": "[^/]"}[character], at + 1
    if character != "[":
        return re.escape(character), at + 1
    end = pattern.find("]", at + 2)
    if end < 0:
        raise ValueError("the bracket [ has no ] after it; close it, or write ? for any character")
    inside = pattern[at + 1 : end]
    negated = "^" if inside[0] in "!^" else ""
    try:
        re.compile(f"[{negated}{_escaped(inside[len(negated) :])}]")
    except re.error as error:
        raise ValueError("the range in brackets runs backwards; write [a-z]") from error
    return f"(?!/)[{negated}{_escaped(inside[len(negated) :])}]", end + 1


def _escaped(characters: str) -> str:
    return "".join(c if c.isalnum() or c == "-" else re.escape(c) for c in characters)
