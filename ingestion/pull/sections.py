"""One section of the settings file, read key by key; every problem names its line.

section -> text, whole, choice, texts, address, secret, sections -> done

`done` refuses keys that nothing asked for, so that a slip of the pen is not silently ignored.
"""

import difflib
import ipaddress
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from ingestion.pull.secrets import VARIABLE, Secret

Located = dict[str, tuple[Any, int]]
"""Key -> (value, line); a list of mappings holds further such dictionaries."""

_SECRET_KEYS = re.compile(r"(password|passwd|token|secret|api_key|apikey|access_key|credentials?)$")


class SettingsProblem(ValueError):
    """The settings file cannot be used: file, line, what is wrong and what to write."""


class Section:
    """The settings of one source, or of one table of a source."""

    def __init__(self, file: str, name: str, line: int, values: Located) -> None:
        self.name = name
        self._file, self._line, self._values = file, line, values
        self._asked: set[str] = set()
        for key in values:
            if _SECRET_KEYS.search(key):
                raise self.problem(
                    f"{key} must not stand in this file: put it into an environment variable"
                    f" and write {key}_env: NAME_OF_THE_VARIABLE",
                    key,
                )

    def problem(self, message: str, key: str = "") -> SettingsProblem:
        """An error that names file, section and the line of the key, or of the section."""
        line = self._values.get(key, (None, self._line))[1]
        return SettingsProblem(f"{self._file} line {line}: {self.name}: {message}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required without a default."""
        found = self._take(key, default)
        if not isinstance(found, str) or not found.strip():
            raise self._wrong(key, "a text; put it in quotes if it looks like a number")
        return found.strip()

    def whole(self, key: str, default: int | None, low: int, high: int) -> int:
        """A whole number between two bounds."""
        found = self._take(key, default)
        if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
            raise self._wrong(key, f"a whole number from {low} to {high}")
        return found

    def choice(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        """One of the allowed words."""
        found = self._take(key, default)
        if found not in allowed:
            raise self._wrong(key, "one of " + ", ".join(allowed))
        return str(found)

    def texts(self, key: str, default: Sequence[str]) -> tuple[str, ...]:
        """A list of texts, not empty."""
        found = self._take(key, list(default))
        good = isinstance(found, list) and found and all(isinstance(i, str) and i for i in found)
        if not good:
            raise self._wrong(key, "a list of texts, for example [INBOX, Sent]")
        return tuple(dict.fromkeys(found))

    def choices(self, key: str, allowed: Sequence[str]) -> tuple[str, ...]:
        """Some of the allowed words; all of them by default."""
        found = self.texts(key, allowed)
        if not set(found) <= set(allowed):
            raise self._wrong(key, "a list of some of " + ", ".join(allowed))
        return found

    def address(self, key: str, default: str | None = None) -> str:
        """The base address of an API: https, or http on this machine alone."""
        found = self.text(key, default)
        try:
            parts = urlsplit(found)
            host, name, password = parts.hostname, parts.username, parts.password
        except ValueError:
            raise self._wrong(key, "an address such as https://example.com") from None
        if name or password:
            raise self._wrong(key, "an address without a user or password in it")
        if not host or parts.scheme not in ("https", "http") or parts.query or parts.fragment:
            raise self._wrong(key, "an address such as https://example.com")
        if parts.scheme == "http" and not on_this_machine(host):
            raise self._wrong(key, "https: secrets must not travel unencrypted")
        return found.rstrip("/")

    def secret(self, key: str) -> Secret:
        """The variable that `<key>_env` names."""
        full = f"{key}_env"
        found = self._take(full, None)
        if not isinstance(found, str) or not VARIABLE.fullmatch(found):
            raise self._wrong(full, "the name of an environment variable, in capitals")
        return Secret(found, f"{self._file} line {self._values[full][1]}")

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._values

    def sections(self, key: str, name: str) -> list["Section"]:
        """A list of mappings, each a section named by its own key `name`."""
        found = self._take(key, None)
        if not isinstance(found, list) or not found or not all(isinstance(i, dict) for i in found):
            raise self._wrong(key, "a list of mappings")
        listed = []
        for values in found:
            line = min((at for _, at in values.values()), default=self._values[key][1])
            label = values.get(name, ("?", 0))[0]
            listed.append(Section(self._file, f"{self.name}, {label}", line, values))
        return listed

    def done(self) -> None:
        """Refuse keys that are unknown."""
        for key in self._values:
            if key not in self._asked:
                near = difflib.get_close_matches(key, sorted(self._asked), 1)
                hint = f"; did you mean {near[0]}?" if near else ""
                known = ", ".join(sorted(self._asked))
                raise self.problem(f"unknown setting {key}{hint} (known: {known})", key)

    def _take(self, key: str, default: Any) -> Any:
        self._asked.add(key)
        if key in self._values:
            return self._values[key][0]
        if default is None:
            raise self.problem(f"{key} is missing")
        return default

    def _wrong(self, key: str, wanted: str) -> SettingsProblem:
        return self.problem(f"{key} must be {wanted}", key)


def on_this_machine(host: str) -> bool:
    """Whether traffic to this host never leaves the machine."""
    if host == "localhost" or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
