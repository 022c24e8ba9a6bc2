"""The settings file of pulled sources: YAML, one section a source, no secrets.

file -> YAML nodes with their lines -> Section per source -> Source

The file is `sources.yml` in LAKEHOUSE_HOME, unless LAKEHOUSE_SOURCES names another.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ingestion.pull.base import Source
from ingestion.pull.registry import KINDS
from ingestion.pull.sections import Located, Section, SettingsProblem

NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")


def home() -> Path:
    """The folder of one deployment; read from the environment."""
    return Path(os.environ.get("LAKEHOUSE_HOME", "data")).resolve()


def settings_file() -> Path:
    """Where the settings of sources are."""
    return Path(os.environ.get("LAKEHOUSE_SOURCES", home() / "sources.yml")).resolve()


def read_sources(path: Path) -> dict[str, Source]:
    """All sources of the file by name; raises SettingsProblem that names the line.

    Secrets are not read here: a missing variable matters only to the source that needs it.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise SettingsProblem(
            f"{path} does not exist; write it as docs/pulling.md shows, or name another file"
            " with LAKEHOUSE_SOURCES"
        ) from None
    except UnicodeDecodeError:
        raise SettingsProblem(f"{path} is not UTF-8 text; save it as UTF-8") from None
    return {section.name: _source(section) for section in _sections(path, text)}


def _source(section: Section) -> Source:
    kind = section.choice("kind", sorted(KINDS))
    source = KINDS[kind](section)
    section.done()
    return source


def _sections(path: Path, text: str) -> list[Section]:
    document, line = _located(path, text)
    if not isinstance(document, dict) or set(document) != {"sources"}:
        raise SettingsProblem(f"{path} line {line}: the file must hold one key, sources")
    listed, line = document["sources"]
    if not isinstance(listed, dict) or not listed:
        raise SettingsProblem(f"{path} line {line}: sources must hold a section for each source")
    for name, (values, at) in listed.items():
        if not NAME.fullmatch(name):
            raise SettingsProblem(
                f"{path} line {at}: a source's name is lower-case letters, digits, - and _"
            )
        if not isinstance(values, dict):
            raise SettingsProblem(f"{path} line {at}: {name} must hold settings")
    return [Section(str(path), name, at, values) for name, (values, at) in listed.items()]


def _located(path: Path, text: str) -> tuple[Any, int]:
    loader = None
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            raise SettingsProblem(f"{path} line 1: the file is empty; see docs/pulling.md")
        return _value(path, loader, node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        # The parser's own words may quote the line, and with it a secret.
        raise SettingsProblem(f"{path} line {line}: this is not valid YAML") from None
    except yaml.YAMLError:
        raise SettingsProblem(f"{path} line 1: this is not valid YAML text") from None
    finally:
        if loader is not None:
            loader.dispose()


def _value(path: Path, loader: yaml.SafeLoader, node: yaml.Node) -> tuple[Any, int]:
    """A value with its line; mappings become dictionaries of such pairs."""
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        found: Located = {}
        for key, value in node.value:
            name = str(loader.construct_object(key, deep=True))
            at = key.start_mark.line + 1
            if name in found:
                raise SettingsProblem(f"{path} line {at}: {name} is given twice")
            found[name] = (_value(path, loader, value)[0], at)
        return found, line
    if isinstance(node, yaml.SequenceNode):
        return [_value(path, loader, item)[0] for item in node.value], line
    return loader.construct_object(node, deep=True), line


def known(sources: Mapping[str, Source], name: str, path: Path) -> Source:
    """The source of this name; raises SettingsProblem that lists the known ones."""
    if name not in sources:
        listed = ", ".join(sorted(sources))
        raise SettingsProblem(f"{path} has no source {name}; it has {listed}")
    return sources[name]
