"""Building the index of the look-up from the directory and the word lists."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from liaison.bodies import BodyEntry, Tree
from liaison.search_index import Document, SearchIndex, rarity
from liaison.search_lexicon import Lexicon, Token, forms_of
from liaison.search_nearest import Vocabulary
from liaison.spelling import abbreviation, clean, words
from liaison.topics import department_kind
from liaison.words import DEPARTMENT, WordLists

INSIDE = ("city", "district", "district_of_city")  # levels of places inside a region
_HYPHENATED = re.compile(r"\w+(?:-\w+)+")
# How surely a word means a body that has it in a name.
_AROUND = 0.9  # the name of the region in the full name of a district
_REGION_AROUND = 0.5  # the word "region" there
_PART_OF_REGION = 0.9  # "столица" in "южная столица", a name of Almaty
_OF_PARENT = 0.5  # "Комитет культуры Министерства культуры" is no ministry, although its name has the word
_BUILT = 0.9  # an abbreviation nobody has listed
_SUBJECT_STEPS = (0.9, 0.8, 0.7, 0.62)  # a subject's targets, best first
_ABBREVIATED = ("central", "region_department")
_LONGEST_INITIALS = 9
_LITTLE = frozenset("и по с в за для от на of and the for on in және мен жөніндегі істері".split())
_COUNTRY = frozenset("республика республики казахстан рк қазақстан республикасы республикасының қр republic".split())


class Builder:
    """Collects words body by body; regions first, since other names are read in their light."""

    def __init__(self, tree: Tree, lists: WordLists) -> None:
        self._tree, self._lists = tree, lists
        self._lexicon = Lexicon(lists)
        places = {entry.id: place for place, entry in enumerate(tree.entries)}
        self._places = places
        self._regions = [None if entry.region_id is None else places.get(entry.region_id) for entry in tree.entries]
        self._postings: list[dict[int, float]] = []
        self._tokens: list[Token] = []
        self._ids: dict[Token, int] = {}
        self._chunks: dict[str, tuple[int, ...]] = {}  # what stands between spaces → its words; names repeat much
        self._groups = {self._id(name) for name in sorted(self._lexicon.groups)}
        self._region_words: defaultdict[int, dict[int, float]] = defaultdict(dict)
        self._documents: list[dict[Document, float]] = [{} for _ in tree.entries]
        self._exact: dict[Document, tuple[int, ...]] = {}
        self._around: dict[int | None, set[int]] = {}  # region → the words of its names
        self._cities: set[int] = set()

    def build(self) -> SearchIndex:
        """The finished index."""
        entries = self._tree.entries
        for place in sorted(range(len(entries)), key=lambda place: entries[place].level != "region"):
            self._add_names(place, entries[place])
        self._add_subjects()
        departments: defaultdict[int, list[int]] = defaultdict(list)
        for place, entry in enumerate(entries):
            region = self._regions[place]
            if entry.level == "region_department" and region is not None:
                departments[region].append(place)
        forms = self._forms()
        spelled = sorted(form for form in forms if form[0] not in "=#~")
        return SearchIndex(
            lexicon=self._lexicon,
            entries=entries,
            regions=self._regions,
            parents=[None if entry.parent_id is None else self._places.get(entry.parent_id) for entry in entries],
            departments=departments,
            city_regions=frozenset(self._cities),
            tokens=self._tokens,
            postings=self._postings,
            region_words=self._region_words,
            documents=[tuple(known.items()) for known in self._documents],
            exact=self._exact,
            forms=forms,
            weights=self._weights(forms),
            group_names={word: self._tokens[word] for word in self._groups},
            vocabulary=Vocabulary({*spelled, *self._lexicon.expansions}),
            sorted_forms=spelled,
        )

    def _add_names(self, place: int, entry: BodyEntry) -> None:
        more = self._lists.places.get(entry.code, ())
        texts = list(dict.fromkeys((*entry.names.values(), *entry.shorts.values(), *entry.aliases, *more)))
        own: set[int] = set()
        alone: set[int] = set()  # words that name the body by themselves: "Абай" in "Абай ауданы, Абай облысы"
        for text in texts:
            for document in self._readings(text):
                own.update(document)
                naming = [word for word in document if word not in self._groups]
                if len(naming) == 1:
                    alone.add(naming[0])
                if not naming:  # "Су министрлігі" without its short word is any ministry, and names none
                    continue
                if document not in self._documents[place]:
                    self._documents[place][document] = 1.0
                    self._exact[document] = (*self._exact.get(document, ()), place)
        region = self._regions[place]
        around = self._around.get(region, set()) if region != place else set()
        for word in own:
            self._post(word, place, self._surety(entry, word, alone, around))
        if region == place:
            self._add_region(place, own, alone)
        if entry.level in _ABBREVIATED:
            for text in texts:
                self._add_initials(place, text, around)

    def _surety(self, entry: BodyEntry, word: int, alone: set[int], around: set[int]) -> float:
        if entry.level == "central" and entry.parent_id is not None and self._tokens[word] in ("#ministry", "#agency"):
            return _OF_PARENT
        if entry.level in INSIDE and word not in alone:
            return _AROUND if word in around else _REGION_AROUND if self._tokens[word] == "#region" else 1.0
        return 1.0

    def _add_region(self, place: int, own: set[int], alone: set[int]) -> None:
        self._around[place] = own - self._groups
        if self._ids["#city"] in own and self._ids["#region"] not in own:
            self._cities.add(place)
        for word in own - self._groups:
            self._region_words[word][place] = 1.0 if word in alone else _PART_OF_REGION

    def _readings(self, text: str) -> Iterator[Document]:
        spellings = [text]
        if "-" in text:
            spellings.append(_HYPHENATED.sub(lambda found: found[0].replace("-", ""), text))
        for spelling in spellings:
            document = tuple(sorted(self._words(spelling)))
            if document:
                yield document

    def _words(self, text: str) -> list[int]:
        found: list[int] = []
        for chunk in text.split():
            known = self._chunks.get(chunk)
            if known is None:
                known = self._chunks[chunk] = tuple(map(self._id, self._lexicon.tokens_in(chunk)))
            found += known
        return found or [self._id(token) for token in self._lexicon.tokens(text)]

    def _add_initials(self, place: int, text: str, around: set[int]) -> None:
        """Abbreviations people build themselves: first letters, with and without the little words and the region."""
        for spelling in dict.fromkeys((text, text.replace("-", ""))):
            long = [word for word in words(clean(spelling)) if word not in _COUNTRY]
            short = [word for word in long if word not in _LITTLE]
            here = [word for word in long if not self._lexicon.is_place_word(word) and not self._of(word, around)]
            bare = [word for word in here if word not in _LITTLE]
            for kept in (long, short, here, bare):
                if 2 <= len(kept) <= _LONGEST_INITIALS:
                    self._post(self._id(abbreviation("".join(word[0] for word in kept))), place, _BUILT)

    def _of(self, word: str, around: set[int]) -> bool:
        return any(self._ids.get(token) in around for token in self._lexicon.tokens(word))

    def _add_subjects(self) -> None:
        kinds: defaultdict[str | None, list[int]] = defaultdict(list)
        for place, entry in enumerate(self._tree.entries):
            kinds[department_kind(entry, self._tree)].append(place)
        for subject in self._lists.subjects:
            documents = [document for phrase in subject.phrases for document in self._readings(phrase)]
            ahead = 0  # departments before a central body: a question without a region is for the latter
            for rank, target in enumerate(subject.targets):
                regional = target.startswith(DEPARTMENT)
                ahead += regional
                worth = _SUBJECT_STEPS[min(rank if regional else rank - ahead, len(_SUBJECT_STEPS) - 1)]
                for place in self._targets(target, kinds):
                    for document in documents:
                        listed = not rank and all(self._tokens[word][0] == "=" for word in document)
                        self._documents[place].setdefault(document, 1.0 if listed else worth)
                        for word in document:
                            self._post(word, place, 1.0 if listed else worth)

    def _targets(self, target: str, kinds: dict[str | None, list[int]]) -> Iterable[int]:
        if target.startswith(DEPARTMENT):
            return kinds.get(target.removeprefix(DEPARTMENT), ())
        if "*" in target:
            return [place for place, entry in enumerate(self._tree.entries) if fnmatchcase(entry.code, target)]
        body = self._tree.by_code.get(target)
        return () if body is None else (self._places[body.id],)

    def _id(self, token: Token) -> int:
        known = self._ids.get(token)
        if known is None:
            known = self._ids[token] = len(self._postings)
            self._postings.append({})
            self._tokens.append(token)
        return known

    def _post(self, word: int, place: int, surety: float) -> None:
        bodies = self._postings[word]
        if bodies.get(place, 0.0) < surety:
            bodies[place] = surety

    def _forms(self) -> dict[str, tuple[int, ...]]:
        forms: defaultdict[str, list[int]] = defaultdict(list)
        for word, token in enumerate(self._tokens):
            for form in forms_of(token):
                forms[form].append(word)
        for form, group in self._lexicon.group_forms.items():
            forms[form].append(self._ids[group])
        return {form: tuple(known) for form, known in forms.items()}

    def _weights(self, forms: dict[str, tuple[int, ...]]) -> list[float]:
        """A word is as rare as all the words that share a form with it."""
        bodies = len(self._tree.entries)
        sizes = {form: sum(len(self._postings[word]) for word in known) for form, known in forms.items()}
        return [rarity(bodies, min(bodies, max(sizes[form] for form in forms_of(token)))) for token in self._tokens]
