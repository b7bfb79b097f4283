"""Names: what may be recorded anew, and how spellings are folded so that search finds them."""

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = r"['`\u00b4\u2018\u2019\u02bc]"


def words(full_name: str) -> list[str]:
    """Return the folded words of a name, each once, in order; for search, never for a decision."""
    parts = re.findall(r"[^\W\d_]+", _plain(full_name))
    return list(dict.fromkeys(_fold(each) for each in parts))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.upper())
    bare = "".join(each for each in decomposed if not unicodedata.combining(each))
    return re.sub(_APOSTROPHES, "", bare)


@lru_cache(maxsize=100_000)
def _fold(word: str) -> str:
    return word
