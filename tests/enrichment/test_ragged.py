"""Choosing and ordering lists in flat arrays, beside the plain way of doing it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from enrichment import ragged

LISTS = st.lists(st.lists(st.integers(0, 99), max_size=4), min_size=1, max_size=6)


def _array(values):
    return np.array(values, dtype=np.int64)


@given(LISTS, st.data())
def test_chosen_lists_follow_one_another(lists, data):
    chosen = data.draw(st.lists(st.integers(0, len(lists) - 1), max_size=8))
    members, owners = ragged.chosen_of([_array(each) for each in lists], _array(chosen))
    assert members.tolist() == [m for choice in chosen for m in lists[choice]]
    assert owners.tolist() == [i for i, choice in enumerate(chosen) for _ in lists[choice]]


@given(st.lists(st.lists(st.integers(0, 4), max_size=7).map(sorted), min_size=1, max_size=4))
def test_by_owner_is_a_stable_sort(parts):
    numbered, value = [], 0
    for owners in parts:
        numbered.append((list(range(value, value + len(owners))), owners))
        value += len(owners)
    columns, owners, begins = ragged.by_owner(
        [(_array(members), _array(of)) for members, of in numbered], 5
    )
    pairs = [(o, m) for members, of in numbered for m, o in zip(members, of, strict=True)]
    assert columns.tolist() == [m for _, m in sorted(pairs, key=lambda pair: pair[0])]
    assert owners.tolist() == sorted(o for o, _ in pairs)
    assert [begins[o + 1] - begins[o] for o in range(5)] == [
        sum(owner == o for owner, _ in pairs) for o in range(5)
    ]
