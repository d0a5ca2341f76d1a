"""A slot: one thing a query speaks of, with the bodies and regions it may mean."""

from dataclasses import dataclass, field, replace

from liaison.search_index import SearchIndex

# How surely a word that names a place speaks of the departments of the region around it.
_INSIDE = {"city": 0.9, "district": 0.8, "district_of_city": 0.7}
_PLACE_SHARE = 0.6
OFFICES = frozenset(("#ministry", "#committee", "#agency", "#department", "#akimat"))
_MOST_PLACES = 400
_LIGHT = 0.25
_UNKNOWN_BODIES = 4  # a word nobody has weighs as much as one that so many bodies have


@dataclass(slots=True)
class Slot:
    """One thing the query speaks of: words of the index with their likeness, and the bodies that have them."""

    matches: dict[int, float]
    weight: float
    bodies: dict[int, float] = field(default_factory=dict)
    regions: dict[int, float] = field(default_factory=dict)  # regions named by their own name
    inner: dict[int, float] = field(default_factory=dict)  # regions in which a place of this name lies
    guessed: bool = False  # not a word of the index as it was typed
    light: bool = False  # who asks rather than what about

    @property
    def known(self) -> bool:
        """Whether the word means anything here."""
        return bool(self.matches)

    @property
    def is_topic(self) -> bool:
        """Whether the word names no place."""
        return not self.regions and not self.inner


class SlotMaker:
    """Makes slots of words of an index."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def make(self, matches: dict[int, float], guessed: bool = False) -> Slot:
        """The slot of some words with their likeness."""
        slot = Slot(matches, 0.0, guessed=guessed)
        index = self._index
        if len(matches) == 1 and 1.0 in matches.values():
            slot.bodies = index.postings[next(iter(matches))]
        else:
            for word, likeness in matches.items():
                _raise(slot.bodies, index.postings[word], likeness)
        for word, likeness in matches.items():
            if word in index.region_words:
                _raise(slot.regions, index.region_words[word], likeness)
        if len(slot.bodies) <= _MOST_PLACES and not self.is_kind(slot):
            self._note_regions(slot)
        slot.weight = index.rarity(len(slot.bodies)) * max(matches.values())
        return slot

    def less(self, slot: Slot, likeness: float) -> Slot:
        """The same slot, less sure."""
        return self.make({word: like * likeness for word, like in slot.matches.items()}, guessed=True)

    def is_kind(self, slot: Slot) -> bool:
        """Whether the word only tells the kind of a body: ministry, department, akimat."""
        return any(word in self._index.group_names for word in slot.matches)

    def is_office(self, slot: Slot) -> bool:
        """Whether the word tells the kind of a body and is no place word: akimat, ministry, but not region."""
        return any(self._index.group_names.get(word) in OFFICES for word in slot.matches)

    def lighter(self, slot: Slot) -> Slot:
        """The same slot for a word that describes the asker."""
        return replace(slot, weight=slot.weight * _LIGHT, light=True)

    def unknown(self) -> Slot:
        """The slot of a word that means nothing here."""
        return Slot({}, self._index.rarity(_UNKNOWN_BODIES), guessed=True)

    def _note_regions(self, slot: Slot) -> None:
        """A word that names a city or a district also tells the region it lies in."""
        index = self._index
        for place, share in slot.bodies.items():
            region, inside = index.regions[place], _INSIDE.get(index.entries[place].level)
            # A lower share is the name of the region within the full name of the place.
            if region is not None and inside is not None and share >= _PLACE_SHARE:
                slot.inner[region] = max(slot.inner.get(region, 0.0), share * inside)


def _raise(target: dict[int, float], source: dict[int, float], likeness: float) -> None:
    for key, weight in source.items():
        if target.get(key, 0.0) < weight * likeness:
            target[key] = weight * likeness
