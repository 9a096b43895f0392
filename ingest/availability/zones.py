"""Zone names people write: abbreviations, regions and cities, each to an IANA zone."""

from __future__ import annotations

AMBIGUOUS = frozenset(("cst", "ist", "bst", "ast", "amt", "sst"))
# Read as the wall clock of the region even out of season; worth a flag when the season is wrong.
SEASONAL = {"edt": True, "cdt": True, "mdt": True, "pdt": True, "cest": True, "bst": True, "aedt": False}
_CAPITALS_ONLY = "et ct mt pt z art eat cat met wet sst ist wat bst ast uk mst hst"
_WEAK = """
eastern central mountain pacific est cst et ct mt pt z art eat cat met wet sst local hst ist gst pht wat sast uk us
india israel china japan turkey jordan chad georgia paris
"""
# Words of their own that only mean a zone right after a time or before "time".
WEAK = frozenset(_WEAK.split())
CAPITALS_ONLY = frozenset(_CAPITALS_ONLY.split())

_ZONES = {
    "America/New_York": "et, est, edt, eastern, eastern standard, eastern daylight, us eastern, us/eastern, "
    "east coast, new york, nyc, new york city, boston, philadelphia, philly, washington dc, "
    "washington d.c, dc, atlanta, miami, florida, pittsburgh, baltimore, charlotte, "
    "orlando, new jersey, cleveland, columbus",
    "America/Toronto": "toronto, ottawa, montreal",
    "America/Detroit": "detroit",
    "America/Indiana/Indianapolis": "indianapolis",
    "America/Chicago": "ct, cst, cdt, central, central standard, central daylight, us central, chicago, "
    "dallas, houston, austin, texas, minneapolis, nashville, new orleans, st louis, "
    "kansas city, milwaukee, memphis, san antonio, illinois, minnesota, wisconsin",
    "America/Winnipeg": "winnipeg",
    "America/Denver": "mt, mst, mdt, mountain, mountain standard, mountain daylight, us mountain, denver, "
    "colorado, salt lake city, utah, boulder, albuquerque, boise",
    "America/Edmonton": "calgary, edmonton",
    "America/Phoenix": "phoenix, arizona, tucson, az",
    "America/Los_Angeles": "pt, pst, pdt, pacific, pacific standard, pacific daylight, us pacific, west coast, "
    "california, la time, los angeles, san francisco, sf, bay area, seattle, portland, "
    "san diego, las vegas, vegas, san jose, sacramento, oakland, pacific coast",
    "America/Vancouver": "vancouver",
    "America/Anchorage": "akst, akdt, alaska, anchorage",
    "Pacific/Honolulu": "hst, hawaii, honolulu, hawaiian, hawaii standard, hawaii aleutian",
    "America/Halifax": "ast, adt, atlantic, atlantic standard, halifax",
    "America/St_Johns": "nst, newfoundland",
    "America/Puerto_Rico": "puerto rico, san juan",
    "UTC": "utc, gmt, z, zulu, greenwich mean, coordinated universal, greenwich, universal, utc+0, utc+00:00",
    "Europe/London": "bst, uk, london, england, british, britain, british summer, edinburgh, manchester, "
    "scotland, united kingdom, u.k",
    "Europe/Dublin": "dublin, ireland",
    "Europe/Lisbon": "wet, west lisbon, portugal",
    "Europe/Berlin": "cet, cest, berlin, germany, munich, frankfurt, hamburg, german, central european, cologne",
    "Europe/Paris": "paris, france, french",
    "Europe/Madrid": "madrid, spain, barcelona",
    "Europe/Rome": "rome, italy, milan",
    "Europe/Amsterdam": "amsterdam, netherlands",
    "Europe/Brussels": "brussels, belgium",
    "Europe/Zurich": "zurich, switzerland, geneva",
    "Europe/Vienna": "vienna, austria",
    "Europe/Stockholm": "stockholm, sweden",
    "Europe/Oslo": "oslo, norway",
    "Europe/Copenhagen": "copenhagen, denmark",
    "Europe/Warsaw": "warsaw, poland, krakow",
    "Europe/Prague": "prague",
    "Europe/Budapest": "budapest",
    "Europe/Athens": "athens, greece, eet, eest, eastern european",
    "Europe/Helsinki": "helsinki, finland",
    "Europe/Kyiv": "kyiv, kiev, ukraine",
    "Europe/Bucharest": "bucharest",
    "Europe/Istanbul": "istanbul, turkey",
    "Europe/Moscow": "msk, moscow",
    "Asia/Dubai": "gst, dubai, uae, abu dhabi",
    "Asia/Jerusalem": "israel, tel aviv, jerusalem",
    "Asia/Karachi": "pkt, karachi, pakistan, lahore",
    "Asia/Kolkata": "ist, india, indian, indian standard, india standard, mumbai, delhi, new delhi, "
    "bangalore, bengaluru, chennai, hyderabad, kolkata, pune",
    "Asia/Kathmandu": "kathmandu, nepal",
    "Asia/Dhaka": "dhaka, bangladesh",
    "Asia/Bangkok": "bangkok, thailand, ict",
    "Asia/Ho_Chi_Minh": "vietnam, hanoi, ho chi minh city, saigon",
    "Asia/Jakarta": "wib, jakarta",
    "Asia/Singapore": "sgt, singapore",
    "Asia/Kuala_Lumpur": "myt, kuala lumpur, malaysia",
    "Asia/Hong_Kong": "hkt, hong kong, hongkong",
    "Asia/Shanghai": "china, beijing, shanghai, shenzhen, china standard",
    "Asia/Taipei": "taipei, taiwan",
    "Asia/Manila": "pht, manila, philippines, philippine",
    "Asia/Tokyo": "jst, japan, tokyo, japan standard, osaka",
    "Asia/Seoul": "kst, seoul, korea, south korea",
    "Australia/Sydney": "aest, aedt, aet, sydney, melbourne, canberra, australian eastern",
    "Australia/Brisbane": "brisbane",
    "Australia/Adelaide": "acst, acdt, adelaide",
    "Australia/Perth": "awst, perth",
    "Pacific/Auckland": "nzst, nzdt, nzt, auckland, new zealand, wellington",
    "America/Sao_Paulo": "brt, sao paulo, brasilia, rio de janeiro, são paulo, brazil",
    "America/Argentina/Buenos_Aires": "art, buenos aires, argentina",
    "America/Bogota": "cot, bogota, colombia",
    "America/Lima": "pet, lima, peru",
    "America/Santiago": "clt, santiago, chile",
    "America/Caracas": "caracas",
    "America/Mexico_City": "mexico city, mexico",
    "Africa/Lagos": "wat, lagos, nigeria, west africa",
    "Africa/Accra": "accra, ghana",
    "Africa/Nairobi": "eat, nairobi, kenya",
    "Africa/Johannesburg": "sast, johannesburg, cape town, south africa",
    "Africa/Cairo": "cairo, egypt",
}


def zone_phrases() -> dict[str, str]:
    """Lower-case phrase -> IANA zone."""
    return {name.strip(): zone for zone, names in _ZONES.items() for name in names.split(",")}
