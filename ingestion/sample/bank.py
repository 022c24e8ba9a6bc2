"""Loads the phrase files and hands out lines. How lines are joined or styled is elsewhere."""

from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

from warehouse.vocabulary import DRIVERS

FOLDER: Final = Path(__file__).parent / "phrases"


class Situation:
    """One thing that a customer contacts about: the problem and the lines that answer it."""

    __slots__ = ("churn", "complaint", "data", "driver", "name", "products", "purchase", "tone")

    def __init__(self, driver: str, data: dict[str, Any]) -> None:
        self.driver = driver
        self.name: str = data["name"]
        self.tone: str = data.get("tone", "neg")
        self.churn: str = data.get("churn", "none")
        self.complaint: bool = data.get("complaint", False)
        self.purchase: bool = data.get("purchase", False)
        self.products: list[str] = data.get("products", ["mobile", "home", "wallet", "shop"])
        self.data = data

    def lines(self, kind: str, language: str, rng: Random) -> list[Any]:
        """Return the lines of one kind; code-mixed talk borrows from both languages."""
        if language == "mix":
            own = self.data.get("mix", {}).get(kind)
            if own and rng.random() < 0.6:
                return list(own)
            language = "id" if rng.random() < 0.75 else "en"
        return list(self.data[language].get(kind, ()))


class Bank:
    """All phrases in memory: `common` lines by key, `situations` by driver."""

    def __init__(self, common: dict[str, Any], situations: dict[str, list[Situation]]) -> None:
        self.common = common
        self.situations = situations

    def line(self, key: str, language: str, rng: Random) -> str:
        """Return one template under a dotted key such as `agent.close`."""
        entry: Any = self.common
        for part in key.split("."):
            entry = entry[part]
        if language == "mix":
            own = "mix" in entry and rng.random() < 0.6
            language = "mix" if own else ("id" if rng.random() < 0.75 else "en")
        lines: list[str] = entry[language]
        return lines[int(rng.random() * len(lines))]


def _read(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506 - both loaders are safe


@cache
def load() -> Bank:
    """Read every phrase file once per process."""
    common: dict[str, Any] = {}
    for name in ("customer", "agent", "bot", "outbound", "breaches", "slots"):
        common[name] = _read(FOLDER / f"{name}.yaml")
    situations = {}
    for driver in DRIVERS:
        data = _read(FOLDER / "drivers" / f"{driver}.yaml")
        situations[driver] = [Situation(driver, item) for item in data["situations"]]
    return Bank(common, situations)
