"""What a query says as a whole: the same for all bodies that may answer it."""

from collections.abc import Sequence
from dataclasses import dataclass

from liaison.search_index import SearchIndex
from liaison.search_slots import Slot

_MOST_UNKNOWN = 0.5
_NAMED = 0.85


@dataclass(frozen=True, slots=True)
class Asked:
    """A query made ready: what is the same for all bodies."""

    known: tuple[Slot, ...]
    content: tuple[bool, ...]  # of each, whether it is more than a kind of body
    total: float  # weight of all slots; unknown words count, but a long sentence does not drown the known ones
    said: dict[int, float]  # words of the index that were said, with their likeness
    exact: frozenset[int]  # bodies one of whose names is exactly this
    placed: bool  # a place was named
    named: bool  # a region was named by its own name
    says_kind: bool  # a word like "akimat" or "district" was said
    says_region: bool  # the word "region" was said
    cities: frozenset[int]  # cities of republican significance named, without the word "region"
    regions: frozenset[int]  # regions spoken of, by their own name or by a place in them, and the home region
    home: int | None
    at_home: bool  # no place was named, or one that there is at home too: then home decides between equals

    @classmethod
    def of(cls, slots: Sequence[Slot], home: int | None, index: SearchIndex) -> "Asked | None":
        """Look at the slots together; None if no word is known."""
        known = tuple(slot for slot in slots if slot.known)
        weight = sum(slot.weight for slot in known)
        if not weight:
            return None
        unknown = sum(slot.weight for slot in slots if not slot.known)
        whole = tuple(sorted(_primary(slot) for slot in known))
        certain = not any(slot.guessed for slot in slots)
        groups = {index.group_names.get(word) for slot in known for word in slot.matches}
        named = {region for slot in known for region, share in slot.regions.items() if share >= _NAMED}
        regions = {region for slot in known for region in (*slot.regions, *slot.inner)}
        return cls(
            known=known,
            content=tuple(not slot.matches.keys() & index.group_names.keys() for slot in known),
            total=weight + min(unknown, _MOST_UNKNOWN * weight),
            said=_said(known),
            exact=frozenset(index.exact.get(whole, ()) if certain else ()),
            placed=bool(regions),
            named=any(slot.regions for slot in known),
            says_kind=groups != {None},
            says_region="#region" in groups,
            cities=frozenset() if "#region" in groups else frozenset(named & index.city_regions),
            regions=frozenset(regions if home is None else regions | {home}),
            home=home,
            at_home=home is not None and (not regions or home in regions),
        )


def _said(known: Sequence[Slot]) -> dict[int, float]:
    said: dict[int, float] = {}
    for slot in known:
        for word, likeness in slot.matches.items():
            said[word] = max(said.get(word, 0.0), likeness)
    return said


def _primary(slot: Slot) -> int:
    """The word a slot is most like: an exact one comes first."""
    return max(slot.matches, key=slot.matches.__getitem__)
