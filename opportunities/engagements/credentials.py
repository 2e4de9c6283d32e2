"""Open Badges 3.0 for completed work: a VC-JWT that says only what both sides have signed.

A credential follows from the completion, so nothing of it is stored: the same facts under the same
key give the same signature. Whether it still stands is one bit of the status list.
"""

import base64
import gzip
import hashlib
import hmac
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from opportunities.engagements.models import Completion, CompletionQuerySet

ALGORITHM: Final = "EdDSA"
"""The name that every verifier knows, though RFC 9864 has a newer one; the key is of Ed25519."""

warnings.filterwarnings("ignore", "EdDSA is deprecated via RFC 9864")

ACCEPTED: Final = (ALGORITHM, "Ed25519")
"""Credentials that people hold were signed under the second name as well."""

KEY_TYPE: Final = "JsonWebKey2020"
KEY_CONTEXT: Final = "https://w3id.org/security/suites/jws-2020/v1"
"""What verifiers take for a public key; did-jwt knows the newer ``JsonWebKey`` not yet."""

TYPE: Final = "JWT"
"""What Open Badges 3.0, section 8.2, asks for in the header."""
LIST_BITS: Final = 131_072
"""Bits of a status list: the least that the standard allows; the list grows with the ids."""

ESCO: Final = "http://data.europa.eu/esco/skill/"
CONTEXT: Final = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)


@dataclass(frozen=True, slots=True)
class CredentialCheck:
    """What is to be said of a credential that somebody shows."""

    is_genuine: bool
    is_revoked: bool = False
    claims: dict[str, Any] | None = None


def completions() -> CompletionQuerySet:
    """Return completed work with all that its credential says."""
    return Completion.objects.select_related(
        "application__opportunity__employer", "application__profile__user"
    ).prefetch_related("skills__skill")


def did() -> str:
    """Return the site's decentralized identifier."""
    return "did:web:" + quote(urlsplit(settings.SITE_URL).netloc, safe="")


def did_document() -> dict[str, Any]:
    """Return the document that holds the site's public keys, former ones included."""
    methods = [
        {
            "id": f"{did()}#{_key_id(key)}",
            "type": KEY_TYPE,
            "controller": did(),
            "publicKeyJwk": key.as_dict(private=False),
        }
        for key in _keys()
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", KEY_CONTEXT],
        "id": did(),
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def claims_of(completion: Completion) -> dict[str, Any]:
    """Return the credential of signed work: co-signed facts and nothing else."""
    role = completion.application.opportunity
    page = address_of(completion)
    signed_at = max(
        moment
        for moment in (completion.employer_signed_at, completion.candidate_signed_at)
        if moment is not None
    )
    skills = [part.skill for part in completion.skills.all()]
    return {
        "@context": list(CONTEXT),
        "id": page,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": role.title,
        "issuer": {"id": did(), "type": ["Profile"], "name": settings.SITE_NAME},
        "validFrom": signed_at.isoformat().replace("+00:00", "Z"),
        "credentialSubject": {
            "id": f"{page}#subject",
            "type": ["AchievementSubject"],
            "identifier": [_identity(completion)],
            **_days(completion),
            "achievement": {
                "id": f"{page}#achievement",
                "type": ["Achievement"],
                "name": role.title,
                "description": completion.summary,
                "criteria": {
                    "narrative": f"{completion.hours:g} hours of work for {role.employer.name},"
                    " signed by the employer and by the person who did it."
                },
                "tag": [skill.name for skill in skills],
                "alignment": [
                    {
                        "type": ["Alignment"],
                        "targetName": skill.name,
                        "targetUrl": f"{ESCO}{skill.esco_id}",
                        "targetFramework": "ESCO",
                    }
                    for skill in skills
                    if skill.esco_id
                ],
            },
        },
        "evidence": [
            {"type": ["Evidence"], "name": each["title"]}
            | ({"id": each["url"]} if each.get("url") else {})
            for each in completion.deliverables
        ],
        "credentialStatus": {
            "id": f"{_list_address()}#{completion.pk}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(completion.pk),
            "statusListCredential": _list_address(),
        },
    }


def issue(completion: Completion) -> str:
    """Return the credential of signed work as a VC-JWT."""
    return _sign(claims_of(completion))


def status_list(*, at: datetime) -> str:
    """Return the signed list of revocations, one bit for each completion."""
    revoked = list(Completion.objects.filter(revoked_at__isnull=False).values_list("pk", flat=True))
    bits = bytearray(max(LIST_BITS, max(revoked, default=0) + 8) // 8 + 1)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")
    claims = {
        "@context": [CONTEXT[0]],
        "id": _list_address(),
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did(),
        "validFrom": at.isoformat().replace("+00:00", "Z"),
        "credentialSubject": {
            "id": f"{_list_address()}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": f"u{packed}",
        },
    }
    return _sign(claims)


def verify(token: str) -> CredentialCheck:
    """Say whether a credential is ours and still stands."""
    for key in _keys():
        try:
            claims = jwt.decode(token, key, algorithms=list(ACCEPTED)).claims
        except (JoseError, ValueError, TypeError):
            continue
        index = str(claims.get("credentialStatus", {}).get("statusListIndex", ""))
        if not index.isdigit() or claims.get("issuer", {}).get("id") != did():
            break
        row = Completion.objects.filter(pk=min(int(index), 2**62)).first()
        return CredentialCheck(
            is_genuine=True,
            is_revoked=row is None or row.revoked_at is not None,
            claims=dict(claims),
        )
    return CredentialCheck(is_genuine=False)


def address_of(completion: Completion) -> str:
    """Return the address of a credential's page."""
    return f"{settings.SITE_URL}/credentials/{completion.public_id}/"


def _identity(completion: Completion) -> dict[str, str | bool]:
    """Name the person by a salted digest of the email address, as Open Badges has it."""
    user = completion.application.profile.user
    salt = completion.public_id
    email = user.email.casefold() if user else ""
    digest = hashlib.sha256((email + salt).encode()).hexdigest()
    return {
        "type": "IdentityObject",
        "identityType": "emailAddress",
        "hashed": True,
        "salt": salt,
        "identityHash": f"sha256${digest}",
    }


def _list_address() -> str:
    return f"{settings.SITE_URL}/api/v1/credentials/status"


def _days(completion: Completion) -> dict[str, str]:
    """Return the first and the last day of the work, as moments, where they were written down."""
    days = {"activityStartDate": completion.started_on, "activityEndDate": completion.ended_on}
    return {name: f"{day.isoformat()}T00:00:00Z" for name, day in days.items() if day}


def _sign(claims: dict[str, Any]) -> str:
    """Sign a credential; what a JWT says under names of its own is said there too."""
    issuer = claims["issuer"]
    registered = {
        "iss": issuer["id"] if isinstance(issuer, dict) else issuer,
        "jti": claims["id"],
        "sub": claims["credentialSubject"]["id"],
        "nbf": int(datetime.fromisoformat(claims["validFrom"]).timestamp()),
    }
    key = _keys()[0]
    header = {"alg": ALGORITHM, "typ": TYPE, "kid": f"{did()}#{_key_id(key)}"}
    return jwt.encode(header, claims | registered, key, algorithms=[ALGORITHM])


def _keys() -> list[OKPKey]:
    """Return the signing key and those before it, each derived from a secret key of the site."""
    return [_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _key(secret: str) -> OKPKey:
    seed = hmac.digest(secret.encode(), b"opportunities.credentialing.ed25519", "sha256")
    return OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(seed))


def _key_id(key: OKPKey) -> str:
    return key.thumbprint()[:16]
