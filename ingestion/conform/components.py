"""What belongs together when it is joined pair by pair, in any order."""

from collections.abc import Hashable
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)


class Components(Generic[Item]):
    """Sets of items that only ever grow together (union-find with short paths)."""

    def __init__(self) -> None:
        self._parent: dict[Item, Item] = {}

    def root(self, item: Item) -> Item:
        """One item that stands for all that `item` is joined with."""
        parent = self._parent
        top = parent.setdefault(item, item)
        while parent[top] != top:
            top = parent[top]
        while parent[item] != top:
            parent[item], item = top, parent[item]
        return top

    def join(self, left: Item, right: Item) -> None:
        """From now on both belong to one component."""
        self._parent[self.root(right)] = self.root(left)

    def members(self) -> dict[Item, set[Item]]:
        """All components by the item that stands for each."""
        found: dict[Item, set[Item]] = {}
        for item in list(self._parent):
            found.setdefault(self.root(item), set()).add(item)
        return found
