"""Boards known by the shape of their rows: Greenhouse, Lever, Ashby, Workable and others.

Each reader puts one row of a board under our own names. It says what the board states and leaves
words where only words are stated; what is hidden or closed there is told by its flags.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop

from opportunities.importing.columns import at_path
from opportunities.importing.parsing.choices import NAMED
from opportunities.importing.postings import amount_in_words, is_undisclosed

type Row = Mapping[str, Any]
type Shape = Callable[[Row], dict[str, Any]]


def board_of(values: Row) -> tuple[str, Shape | None]:
    """Return what people call the board whose rows have this shape, and what reads them.

    A row under names of its own is of no board.
    """
    found = ((name, read) for name, is_one, read in _BOARDS if is_one(values))
    return next(found, ("", None))


# --- What several boards share ---


def _map(value: Any) -> Row:
    return value if isinstance(value, Mapping) else {}


def _maps(value: Any) -> list[Row]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _label(value: Any) -> str:
    """Return the name of something that a board writes as a text or as an object."""
    return _text(value) or _text(_map(value).get("label")) or _text(_map(value).get("name"))


def _at(row: Row, *paths: str) -> str:
    """Return what the first of these paths has a text or a name at."""
    return next(filter(None, (_label(at_path(row, path)) for path in paths)), "")


def _address(row: Row, *paths: str) -> str:
    return ", ".join(_unique(_at(row, path) for path in paths))


def _board(address: Any) -> str:
    """Return whose board an address leads to: its first step, as every board names it."""
    try:
        parts = urlsplit(_text(address)).path.split("/")
    except ValueError:
        return ""
    return next((part for part in parts if part), "")[:120]


def _html(*parts: tuple[str, Any]) -> str:
    """Return headed texts as one; the headings are those of the board."""
    return "\n\n".join(
        f"<p>{head}</p>\n{text}" if head else text for head, each in parts if (text := _text(each))
    )


def _mode(row: Row, name: str, flag: str) -> str:
    """Return the way of working that a word states, or a flag that the work is remote."""
    return NAMED["modes"].get(_at(row, name).casefold(), "remote" if row.get(flag) is True else "")


def _pay(figures: Row, interval: Any) -> str:
    if not figures or is_undisclosed(figures):
        return ""
    word = _text(interval).casefold()
    return amount_in_words({**figures, "unit": NAMED["periods"].get(word, word)})


def _stated(**facts: Any) -> dict[str, Any]:
    return {name: said for name, said in facts.items() if said not in (None, "", [], {})}


def _unique(places: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(place for place in places if place))


# --- The boards ---


def _greenhouse(row: Row) -> dict[str, Any]:
    place = _at(row, "location")
    offices = [
        _text(office.get("location")) or _label(office) for office in _maps(row.get("offices"))
    ]
    ranges = [
        f"{_text(each.get('title'))}: {each.get('currency_type', '')} "
        f"{(each.get('min_cents') or 0) / 100:g} - {(each.get('max_cents') or 0) / 100:g}"
        for each in _maps(row.get("pay_input_ranges"))
        if each.get("max_cents")
    ]
    return _stated(
        title=row.get("title"),
        external_id=row.get("id"),
        url=row.get("absolute_url"),
        org=_text(row.get("company_name")),
        board=_board(row.get("absolute_url")),
        description=row.get("content"),
        location=[place] if place else _unique(offices),
        apply_by=_text(row.get("application_deadline")),
        field=_at(row, "departments[0]"),
        language=_text(row.get("language")),
        pay="; ".join(ranges),
    )


def _lever(row: Row) -> dict[str, Any]:
    lists = [(_text(each.get("text")), each.get("content")) for each in _maps(row.get("lists"))]
    places = at_path(row, "categories.allLocations")
    figures = _map(row.get("salaryRange"))
    pay = _pay(figures, figures.get("interval"))
    said = _text(row.get("salaryDescriptionPlain"))
    return _stated(
        title=row.get("text"),
        external_id=row.get("id"),
        url=row.get("hostedUrl"),
        board=_board(row.get("hostedUrl")),
        description=_html(
            ("", row.get("description") or row.get("descriptionPlain")),
            *lists,
            ("", row.get("additional") or row.get("additionalPlain")),
        ),
        location=places if isinstance(places, list) and places else _at(row, "categories.location"),
        country=_text(row.get("country")),
        mode=_mode(row, "workplaceType", ""),
        kind=_at(row, "categories.commitment"),
        field=_at(row, "categories.department", "categories.team"),
        pay=pay or said,
        unparsed=_stated(pay=said) if pay else {},
    )


def _ashby(row: Row) -> dict[str, Any]:
    def named(place: Row) -> str:
        return _text(place.get("location")) or _address(
            _map(at_path(place, "address.postalAddress")),
            "addressLocality", "addressRegion", "addressCountry",
        )  # fmt: skip

    told = _map(row.get("compensation"))
    salaries = [
        _pay({"currency": each.get("currencyCode"), "min": each.get("minValue"),
              "max": each.get("maxValue")}, each.get("interval"))
        for each in _maps(told.get("summaryComponents"))
        if each.get("compensationType") == "Salary"
    ]  # fmt: skip
    return _stated(
        title=row.get("title"),
        external_id=row.get("id"),
        url=row.get("jobUrl"),
        board=_board(row.get("jobUrl")),
        description=row.get("descriptionHtml") or row.get("descriptionPlain"),
        location=_unique(map(named, [row, *_maps(row.get("secondaryLocations"))])),
        country=_at(row, "address.postalAddress.addressCountry"),
        mode=_mode(row, "workplaceType", "isRemote"),
        kind=_text(row.get("employmentType")),
        field=_text(row.get("department")),
        apply_by=_text(row.get("applicationDeadline")),
        pay=salaries[0]
        if len(salaries) == 1 and salaries[0]
        else _text(told.get("compensationTierSummary")),
        visible=row.get("isListed"),
    )


def _workable(row: Row) -> dict[str, Any]:
    places = [
        _address(place, "city", "region", "country")
        for place in _maps(row.get("locations"))
        if place.get("hidden") is not True
    ]
    state = _text(row.get("state"))
    return _stated(
        title=row.get("title"),
        external_id=row.get("shortcode"),
        url=row.get("url") or row.get("shortlink"),
        org=_text(row.get("company")),
        description=_html(
            ("", row.get("description")),
            ("Requirements", row.get("requirements")),
            ("Benefits", row.get("benefits")),
        ),
        location=_unique(places) or _address(row, "city", "state", "country"),
        mode=_mode(row, "workplace_type", "telecommuting"),
        kind=_at(row, "employment_type", "type"),
        field=_at(row, "function", "department"),
        status=state if state in {"published", "closed", "archived", "draft"} else "",
    )


def _smartrecruiters(row: Row) -> dict[str, Any]:
    told = ("jobDescription", "qualifications", "additionalInformation")
    sections = [_map(at_path(row, f"jobAd.sections.{name}")) for name in told]
    kinds = {_at(row, f"{name}.id").casefold() for name in ("experienceLevel", "typeOfEmployment")}
    country = _at(row, "location.country")
    remote = "remote" if at_path(row, "location.remote") is True else ""
    return _stated(
        title=row.get("name"),
        external_id=row.get("id") or row.get("uuid"),
        url=row.get("postingUrl") or row.get("ref"),
        org=_at(row, "company"),
        board=_at(row, "company.identifier"),
        description=_html(*((_text(each.get("title")), each.get("text")) for each in sections)),
        location=_address(row, "location.city", "location.region"),
        country=country.upper() if len(country) == 2 else country,
        mode="hybrid" if at_path(row, "location.hybrid") is True else remote,
        kind="internship" if kinds & {"internship", "intern"} else _at(row, "typeOfEmployment"),
        field=_at(row, "function", "department"),
        language=_at(row, "language.code")[:2],
        active=row.get("active"),
        visible={"public": True, "internal": False, "private": False}.get(
            _at(row, "visibility").casefold()
        ),
    )


def _personio(row: Row) -> dict[str, Any]:
    """Read a position of Personio's XML, whose names are in lower case here."""
    texts = [(_text(each.get("name")), each.get("value"))
             for each in _maps(row.get("jobdescriptions"))]  # fmt: skip
    others = row.get("additionaloffices")
    offices = others if isinstance(others, list) else [_map(others).get("office")]
    return _stated(
        title=_text(row.get("name")),
        external_id=row.get("id"),
        board=_text(row.get("subcompany")),
        description=_html(*texts),
        location=_unique(map(_text, [row.get("office"), *offices])),
        kind=_text(row.get("employmenttype")),
        field=_text(row.get("department")),
        unparsed=_stated(
            recruiting_category=_text(row.get("recruitingcategory")),
            schedule=_text(row.get("schedule")),
        ),
    )


def _listing(row: Row) -> dict[str, Any]:
    terms = row.get("terms")
    when = map(_text, terms) if isinstance(terms, list) else [_text(row.get("season"))]
    return _stated(
        title=row.get("title"),
        external_id=row.get("id"),
        url=row.get("url"),
        org=_text(row.get("company_name")),
        location=row.get("locations"),
        start=", ".join(filter(None, when)),
        field=_text(row.get("category")),
        active=row.get("active"),
        visible=row.get("is_visible"),
        unparsed=_stated(sponsorship=_text(row.get("sponsorship"))),
    )


def _own(row: Row) -> dict[str, Any]:
    """Read a role as our own API answers it; what is worked out there is worked out again."""
    skills = [
        {name: each[name] for name in ("name", "level", "importance", "must") if name in each}
        for each in _maps(row.get("skills"))
    ]
    derived = {"url", "kind", "employer", "skills", "pay_hour", "published_at", "updated_at",
               "closed_at", "version"}  # fmt: skip
    plain = {name: value for name, value in row.items() if name not in derived}
    return plain | _stated(
        employer=_at(row, "employer.slug"), org=_at(row, "employer.name"), skills=skills
    )


_BOARDS: Final[tuple[tuple[str, Callable[[Row], bool], Shape], ...]] = (
    (
        "Greenhouse",
        lambda row: "absolute_url" in row
        and (isinstance(row.get("location"), Mapping) or "internal_job_id" in row),
        _greenhouse,
    ),
    ("Lever", lambda row: isinstance(row.get("categories"), Mapping) and "text" in row, _lever),
    ("Ashby", lambda row: "isListed" in row and "employmentType" in row, _ashby),
    ("Workable", lambda row: "shortcode" in row and "title" in row, _workable),
    (
        "SmartRecruiters",
        lambda row: isinstance(row.get("company"), Mapping) and "name" in row,
        _smartrecruiters,
    ),
    ("Personio", lambda row: "jobdescriptions" in row and "name" in row, _personio),
    (
        gettext_noop("a list of internships"),
        lambda row: "company_name" in row and isinstance(row.get("locations"), list)
        and not {"active", "is_visible", "terms", "season"}.isdisjoint(row),
        _listing,
    ),
    (
        gettext_noop("our own export"),
        lambda row: isinstance(row.get("employer"), Mapping) and "published_at" in row,
        _own,
    ),
)  # fmt: skip
"""What people call each board, how its rows are recognized, and what reads them."""
