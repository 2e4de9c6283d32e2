"""The accounts of the demo market: four to sign in with, one owner for each employer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission

from opportunities.accounts.models import User
from opportunities.demo.chance import dice, public_id
from opportunities.demo.content import DemoEmployer
from opportunities.demo.reading import employers, people, phrases
from opportunities.employers.models import Employer, MemberRole, Membership, VerifiedBy

PASSWORD: Final = "small steps, firm ground"  # noqa: S105 - public; demo mode only
SIGN_INS: Final = {
    "candidate@example.org": "Ana Mercer",
    "employer@example.org": "Imogen Hale",
    "moderator@example.org": "Samira Boateng",
    "admin@example.org": "Lena Fischer",
}
COLLEAGUE: Final = "second.moderator@example.org"
SHOWN_EMPLOYER: Final = "kestrel"
NEWCOMER: Final = DemoEmployer(
    "newcomer",
    "Rapid Concierge Group",
    "operations",
    "London",
    "GB",
    "A fast-growing concierge company for busy people everywhere.",
    "You would work with the founder directly.",
)
"""An employer that nobody has verified."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The people who act in the demo market, by email address or by employer."""

    named: dict[str, User]
    owners: dict[str, User]
    employers: dict[str, Employer]

    @property
    def moderators(self) -> tuple[User, User]:
        """Return the two moderators."""
        return self.named["moderator@example.org"], self.named[COLLEAGUE]


def create_accounts(*, at: datetime) -> Accounts:
    """Create the sign-ins, the employers and their owners."""
    password, locked = make_password(PASSWORD), make_password(None)
    signs_in = {email: (name, password) for email, name in SIGN_INS.items()}
    signs_in[COLLEAGUE] = ("Jonas Lindqvist", locked)
    listed = (*employers(), NEWCOMER)
    names = zip(listed, cycle(phrases()["mentors"]), cycle(people()["surnames"]), strict=False)
    for employer, first, last in names:
        if employer.key != SHOWN_EMPLOYER:
            signs_in[f"hello@{employer.key}.example"] = (f"{first} {last}", locked)
    joined = at - timedelta(days=400)
    users = add_users(
        [
            User(
                email=email,
                name=name,
                password=secret,
                date_joined=joined,
                is_staff=email == "admin@example.org",
                is_superuser=email == "admin@example.org",
            )
            for email, (name, secret) in signs_in.items()
        ]
    )
    moderate = Permission.objects.get(codename="moderate_opportunity")
    for email in ("moderator@example.org", COLLEAGUE):
        users[email].user_permissions.add(moderate)
    owners = {
        employer.key: users.get(f"hello@{employer.key}.example", users["employer@example.org"])
        for employer in listed
    }
    organizations = _create_employers(listed, at=at)
    Membership.objects.bulk_create(
        Membership(
            employer=organizations[key], user=owner, role=MemberRole.OWNER,
            joined_at=organizations[key].created_at,
        )
        for key, owner in owners.items()
    )  # fmt: skip
    return Accounts(users, owners, organizations)


def add_users(users: list[User]) -> dict[str, User]:
    """Store accounts with their confirmed addresses; return them by address."""
    stored = User.objects.bulk_create(users)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in stored
    )
    return {user.email: user for user in stored}


def _create_employers(listed: tuple[DemoEmployer, ...], *, at: datetime) -> dict[str, Employer]:
    rows = []
    for employer in listed:
        since = at - timedelta(days=dice("employer", employer.key).randint(140, 380))
        known = employer is not NEWCOMER
        rows.append(
            Employer(
                public_id=public_id("emp", employer.key, at=since),
                slug=employer.key,
                name=employer.name,
                about=employer.about,
                website=f"https://{employer.key}.example/",
                domain=f"{employer.key}.example",
                field=employer.field,
                place=employer.place,
                country=employer.country,
                verified_by=VerifiedBy.DOMAIN if known else "",
                verified_at=since + timedelta(days=1) if known else None,
                created_at=since if known else at - timedelta(days=2),
            )
        )
    stored = Employer.objects.bulk_create(rows)
    return {employer.slug: employer for employer in stored}
