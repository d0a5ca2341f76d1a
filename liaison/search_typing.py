"""The look-up while somebody is still typing: the last word may be cut short anywhere."""

import re
from bisect import bisect_left
from collections import Counter

from liaison.bodies import Tree
from liaison.search import Found, Hit, Index

_SHORTEST = 2  # letters of a last word that is completed
_TRIED = 8  # completions of it, the most common ones
_LOOKED_AT = 400  # words with that beginning
_COMPLETED = 0.97  # what was typed counts a little more than what it may become
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


class Typing:
    """Finds as ``Index`` does, and for what the last word may become. Safe to use from several threads."""

    def __init__(self, tree: Tree, index: Index) -> None:
        """``tree`` gives the words, of names in all languages; ``index`` answers."""
        self._index = index
        self._counts = Counter(
            word
            for entry in tree.entries
            for text in (*entry.names.values(), *entry.shorts.values())
            for word in set(_WORD.findall(text.casefold()))
        )
        self._words = sorted(self._counts)

    def find(self, query: str, limit: int = 6, region_id: int | None = None) -> Found:
        """The bodies a text, finished or not, may mean. Sure only where what stands there is sure by itself."""
        found = self._index.find(query, limit, region_id)
        completions = self._completions(query)
        if not completions:
            return found
        scores = {hit.body_id: hit.score for hit in found.hits}
        for whole in completions:
            for hit in self._index.find(whole, limit, region_id).hits:
                scores[hit.body_id] = max(scores.get(hit.body_id, 0.0), hit.score * _COMPLETED)
        best = sorted(scores.items(), key=lambda pair: -pair[1])[:limit]
        return Found(tuple(Hit(body_id, score) for body_id, score in best), False)

    def _completions(self, query: str) -> list[str]:
        """The query with what its last word may become; none if that word is finished."""
        last = re.search(r"[^\W\d_][\w-]*$", query[-100:])
        if last is None or len(last[0]) < _SHORTEST:
            return []
        begun = last[0].casefold()
        at = bisect_left(self._words, begun)
        longer = [word for word in self._words[at : at + _LOOKED_AT] if word.startswith(begun) and word != begun]
        common = sorted(longer, key=lambda word: -self._counts[word])[:_TRIED]
        return [query[: len(query) - len(last[0])] + word for word in common]
