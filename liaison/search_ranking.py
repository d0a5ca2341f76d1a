"""Ranking: how much of the query a body explains, how much of the body's name the query says, and what breaks ties."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest

from liaison.search_index import SearchIndex
from liaison.search_slots import Slot

_SHORTLIST = 80
_SHOWN = 8  # bodies that are ranked whatever they score
_MOST_REGIONS = 30
_MOST_UNKNOWN = 0.5
_NAMED = 0.99
_NOT_EXACT = 0.95  # another body has exactly this name
_INSIDE = ("city", "district", "district_of_city")
_ONLY_INSIDE = 0.78  # "облакимат Тараз" is not the akimat of the city
_BY_ITS_CITY = 1.0
_REGION_COMPLETE = 0.8  # "облакимат Петропавловск" names the region as well as its own name would
_LONG_POSTINGS = 3000  # bodies of one word that are all looked at, unless it is the rarest word
_NAME_SHARE = 0.25  # the part of the score that comes from how completely a name was said
_CONTEXT = {"region_department": 1.0, "city": 0.9, "district": 0.9, "district_of_city": 0.9}
_ABOLISHED = 0.97
_NOWHERE = 0.85  # a department of one region, when no region was named
_CITY_FIRST = 0.05  # "Алматы" alone is the city, not the region around it
_HOME = 0.06  # a body of the region the person works in
# Among equals: the wider body first.
_LEVELS = ("central", "region", "city", "region_department", "district", "district_of_city")
_LEVEL_STEP = 0.002
# When the first body may be shown without asking.
_SURE_SCORE = 0.7
_SURE_MARGIN = 0.045
_SURE_SHARE = 0.72
_SURE_WEIGHT = 1.6
_SURE_COMPLETENESS = 0.4


@dataclass(frozen=True, slots=True)
class Ranked:
    """Bodies (places in the index) with scores, best first, and whether the first is surely meant."""

    bodies: tuple[tuple[int, float], ...]
    confident: bool

    @property
    def best(self) -> float:
        """The best score, 0 if there is none."""
        return self.bodies[0][1] if self.bodies else 0.0


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query made ready: what is the same for all bodies."""

    known: tuple[Slot, ...]
    total: float  # weight of all slots; unknown words count, but a long sentence does not drown the known ones
    said: dict[int, float]  # words of the index that were said, with their likeness
    exact: frozenset[int]  # bodies one of whose names is exactly this
    placed: bool  # a place was named
    named: bool  # a region was named by its own name
    says_region: bool  # the word "region" was said
    cities: frozenset[int]  # cities of republican significance named, without the word "region"
    regions: frozenset[int]  # regions spoken of, by their own name or by a place in them, and the home region
    home: int | None
    at_home: bool  # no place was named, or one that there is at home too: then home decides between equals

    @classmethod
    def of(cls, slots: Sequence[Slot], home: int | None, index: SearchIndex) -> "_Asked | None":
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
            total=weight + min(unknown, _MOST_UNKNOWN * weight),
            said=_said(known),
            exact=frozenset(index.exact.get(whole, ()) if certain else ()),
            placed=bool(regions),
            named=any(slot.regions for slot in known),
            says_region="#region" in groups,
            cities=frozenset() if "#region" in groups else frozenset(named & index.city_regions),
            regions=frozenset(regions if home is None else regions | {home}),
            home=home,
            at_home=home is not None and (not regions or home in regions),
        )


class Ranking:
    """Ranks the bodies of an index for the slots of a query."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._levels = {level: _LEVEL_STEP * (len(_LEVELS) - rank) for rank, level in enumerate(_LEVELS)}

    def rank(self, slots: Sequence[Slot], home: int | None) -> Ranked:
        """All bodies worth naming. ``home`` is the region (its place in the index) of the person who asks."""
        asked = _Asked.of(slots, home, self._index)
        if asked is None:
            return Ranked((), False)
        shares = [(self._explained(asked, place), place) for place in self._shortlist(asked)]
        shares.sort(key=lambda pair: (-pair[0], pair[1]))
        scored: list[tuple[int, float]] = []
        floor = 0.0
        for count, (share, place) in enumerate(shares):
            if count >= _SHOWN and share + _CITY_FIRST + _HOME < floor:
                break  # nothing below can reach the bodies that are shown
            scored.append((place, self._score(asked, place, share)))
            if count + 1 == _SHOWN:
                floor = min(score for _, score in scored)
        scored.sort(key=lambda pair: (-pair[1], pair[0]))
        return Ranked(tuple(scored), self._is_sure(asked, scored))

    def _shortlist(self, asked: _Asked) -> set[int]:
        sums: dict[int, float] = {}
        for slot in sorted(asked.known, key=lambda slot: len(slot.bodies)):
            if sums and len(slot.bodies) > _LONG_POSTINGS:
                for place in sums:
                    sums[place] += slot.weight * slot.bodies.get(place, 0.0)
                continue
            for place, share in slot.bodies.items():
                sums[place] = sums.get(place, 0.0) + slot.weight * share
        best = set(sums) if len(sums) <= _SHORTLIST else set(nlargest(_SHORTLIST, sums, key=sums.__getitem__))
        if len(asked.regions) <= _MOST_REGIONS:
            for region in asked.regions:
                best.update(place for place in self._index.departments.get(region, ()) if place in sums)
                best.add(region)
        return best

    def _explained(self, asked: _Asked, place: int) -> float:
        region = self._index.regions[place]
        return sum(slot.weight * self._share(asked, slot, place, region) for slot in asked.known) / asked.total

    def _score(self, asked: _Asked, place: int, explained: float) -> float:
        index = self._index
        entry, region = index.entries[place], index.regions[place]
        complete = self._completeness(asked, place)
        if asked.says_region and region == place and place in asked.regions:
            complete = max(complete, _REGION_COMPLETE)
        score = explained * (1 - _NAME_SHARE + _NAME_SHARE * complete)
        if asked.exact:
            score = 1.0 if place in asked.exact else score * _NOT_EXACT
        if asked.says_region and not asked.named and entry.level in _INSIDE:
            score *= _ONLY_INSIDE
        if entry.level == "region_department" and not asked.placed and asked.home is None:
            score *= _NOWHERE
        if entry.abolished_on is not None:
            score *= _ABOLISHED
        if region is not None and region in asked.cities:
            score += _CITY_FIRST
        if asked.at_home and region == asked.home:
            score += _HOME
        return min(score * 0.98 + self._levels.get(entry.level, 0.0), 1.0)

    def _share(self, asked: _Asked, slot: Slot, place: int, region: int | None) -> float:
        """How surely the slot speaks of a body: by its own words, or by the place it lies in."""
        own = slot.bodies.get(place, 0.0)
        if region is None or own >= 0.97:
            return own
        if region == place:  # "облакимат Тараз": the region is named by its city
            return max(own, slot.inner.get(region, 0.0) * _BY_ITS_CITY) if asked.says_region else own
        level = self._index.entries[place].level
        around = slot.regions.get(region, 0.0) * _CONTEXT.get(level, 0.0)
        if level == "region_department":
            around = max(around, slot.inner.get(region, 0.0))
        return max(own, around)

    def _completeness(self, asked: _Asked, place: int) -> float:
        said, weights = asked.said, self._index.weights
        names = self._index.measured(place)
        best = 0.0
        for known in said:
            for document, whole, worth in names.get(known, ()):
                part = 0.0
                for word in document:
                    if word in said:
                        part += weights[word] * said[word]
                if part * worth > best * whole:
                    best = part * worth / whole
        return best

    def _is_sure(self, asked: _Asked, scored: Sequence[tuple[int, float]]) -> bool:
        if not scored:
            return False
        place, best = scored[0]
        second = scored[1][1] if len(scored) > 1 else 0.0
        region = self._index.regions[place]
        weight = sum(slot.weight for slot in asked.known if self._share(asked, slot, place, region) > 0)
        return (
            best >= _SURE_SCORE
            and best - second >= _SURE_MARGIN
            and weight >= _SURE_WEIGHT
            and self._explained(asked, place) >= _SURE_SHARE
            and self._completeness(asked, place) >= _SURE_COMPLETENESS
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
