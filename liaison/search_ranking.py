"""Ranking: how much of the query a body explains, how much of the body's name the query says, and what breaks ties."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest

from liaison.search_asked import Asked
from liaison.search_index import SearchIndex
from liaison.search_slots import Slot

_SHORTLIST = 80
_SHOWN = 8  # bodies that are ranked whatever they score
_MOST_REGIONS = 30
_NOT_EXACT = 0.95  # another body has exactly this name
_INSIDE = ("city", "district", "district_of_city")
_LEFT_OUT = 0.93  # the body has nothing to do with a word that was said
_ONLY_INSIDE = 0.78  # "облакимат Тараз" is not the akimat of the city
_PARENT_NAMED = 0.93
_OF_PARENT = 0.6  # "КГД Минфина": the ministry is named beside its committee
_REGION_COMPLETE = 0.8  # "облакимат Петропавловск" names the region as well as its own name would
_LONG_POSTINGS = 3000  # bodies of one word that are all looked at, unless it is the rarest word
_NAME_SHARE = 0.25  # the part of the score that comes from how completely a name was said
_CONTEXT = {"region_department": 1.0, "city": 0.9, "district": 0.9, "district_of_city": 0.9}
_ABOLISHED = 0.97
_NOWHERE = 0.85  # a department of one region, when no region was named
_CITY_FIRST = 0.1  # "Алматы" alone is the city, not the region around it
_CITY_NEXT = 0.025  # "Павлодар" alone is rather the city than the district around it
_HOME = 0.06  # a body of the region the person works in
# Among equals: the wider body first.
_LEVELS = ("central", "region", "city", "region_department", "district", "district_of_city")
_LEVEL_STEP = 0.002
# When the first body may be shown without asking.
_SURE_SCORE = 0.7
TIE = 0.045  # bodies that differ by less answer equally well; a home region makes a wider gap
_SURE_SHARE = 0.72
_SURE_WEIGHT = 1.6
_SURE_LIKENESS = 0.75  # a word of four letters with a slip may be too many others
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


class Ranking:
    """Ranks the bodies of an index for the slots of a query."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._levels = {level: _LEVEL_STEP * (len(_LEVELS) - rank) for rank, level in enumerate(_LEVELS)}

    def rank(self, slots: Sequence[Slot], home: int | None) -> Ranked:
        """All bodies worth naming. ``home`` is the region (its place in the index) of the person who asks."""
        asked = Asked.of(slots, home, self._index)
        if asked is None:
            return Ranked((), False)
        shares = [(*self._explained(asked, place), place) for place in self._shortlist(asked)]
        shares.sort(key=lambda found: (-found[0], found[2]))
        scored: list[tuple[int, float]] = []
        floor = 0.0
        for count, (share, all_said, place) in enumerate(shares):
            if count >= _SHOWN and share + _CITY_FIRST + _CITY_NEXT + _HOME < floor:
                break  # nothing below can reach the bodies that are shown
            scored.append((place, self._score(asked, place, share) * (1.0 if all_said else _LEFT_OUT)))
            if count + 1 == _SHOWN:
                floor = min(score for _, score in scored)
        scored.sort(key=lambda pair: (-pair[1], pair[0]))
        return Ranked(tuple(scored), self._is_sure(asked, scored))

    def _shortlist(self, asked: Asked) -> set[int]:
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

    def _explained(self, asked: Asked, place: int) -> tuple[float, bool]:
        """The part of the query that speaks of a body, and whether it has to do with every word of content."""
        region = self._index.regions[place]
        shares = [self._share(asked, slot, place, region) for slot in asked.known]
        all_said = all(share or not content for share, content in zip(shares, asked.content, strict=True))
        return sum(slot.weight * share for slot, share in zip(asked.known, shares, strict=True)) / asked.total, all_said

    def _score(self, asked: Asked, place: int, explained: float) -> float:
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
        if asked.says_region and region == place and place in self._index.city_regions:
            score *= _ONLY_INSIDE
        if entry.level == "region_department" and not asked.placed and asked.home is None:
            score *= _NOWHERE
        if entry.abolished_on is not None:
            score *= _ABOLISHED
        if region is not None and region in asked.cities:
            score += _CITY_FIRST
        if entry.level == "city" and not asked.says_kind:
            score += _CITY_NEXT
        if asked.at_home and region == asked.home:
            score += _HOME
        return score * 0.98 + self._levels.get(entry.level, 0.0)

    def _share(self, asked: Asked, slot: Slot, place: int, region: int | None) -> float:
        """How surely the slot speaks of a body: by its own words, or by the place it lies in."""
        own = slot.bodies.get(place, 0.0)
        if own >= 0.97:
            return own
        if region is None:
            parent = self._index.parents[place]
            named = parent is not None and slot.bodies.get(parent, 0.0) >= _PARENT_NAMED
            return max(own, _OF_PARENT) if named else own
        if region == place:  # "облакимат Тараз": the region is named by its city
            return max(own, slot.inner.get(region, 0.0)) if asked.says_region and not asked.named else own
        level = self._index.entries[place].level
        around = slot.regions.get(region, 0.0) * _CONTEXT.get(level, 0.0)
        if level == "region_department" or (asked.says_region and level in _INSIDE):
            around = max(around, slot.inner.get(region, 0.0))  # "Абай ауданы Семей облысы"
        return max(own, around)

    def _completeness(self, asked: Asked, place: int) -> float:
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

    def _is_sure(self, asked: Asked, scored: Sequence[tuple[int, float]]) -> bool:
        if not scored:
            return False
        place, best = scored[0]
        second = scored[1][1] if len(scored) > 1 else 0.0
        region = self._index.regions[place]
        weight = sum(slot.weight for slot in asked.known if self._share(asked, slot, place, region) > 0)
        return (
            best >= _SURE_SCORE
            and best - second >= TIE
            and weight >= _SURE_WEIGHT
            and all(
                max(slot.matches.values()) >= _SURE_LIKENESS
                for slot, content in zip(asked.known, asked.content, strict=True)
                if content
            )
            and self._explained(asked, place)[0] >= _SURE_SHARE
            and self._completeness(asked, place) >= _SURE_COMPLETENESS
        )
