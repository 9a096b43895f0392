"""Industries, specializations, roles and experience, from free text to the forms' options.

The table is documented in docs/inputs.md, row by row; a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from ingest.forms.choices import LEVELS

ANY_INDUSTRY = "Other (any industry)"
INDUSTRIES = (
    "Technology/Software", "Finance/Banking", "Healthcare", "Consulting", "Marketing/Advertising", "Engineering",
    "Education", "Retail", "Non-Profit", "Government", "Startups",
)  # fmt: skip
_TABLE = """
Technology/Software: technology, tech, software, swe, sde, software engineering, software engineer, software
  developer, software development, developer, programmer, programming, coding, it, information technology, saas,
  cloud, devops, sre, web development, web developer, frontend, front end, backend, back end, full stack, fullstack,
  mobile, ios, android, cybersecurity, cyber security, infosec, security engineer, data science, data scientist,
  data analyst, data analytics, data engineering, data engineer, machine learning, ml, ai, artificial intelligence,
  computer science, cs, big tech, faang, ux, ui, ux design, ux research, product manager, product management, qa,
  game development, gaming, edtech, fintech, healthtech, biotech software, comp sci
Finance/Banking: finance, banking, investment banking, ib, fintech, accounting, accountant, audit, private equity,
  venture capital, vc, hedge fund, trading, quant, quantitative finance, insurance, actuary, actuarial, wealth
  management, asset management, financial services, corporate finance, fp&a, risk management, tax
Healthcare: healthcare, health care, health, medicine, medical, nursing, nurse, pharma, pharmaceutical,
  pharmaceuticals, biotech, biotechnology, public health, hospital, clinical research, dental, healthtech, life
  sciences, mental health, physician
Consulting: consulting, consultant, management consulting, strategy consulting, strategy, mbb, big 4, big four,
  advisory
Marketing/Advertising: marketing, advertising, digital marketing, social media, seo, brand, branding, brand
  management, pr, public relations, content marketing, communications, growth marketing, market research,
  copywriting, media
Engineering: engineering, mechanical engineering, mechanical engineer, civil engineering, civil engineer, electrical
  engineering, electrical engineer, chemical engineering, aerospace, aerospace engineering, industrial engineering,
  biomedical engineering, manufacturing, hardware, robotics, automotive, construction, energy, mech eng, ee
Education: education, teaching, teacher, higher education, higher ed, k-12, edtech, academia, tutoring, university,
  instructional design
Retail: retail, e-commerce, ecommerce, merchandising, consumer goods, cpg, fashion, store management, buying
Non-Profit: non-profit, nonprofit, non profit, ngo, charity, social impact, philanthropy, not for profit
Government: government, public sector, federal, public policy, policy, state government, local government, military,
  defense, civil service, public administration, politics
Startups: startups, startup, start-up, start-ups, start up, entrepreneurship, early stage, founder
"""
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    option: tuple(word.strip() for word in words.split(","))
    for option, _, words in (line.partition(":") for line in _TABLE.replace("\n  ", " ").strip().split("\n"))
}
"""Option of the form -> words that students and professionals use for it."""
OPEN_WORDS = frozenset(
    {
        "", "any", "anything", "any industry", "open", "open to anything", "open to all", "all", "undecided",
        "not sure", "unsure", "n/a", "na", "none", "-", "?", "other", "no preference", "idk", "flexible", "various",
        "tbd", "other (any industry)",
    }
)  # fmt: skip
_MINOR = re.compile(r"(?i)\b(?:and|or|the|in|of|for|industry|industries|field|sector|roles?|jobs?|companies|company|"
                    r"intern|internships?|junior|senior|entry level|entry-level|jr|sr)\b|[.!?()\"']")  # fmt: skip
_NOT_FOR_PROFIT = re.compile(r"\bnot[ -]for[ -]profits?\b", re.IGNORECASE)
_EXCEPTION = re.compile(r"\b(?:but|except(?:ing|ion)?|excluding|other than)\b")
_NEGATION = re.compile(r"\b(?:not?|never|avoid|anything)\b|n['’]t\b|\b(?:dont|cant|wont)\b")
_YEARS = re.compile(r"(\d{1,2})\s*(?:\+|-\s*\d{1,2})?\s*\+?\s*(?:years?|yrs?|yoe)")
_LEVEL_WORDS = (
    ("career chang|switch|pivot|transition", LEVELS[3]),
    ("recent|new grad|just graduated|fresh graduate", LEVELS[4]),
    ("senior|lead|principal|staff|director|executive|5\\+", LEVELS[2]),
    ("mid|intermediate|experienced|2-5", LEVELS[1]),
    (
        "entry|junior|student|intern|beginner|fresh|undergrad|no experience|none|0-2|first job|sophomore|freshman",
        LEVELS[0],
    ),
)


@lru_cache(maxsize=8)
def synonym_table(extra: tuple[tuple[str, str], ...] = ()) -> dict[str, tuple[str, ...]]:
    """Lower-case phrase -> the options it means. `extra` adds the program's own (phrase, option) pairs."""
    table: dict[str, tuple[str, ...]] = {}
    pairs = [(word, option) for option, words in SYNONYMS.items() for word in words]
    pairs += [(option.casefold(), option) for option in INDUSTRIES]
    pairs += [(phrase.casefold().strip(), option) for phrase, option in extra]
    for phrase, option in pairs:
        if option not in table.get(phrase, ()):
            table[phrase] = (*table.get(phrase, ()), option)
    return table


def industries_of(text: str, table: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The options a free text means, in the form's order, and the pieces that mean none ("" asks for nothing).

    A piece is looked up whole, then by the longest known phrases inside it. A negated piece ("not tech") means no
    option, nor do the pieces after an exception ("anything but finance, law"): what is refused is no wish.
    """
    found: set[str] = set()
    unmapped = []
    excepted = False
    for piece in re.split(r"[,;\n|]|(?<!\w)/|/(?!\w)|\s&\s|\s\+\s|\s-\s", text):
        plain = re.sub(r"\s+", " ", piece.casefold()).strip(" .!")
        if plain in OPEN_WORDS:
            continue
        excepted = excepted or bool(_EXCEPTION.search(plain))
        options = () if excepted else table.get(plain) or _inside(_NOT_FOR_PROFIT.sub("nonprofit", piece), table)
        found.update(options)
        if not options:
            unmapped.append(piece.strip())
    return tuple(option for option in INDUSTRIES if option in found), tuple(unmapped)


def _inside(text: str, table: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if _NEGATION.search(text.casefold()):
        return ()
    written = re.sub(r"\s+", " ", _MINOR.sub(" ", text.replace("/", " / "))).split()
    # "it" is the industry only alone or in capitals: "still figuring it out" names none.
    words = [word.casefold() for word in written if word.casefold() != "it" or word == "IT" or len(written) == 1]
    found: list[str] = []
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + 4), start, -1):
            options = table.get(" ".join(words[start:end])) or table.get("".join(words[start:end]))
            if options:
                found += options
                start = end - 1
                break
        start += 1
    return tuple(found)


def level_of(text: str) -> str | None:
    """The form option that a student's own words about experience mean; None when they mean none."""
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", text.casefold()).strip()
    for option in LEVELS:
        if plain and plain in (option.casefold(), option.casefold().rstrip("s"), option.partition(" (")[0].casefold()):
            return option
    for pattern, option in _LEVEL_WORDS:
        if re.search(rf"\b(?:{pattern})", plain):
            return option
    years = _YEARS.search(plain)
    if years:
        count = int(years[1])
        return LEVELS[0] if count < 2 else LEVELS[1] if count < 5 else LEVELS[2]
    return None


def bits(options: Iterable[str], order: tuple[str, ...]) -> int:
    """Options as bits of an integer, by their place in `order`."""
    return sum(1 << order.index(option) for option in set(options))
