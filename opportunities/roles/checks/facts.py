"""Checks that read figures, dates and addresses."""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop, override

from opportunities.core.mail_domains import is_disposable, why_shared
from opportunities.core.retelling import money_kept
from opportunities.moderation.models import Verdict
from opportunities.places.areas import read_places
from opportunities.places.resolving import name_of
from opportunities.roles import formats
from opportunities.roles.checks.grammar import SAID, SIGNS
from opportunities.roles.checks.posting import Posting
from opportunities.roles.checks.results import Flag, Span
from opportunities.roles.drafts import own_hourly
from opportunities.roles.fields import FIELDS, MAX_APPLY_DAYS
from opportunities.roles.formats import FormatName, Kind

STOP, LOOK = Verdict.STOP, Verdict.LOOK
LOOKS_LIKE: Final[Mapping[str, str]] = {
    FormatName.INTERNSHIP: gettext_noop("It looks like an internship."),
    FormatName.MICRO_INTERNSHIP: gettext_noop("It looks like a micro-internship."),
    FormatName.SHORT_BURST_INTERNSHIP: gettext_noop("It looks like a short-burst internship."),
}
"""What is said of the formats that durations suggest."""


def pay_floor(posting: Posting) -> Iterator[Flag]:
    """Stop pay that comes to less an hour than the floor of the country (rule 3.1)."""
    role, standards = posting.role, posting.standards
    floor = standards.floor_of(posting.country)
    if role.pay_kind in (None, "unpaid") or floor is None:
        return
    least = standards.rates.convert(floor.hourly_minor, floor.currency)
    if least is None:
        return
    if role.hourly_minor is None:
        yield Flag(LOOK, gettext_noop("What it pays an hour cannot be compared with the floor."))
    elif role.hourly_minor < least:
        # Each in its own currency, as those who wrote them know them.
        offered = money_kept(own_hourly(role) or 0, role.pay_currency)
        told = {"offered": offered, "floor": money_kept(floor.hourly_minor, floor.currency)}
        detail = gettext_noop("It pays %(offered)s an hour; the floor is %(floor)s.")
        yield Flag(STOP, detail % told)


def pay_stated(posting: Posting) -> Iterator[Flag]:
    """Stop roles that do not say what they pay, and unpaid work that produces (rule 3.2)."""
    role = posting.role
    if role.pay_kind is None:
        yield Flag(STOP, gettext_noop("It does not say how it is paid."))
    elif role.pay_kind != "unpaid":
        if not role.pay_amount_minor:
            yield Flag(STOP, gettext_noop("It does not say what it pays."))
    elif "observing" in formats.FORMATS[role.format].rules:
        if role.hands_on is None:
            detail = gettext_noop("Without pay, it has to say what share of the hours is hands-on.")
            yield Flag(STOP, detail)
        elif role.hands_on > formats.MOST_OBSERVING:
            detail = gettext_noop("More than half of the hours produce something, without pay.")
            yield Flag(STOP, detail)
        if posting.parts.get("deliverables"):
            yield Flag(STOP, gettext_noop("It asks for deliverables without pay."))
    elif not (role.credit and posting.standards.site.unpaid_with_credit_allowed):
        detail = gettext_noop(
            "Unpaid is for observing only, or for credit where this site permits it."
        )
        yield Flag(STOP, detail)


def facts_agree(posting: Posting) -> Iterator[Flag]:
    """Stop durations that contradict each other; look where the text says another (rule 5.1)."""
    role = posting.role
    total, weeks, weekly = role.hours_total, role.weeks, role.hours_per_week
    if total and weeks and weekly and abs(total - weeks * weekly) > 0.1 * total + 1e-6:
        detail = gettext_noop(
            "%(weeks)s weeks of %(weekly)s hours are %(product)s, not %(stated)s."
        ) % {
            "weeks": f"{weeks:g}",
            "weekly": f"{weekly:g}",
            "product": f"{weeks * weekly:g}",
            "stated": f"{total:g}",
        }
        yield Flag(STOP, detail)
    for pattern, stated in ((SIGNS["weekly"], weekly), (SIGNS["running"], weeks)):
        for text in posting.named("summary", "description"):
            for match in pattern.finditer(text.text):
                if stated and abs(float(match[1]) - stated) > 0.25 * stated:
                    detail = gettext_noop("The text says %(text)s, the facts say %(facts)s.")
                    told = {"text": match[1], "facts": f"{stated:g}"}
                    yield Flag(LOOK, detail % told, (text.span(*match.span()),))


def place_stated(posting: Posting) -> Iterator[Flag]:
    """Stop work on site that names no place; look at places that are not known (rule 5.1)."""
    role = posting.role
    if role.mode in (None, "remote"):
        return
    if not role.place:
        yield Flag(STOP, gettext_noop("It does not say where the work is done."))
        return
    home = posting.employer.country if posting.employer else ""
    for named in read_places(role.place, countries=[role.country or home]):
        if named.found.candidates:
            names = "; ".join(name_of(city) for city in named.found.candidates[:3])
            detail = gettext_noop("“%(place)s” may be one of these: %(places)s.")
            yield Flag(LOOK, detail % {"place": named.words, "places": names})
        elif named.city and role.country and named.city.country != role.country:
            detail = gettext_noop("%(place)s does not lie in %(country)s.")
            told = {"place": name_of(named.city), "country": role.country}
            yield Flag(LOOK, detail % told)
        elif named.city is None:
            detail = gettext_noop("“%(place)s” is no place that we know.")
            yield Flag(LOOK, detail % {"place": named.words})


def format_rules(posting: Posting) -> Iterator[Flag]:
    """Compare the name of the format with the durations (rule 5.2); a moderator decides."""
    role = posting.role
    facts = formats.facts_of_format(vars(role))
    if unusual := formats.check_format(role.format, facts):
        severity, suggested = unusual
        detail = gettext_noop("%(hours)s hours in %(weeks)s weeks are unusual for this format.") % {
            "hours": f"{facts.hours:g}",
            "weeks": f"{facts.weeks:g}",
        }
        if suggested:
            detail += f" {LOOKS_LIKE[suggested]}"
        yield Flag(STOP if severity == "flag" else LOOK, detail)


def format_stated(posting: Posting) -> Iterator[Flag]:
    """Stop roles that do not state what their format asks (rule 5.2); no prior fills it in."""
    name = posting.role.format
    stated = formats.stated_by(vars(posting.role), posting.parts)
    rules = [formats.RULES[code] for code in formats.broken(name, stated)]
    if rules:
        with override(settings.LANGUAGE_CODE):
            asks = " ".join(
                gettext_noop("%(rule)s See the field “%(label)s”.")
                % {"rule": rule.sentence, "label": FIELDS[rule.field].label}
                for rule in rules
            )
            one = gettext_noop("%(label)s keeps this rule: %(rule)s")
            several = gettext_noop("%(label)s keeps these rules: %(rules)s")
            detail = one if len(rules) == 1 else several
            told = {"label": formats.FORMATS[name].with_article, "rule": asks, "rules": asks}
            yield Flag(STOP, detail % told)


def vacancy_is_current(posting: Posting) -> Iterator[Flag]:
    """Stop roles that nobody can apply to any more (rule 5.3)."""
    role = posting.role
    if role.apply_by is None:
        yield Flag(STOP, gettext_noop("It does not say until when people apply."))
    elif role.apply_by < posting.today:
        yield Flag(STOP, gettext_noop("Its last day to apply has passed."))
    elif (role.apply_by - posting.today).days > MAX_APPLY_DAYS:
        yield Flag(LOOK, gettext_noop("Its last day to apply is far away."))
    if role.start_latest is not None and role.start_latest < posting.today:
        yield Flag(STOP, gettext_noop("Its latest start has passed."))


def near_duplicate(posting: Posting) -> Iterator[Flag]:
    """Stop copies of other employers' and of removed postings; look at one's own (rule 5.3)."""
    for twin in posting.near():
        share = {"share": f"{twin.likeness:.0%}"}
        if twin.was_refused:
            detail = gettext_noop("It is %(share)s alike to a posting that was taken down.")
            yield Flag(STOP, detail % share, twin.spans)
        elif twin.is_own:
            detail = gettext_noop("It is %(share)s alike to another role of this employer.")
            yield Flag(LOOK, detail % share, twin.spans)
        else:
            detail = gettext_noop("It is %(share)s alike to a posting of another employer.")
            yield Flag(STOP, detail % share, twin.spans)


def employer_known(posting: Posting) -> Iterator[Flag]:
    """Stop throw-away addresses, look at employers nobody has verified (rule 1.1)."""
    employer = posting.employer
    claimed = employer.domain if employer else ""
    for domain in sorted({posting.poster_email.rpartition("@")[2].lower(), claimed} - {""}):
        if is_disposable(domain):
            detail = gettext_noop("%(host)s gives out throw-away addresses.")
            yield Flag(STOP, detail % {"host": domain})
    if claimed:
        with override(settings.LANGUAGE_CODE):
            shared = why_shared(claimed)
        if shared:
            yield Flag(LOOK, shared)
    if employer is None or not employer.is_verified:
        yield Flag(LOOK, gettext_noop("The employer is not verified yet."))


def foreign_links(posting: Posting) -> Iterator[Flag]:
    """Stop short links and foreign forms, look at links to foreign domains (rule 4.3)."""
    for text in posting.named():
        for match in SIGNS["link"].finditer(text.text):
            address = match[0] if "://" in match[0] else f"https://{match[0]}"
            host = host_of(address)
            span: tuple[Span, ...] = (text.span(*match.span()),)
            if any(is_part(host, known) for known in SAID.said["shorteners"]):
                detail = gettext_noop("%(host)s hides where it leads.")
                yield Flag(STOP, detail % {"host": host}, span)
            elif not is_on_domain(address, posting.domain):
                detail = gettext_noop("%(host)s is not the employer's verified domain.")
                yield Flag(LOOK, detail % {"host": host}, span)


def apply_link(posting: Posting) -> Iterator[Flag]:
    """Stop applications anywhere but here or on the employer's verified domain (rule 4.3)."""
    if posting.role.apply_url and not is_on_domain(posting.role.apply_url, posting.domain):
        span = Span("apply_url", 0, len(posting.role.apply_url))
        detail = (
            gettext_noop("It leads applicants to %(host)s, not to the verified domain %(domain)s.")
            if posting.domain
            else gettext_noop("It leads applicants to %(host)s, and no domain is verified.")
        )
        told = {"host": host_of(posting.role.apply_url), "domain": posting.domain}
        yield Flag(STOP, detail % told, (span,))


def answer_promised(posting: Posting) -> Iterator[Flag]:
    """Look at promises to answer that are later than usual (rule 6.1)."""
    days, site = posting.role.response_days, posting.standards.site
    is_micro = posting.role.kind == Kind.MICRO
    usual = site.response_days_micro if is_micro else site.response_days_internship
    if days is not None and days > usual:
        detail = gettext_noop("It answers within %(days)s working days; %(usual)s are usual.")
        yield Flag(LOOK, detail % {"days": days, "usual": usual})


def host_of(address: str) -> str:
    """Return the host of a web address in lower case, empty if there is none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_on_domain(address: str, domain: str) -> bool:
    """Say whether a web address leads to a domain or to a part of it."""
    return bool(domain) and is_part(host_of(address), domain)


def is_part(host: str, domain: str) -> bool:
    """Say whether a host is a domain or a part of it."""
    return host == domain or host.endswith("." + domain)
