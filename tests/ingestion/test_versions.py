"""What makes a file be read again: the code of its connector, and settings that shape answers."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pytest

from ingestion.connectors.base import Limits
from ingestion.connectors.tabular import TabularConnector
from ingestion.connectors.x import XConnector
from ingestion.versions import version_of


@dataclass(frozen=True)
class Mapping:
    """Settings in several layers, as of a declared source."""

    columns: dict[str, str]
    zone: str = "UTC"


@dataclass(frozen=True)
class Mapped(TabularConnector):
    """A connector with settings of many kinds."""

    version: ClassVar[str] = "7"
    mapping: Any = None
    numbers: frozenset[str] = field(default_factory=frozenset)


def test_without_settings_it_is_the_version_alone() -> None:
    assert version_of(TabularConnector()) == TabularConnector.version
    assert version_of(TabularConnector(limits=Limits(payload_bytes=9))) == TabularConnector.version


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (XConnector(company_user_ids=("1",)), XConnector(company_user_ids=("2",)), False),
        (XConnector(company_user_ids=("1", "2")), XConnector(company_user_ids=("12",)), False),
        (XConnector(), XConnector(limits=Limits(json_depth=3)), True),
        (Mapped(numbers=frozenset("abcdef")), Mapped(numbers=frozenset("fedcba")), True),
        (Mapped(mapping={"a": 1, "b": 2}), Mapped(mapping={"b": 2, "a": 1}), True),
        (Mapped(mapping={"a": 1}), Mapped(mapping={"a": "1"}), False),
        (Mapped(mapping=Mapping({"id": "a"})), Mapped(mapping=Mapping({"id": "b"})), False),
        (Mapped(mapping=Mapping({}, "UTC")), Mapped(mapping=Mapping({}, "Asia/Jakarta")), False),
        (Mapped(mapping=[Path("a")]), Mapped(mapping=[Path("b")]), False),
        (Mapped(mapping=object()), Mapped(mapping=object()), True),
    ],
)
def test_settings_that_differ_make_another_version(one: Any, other: Any, same: bool) -> None:
    assert (version_of(one) == version_of(other)) is same


def test_a_setting_cannot_be_read_from_it() -> None:
    version = version_of(XConnector(company_user_ids=("1234567890",)))
    assert version.startswith(XConnector.version + "+") and "1234567890" not in version
