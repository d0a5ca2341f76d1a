"""The index of the look-up: every word of every body's names, in folded spelling, with who has it and how surely."""

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from liaison.bodies import Tree
from liaison.search_lexicon import Lexicon, Token
from liaison.spelling import abbreviation
from liaison.topics import department_kind
from liaison.words import DEPARTMENT, WordLists

_HYPHENATED = re.compile(r"\w+(?:-\w+)+")
# How surely a body is meant by a word: one of its own, one of the place it lies in, one of a subject it covers.
_AROUND = 0.9
_OF_PARENT = 0.5
_ABBREVIATED = ("central", "region_department")
_REGION_AROUND = 0.5  # the word "region" in the full name of a city or district
_BUILT = 0.9
_SUBJECT_STEPS = (0.9, 0.8, 0.7, 0.62)
_INNER = {"city": 0.9, "district": 0.8, "district_of_city": 0.7}
_LITTLE = frozenset("и по с в за для от на of and the for on in және мен жөніндегі істері".split())
_LONGEST_INITIALS = 9


class SearchIndex:
    """Postings of words, word by word; bodies are places in ``entries``. Not changed after it is built."""

    def __init__(self, tree: Tree, lists: WordLists) -> None:
        self.tree = tree
        self.lexicon = Lexicon(lists)
        self.entries = tree.entries
        self.place_of = {entry.id: place for place, entry in enumerate(self.entries)}
        self.regions = [self.place_of.get(entry.region_id or 0) for entry in self.entries]
        self.departments: defaultdict[int, list[int]] = defaultdict(list)  # region → its departments
        self.postings: list[dict[int, float]] = []  # word → body → how surely
        self.region_words: defaultdict[int, dict[int, float]] = defaultdict(dict)  # word → region named by it
        self.inner_words: defaultdict[int, dict[int, float]] = defaultdict(dict)  # word → region of the place named
        self.documents: list[dict[tuple[int, ...], float]] = [{} for _ in self.entries]
        self.exact: defaultdict[tuple[int, ...], set[int]] = defaultdict(set)  # sorted words of a name → its bodies
        self.city_regions: set[int] = set()  # regions that are cities: Astana, Almaty, Shymkent
        self._ids: dict[Token, int] = {}
        self.tokens: list[Token] = []
        self.forms: dict[str, tuple[int, ...]] = {}
        self._fill(lists)
        self._count()

    def words_with(self, beginning: str, most: int = 60) -> list[int]:
        """Words one of whose forms begins so; at most so many forms are looked at."""
        at = bisect_left(self.sorted_forms, beginning)
        found: list[int] = []
        for form in self.sorted_forms[at : at + most]:
            if not form.startswith(beginning):
                break
            found += self.forms[form]
        return found

    def rarity(self, bodies: int) -> float:
        """The weight of a word that so many bodies have."""
        return math.log(1 + len(self.entries) / (bodies + 2))

    def _fill(self, lists: WordLists) -> None:
        for place, entry in enumerate(self.entries):
            region = self.regions[place]
            if entry.level == "region_department" and region is not None:
                self.departments[region].append(place)
        order = sorted(range(len(self.entries)), key=lambda place: self.entries[place].level != "region")
        around: dict[int, set[int]] = {}
        for place in order:
            self._add_names(place, lists.places.get(self.entries[place].code, ()), around)
        self._add_subjects(lists)

    def _add_names(self, place: int, more: Iterable[str], around: dict[int, set[int]]) -> None:
        entry, region = self.entries[place], self.regions[place]
        texts = list(dict.fromkeys((*entry.names.values(), *entry.shorts.values(), *entry.aliases, *more)))
        own: set[int] = set()
        core: set[int] = set()  # words that name the body all by themselves: "Абай" in "Абай ауданы, Абай облысы"
        groups = {self._id(name) for name in self.lexicon.groups}
        surroundings = around.get(region, set()) if region is not None and region != place else set()
        for text in texts:
            for tokens in self._readings(text):
                ids = [self._id(token) for token in tokens]
                if ids:
                    own.update(ids)
                    alone = set(ids) - groups
                    core |= alone if len(alone) == 1 else set()
                    self.documents[place][tuple(dict.fromkeys(ids))] = 1.0
                    self.exact[tuple(sorted(ids))].add(place)
        territorial = entry.level in _INNER
        # "Комитет культуры Министерства культуры" is no ministry, although its name has the word.
        above = {self._ids["#ministry"], self._ids["#agency"]} if entry.level == "central" and entry.parent_id else set()
        for word in own:
            weight = 1.0
            if word in above:
                weight = _OF_PARENT
            elif territorial and word not in core and (word in surroundings or word == self._ids["#region"]):
                weight = _AROUND if word in surroundings else _REGION_AROUND
            self._post(word, place, weight)
        if entry.level in _ABBREVIATED:
            for text in texts:
                self._add_initials(place, text, surroundings)
                if "-" in text:
                    self._add_initials(place, text.replace("-", ""), surroundings)
        if region is not None:
            self._add_places(place, region, own, surroundings, around)

    def _add_places(
        self, place: int, region: int, own: set[int], surroundings: set[int], around: dict[int, set[int]]
    ) -> None:
        level = self.entries[place].level
        groups = {self._ids[name] for name in self.lexicon.groups if name in self._ids}
        named = own - groups
        if place == region:
            around[place] = named
            if self._ids.get("#city") in own and self._ids.get("#region") not in own:
                self.city_regions.add(place)
            for word in named:
                self.region_words[word][place] = 1.0
        elif level in _INNER:
            for word in named - surroundings:
                inner = self.inner_words[word]
                inner[region] = max(inner.get(region, 0.0), _INNER[level])

    def _readings(self, text: str) -> Iterator[list[Token]]:
        yield self.lexicon.tokens(text)
        if _HYPHENATED.search(text):
            yield self.lexicon.tokens(_HYPHENATED.sub(lambda found: found[0].replace("-", ""), text))

    def _add_initials(self, place: int, text: str, surroundings: set[int]) -> None:
        """Abbreviations people build themselves: first letters, with and without the little words."""
        words = self.lexicon.plain_words(text)
        for with_little in (False, True):
            letters = [word[0] for word in words if with_little or word not in _LITTLE]
            if not 2 <= len(letters) <= _LONGEST_INITIALS or len(words) == 1:
                continue
            self._post(self._id(abbreviation("".join(letters))), place, _BUILT)
        if surroundings:  # the department's own part: "ішкі саясат басқармасы" of a longer name
            kept = [
                word
                for word in words
                if word not in _LITTLE and not {self._id(token) for token in self.lexicon.tokens(word)} & surroundings
            ]
            kept = [word for word in kept if not self.lexicon.is_place_word(word)]
            if 2 <= len(kept) <= _LONGEST_INITIALS and self.entries[place].level == "region_department":
                self._post(self._id(abbreviation("".join(word[0] for word in kept))), place, _BUILT)

    def _add_subjects(self, lists: WordLists) -> None:
        kinds: defaultdict[str | None, list[int]] = defaultdict(list)
        for place, entry in enumerate(self.entries):
            kinds[department_kind(entry, self.tree)].append(place)
        for subject in lists.subjects:
            documents = [
                tuple(dict.fromkeys(self._id(token) for token in self.lexicon.tokens(phrase)))
                for phrase in subject.phrases
            ]
            for rank, target in enumerate(subject.targets):
                weight = _SUBJECT_STEPS[min(rank, len(_SUBJECT_STEPS) - 1)]
                for place in self._targets(target, kinds):
                    for document in filter(None, documents):
                        self.documents[place].setdefault(document, weight)
                        for word in document:
                            self._post(word, place, weight)

    def _targets(self, target: str, kinds: dict[str | None, list[int]]) -> Iterable[int]:
        if target.startswith(DEPARTMENT):
            return kinds.get(target.removeprefix(DEPARTMENT), ())
        if "*" in target:
            return [place for place, entry in enumerate(self.entries) if fnmatchcase(entry.code, target)]
        body = self.tree.by_code.get(target)
        return () if body is None else (self.place_of[body.id],)

    def _id(self, token: Token) -> int:
        known = self._ids.get(token)
        if known is None:
            known = self._ids[token] = len(self.postings)
            self.postings.append({})
            self.tokens.append(token)
        return known

    def _post(self, word: int, place: int, weight: float) -> None:
        bodies = self.postings[word]
        if bodies.get(place, 0.0) < weight:
            bodies[place] = weight

    def _count(self) -> None:
        """Forms of the words, and how rare each word is together with the words that share a form with it."""
        forms: defaultdict[str, list[int]] = defaultdict(list)
        for token, word in self._ids.items():
            for form in self.lexicon.forms(token):
                forms[form].append(word)
        for form, group in self.lexicon.group_forms.items():
            if group in self._ids:
                forms[form].append(self._ids[group])
        self.forms = {form: tuple(words) for form, words in forms.items()}
        self.group_names = {self._ids[name]: name for name in self.lexicon.groups if name in self._ids}
        self.sorted_forms = sorted(form for form in self.forms if form[0] not in "=#~")
        self.by_length: defaultdict[int, list[str]] = defaultdict(list)
        for form in {*self.sorted_forms, *self.lexicon.expansion_forms}:
            if len(form) >= 4 and not form[0].isdigit():
                self.by_length[len(form)].append(form)
        sizes = {form: sum(len(self.postings[word]) for word in words) for form, words in self.forms.items()}
        self.weights = [0.0] * len(self.postings)
        for token, word in self._ids.items():
            size = max(sizes[form] for form in self.lexicon.forms(token))
            self.weights[word] = self.rarity(min(size, len(self.entries)))
        self.measured = [
            [(document, sum(self.weights[word] for word in document), worth) for document, worth in known.items()]
            for known in self.documents
        ]
