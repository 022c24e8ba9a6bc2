"""Rules of what customers say outright (families churn and flag), read from YAML.

`a|b c` stands for `a c` and `b c`; there are no other signs, because all phrases of a book are
found in one pass. `cues` matches them.
"""

from itertools import product
from math import prod
from typing import Any, Final

from enrichment.normalise import normalise
from enrichment.rulebook_nodes import Fields, Nodes
from enrichment.rules import CueRule
from warehouse.vocabulary import CHURN_LEVELS, FLAGS

HARMLESS: Final = "none"
"""Tag of phrases that look like leaving and are not; they silence the model, not other phrases."""
TAGS: Final = {"churn": (*CHURN_LEVELS[1:], HARMLESS), "flag": FLAGS}
_TEXTS: Final = ("id", "title", "tag")
_FIELDS: Final = (
    *_TEXTS,
    "source",
    "softened_to",
    "needs_softener",
    "needs_model",
    "blockers",
    "phrases",
)
_MOST: Final = 2000


class Reader:
    """Reads the rules of one book; its softeners hold for all of them."""

    def __init__(self, nodes: Nodes, family: str, version: str, top: Fields) -> None:
        self._nodes = nodes
        self._tags = TAGS[family]
        self._version = version
        self._softeners = self._plain(top.get("softeners"))
        self._family = family
        if "softeners" in top and family != "churn":
            raise nodes.fail(top["softeners"], "softeners belong to family churn; remove them")

    def rule(self, node: Any) -> CueRule:
        """Read one rule. Raises RulebookError."""
        nodes = self._nodes
        fields = nodes.mapping(node, _FIELDS)
        texts = {name: nodes.text(node, fields, name) for name in _TEXTS}
        nodes.one_of(fields["tag"], self._tags)
        if "needs_model" in fields and self._family != "churn":
            raise nodes.fail(
                fields["needs_model"], "needs_model belongs to family churn; remove it"
            )
        if "phrases" not in fields:
            raise nodes.fail(node, f"rule {texts['id']} needs phrases")
        softened = ""
        if "softened_to" in fields:
            meant = [tag for tag in self._tags if tag != HARMLESS]
            softened = nodes.one_of(fields["softened_to"], meant)
        needs = nodes.truth(fields, "needs_softener")
        if texts["tag"] == HARMLESS and (softened or needs):
            field = fields["needs_softener" if needs else "softened_to"]
            raise nodes.fail(field, f"tag {HARMLESS} is never softened; remove this field")
        if (needs or softened) and not self._softeners:
            field = fields["needs_softener" if needs else "softened_to"]
            raise nodes.fail(field, "the book lists no softeners; add them above the rules")
        if needs and softened:
            raise nodes.fail(
                fields["softened_to"], "needs_softener says it all; remove softened_to"
            )
        return CueRule(
            **texts,
            version=self._version,
            phrases=tuple(self._phrases(fields["phrases"])),
            blockers=self._plain(fields.get("blockers")),
            softeners=self._softeners,
            softened_to=softened,
            needs_softener=needs,
            needs_model=nodes.truth(fields, "needs_model"),
        )

    def _phrases(self, node: Any) -> list[str]:
        """Every phrase that the patterns stand for, normalised, in the order of the file."""
        found: list[str] = []
        for item in self._nodes.both_languages(node):
            parts = [part.split("|") for part in item.value.split()]
            if any(not word for part in parts for word in part):
                raise self._nodes.fail(item, f"{item.value!r} has an empty word beside |")
            if any(sign in item.value for sign in ("*", "?", "...", "_")):
                raise self._nodes.fail(
                    item, f"{item.value!r} has a sign other than |; write every word out"
                )
            if prod(map(len, parts)) > _MOST:
                raise self._nodes.fail(
                    item, f"{item.value!r} stands for more than {_MOST} phrases; cut it in two"
                )
            found += sorted({normalise(" ".join(words)) for words in product(*parts)})
        return found

    def _plain(self, node: Any) -> tuple[str, ...]:
        """Words and phrases without signs, normalised like the texts they are looked for in."""
        if node is None:
            return ()
        return tuple(normalise(item.value) for item in self._nodes.both_languages(node))
