"""English plurals for names: regular rules and the words that break them. One input, one output, for ever."""

from __future__ import annotations

IRREGULAR: dict[str, str] = {
    "person": "people",
    "child": "children",
    "man": "men",
    "woman": "women",
    "foot": "feet",
    "tooth": "teeth",
    "goose": "geese",
    "mouse": "mice",
    "ox": "oxen",
    "leaf": "leaves",
    "half": "halves",
    "shelf": "shelves",
    "calf": "calves",
    "loaf": "loaves",
    "thief": "thieves",
    "wolf": "wolves",
    "self": "selves",
    "knife": "knives",
    "life": "lives",
    "wife": "wives",
    "datum": "data",
    "medium": "media",
    "curriculum": "curricula",
    "stratum": "strata",
    "criterion": "criteria",
    "phenomenon": "phenomena",
    "matrix": "matrices",
    "vertex": "vertices",
    "index": "indexes",
    "appendix": "appendices",
    "analysis": "analyses",
    "basis": "bases",
    "crisis": "crises",
    "diagnosis": "diagnoses",
    "hypothesis": "hypotheses",
    "thesis": "theses",
    "synopsis": "synopses",
    "quiz": "quizzes",
    "hero": "heroes",
    "potato": "potatoes",
    "tomato": "tomatoes",
    "echo": "echoes",
    "veto": "vetoes",
    "torpedo": "torpedoes",
    "alumnus": "alumni",
    "stimulus": "stimuli",
    "cactus": "cacti",
    "fungus": "fungi",
    "nucleus": "nuclei",
    "radius": "radii",
}

_UNCOUNTED = """
    advice aircraft analytics baggage bison children clothing credentials data deer details diagnostics
    economics equipment evidence feedback fish furniture hardware homework information jewelry knowledge
    livestock logistics luggage machinery mathematics media men metadata money moose music news people
    physics police preferences progress rain research rice salmon series settings sheep shrimp software
    species staff statistics stuff swine traffic trout weather women
"""
UNCOUNTED = frozenset(_UNCOUNTED.split())
"""Words without a plural, or that are one: code needs two names, so the plural counts items: `news_items`."""

_ENDINGS = tuple(singular for singular in IRREGULAR if len(singular) > 4)


def plural_of(word: str) -> tuple[str, ...]:
    """The words of the plural of a word in lower case; never the word itself."""
    if word in UNCOUNTED:
        return (word, "items")
    if word in IRREGULAR:
        return (IRREGULAR[word],)
    if word.endswith(_ENDINGS):
        singular = next(ending for ending in _ENDINGS if word.endswith(ending))
        return (word.removesuffix(singular) + IRREGULAR[singular],)
    if word.endswith(("man",)) and not word.endswith(("human", "german", "roman", "talisman")):
        return (word[:-3] + "men",)
    if word.endswith("y") and word[-2:-1] not in ("", "a", "e", "i", "o", "u"):
        return (word[:-1] + "ies",)
    if word.endswith("sis"):
        return (word[:-2] + "es",)
    if word.endswith("z") and not word.endswith("zz") and word[-2:-1] in ("a", "i", "o"):
        return (word + "zes",)
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return (word + "es",)
    return (word + "s",)
