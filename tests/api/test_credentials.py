"""Credentials: co-signed facts, verifiable by anybody, revocable."""

import base64
import gzip
import json
import time
from datetime import date

import jwt as pyjwt
import pytest
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import OKPKey
from jwcrypto import jwt as jwcrypto_jwt
from jwcrypto.jwk import JWK
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier
from rest_framework.test import APIClient

from opportunities.engagements import credentials
from tests.factories import CompletionFactory, MembershipFactory, SkillFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def completion():
    now = timezone.now()
    row = CompletionFactory(is_public=True, employer_signed_at=now, candidate_signed_at=now)
    row.skills.create(skill=SkillFactory(), level=2)
    return row


def published_key():
    document = APIClient().get("/.well-known/did.json").json()
    return OKPKey.import_key(document["verificationMethod"][0]["publicKeyJwk"]), document


def test_anybody_verifies_it_with_the_published_key(completion):
    answer = APIClient().get(f"/api/v1/credentials/{completion.public_id}").json()
    key, document = published_key()

    decoded = jwt.decode(answer["jwt"], key, algorithms=["EdDSA"])

    assert answer["credential"].items() <= decoded.claims.items()
    assert decoded.header["kid"].startswith(document["id"])
    assert "d" not in document["verificationMethod"][0]["publicKeyJwk"]
    assert document["id"] == "did:web:testserver"
    assert decoded.claims["type"] == ["VerifiableCredential", "OpenBadgeCredential"]


class TestOthersCheckIt:
    """Programs of others, with nothing but what the site publishes."""

    @pytest.fixture
    def token(self, completion):
        completion.started_on, completion.ended_on = date(2026, 11, 2), date(2026, 11, 13)
        completion.save()
        return APIClient().get(f"/api/v1/credentials/{completion.public_id}").json()["jwt"]

    def test_pyjwt(self, token):
        jwk = published_key()[1]["verificationMethod"][0]["publicKeyJwk"]

        claims = pyjwt.decode(token, pyjwt.PyJWK(jwk), algorithms=["EdDSA"])

        assert (claims["iss"], claims["jti"]) == ("did:web:testserver", claims["id"])
        assert claims["sub"] == claims["credentialSubject"]["id"]
        assert claims["nbf"] <= time.time()
        assert pyjwt.get_unverified_header(token)["typ"] == "JWT"

    def test_jwcrypto(self, token):
        jwk = published_key()[1]["verificationMethod"][0]["publicKeyJwk"]

        checked = jwcrypto_jwt.JWT(jwt=token, key=JWK(**jwk), algs=["EdDSA"], expected_type="JWS")

        assert json.loads(checked.claims)["issuer"]["id"] == "did:web:testserver"

    def test_openbadgeslib(self, token):
        document = json.dumps(published_key()[1]).encode()
        verifier = OB3Verifier.for_issuer_did("did:web:testserver", download=lambda _: document)

        credential = verifier.verify(token)

        assert credential.issuer.id == "did:web:testserver"
        changed = token[:-8] + ("AAAAAAAA" if not token.endswith("AAAAAAAA") else "BBBBBBBB")
        with pytest.raises(OB3VerificationError):
            verifier.verify(changed)

    def test_it_says_when_the_work_was_done(self, token):
        subject = pyjwt.decode(token, options={"verify_signature": False})["credentialSubject"]

        assert subject["activityStartDate"] == "2026-11-02T00:00:00Z"
        assert subject["activityEndDate"] == "2026-11-13T00:00:00Z"


def test_the_person_is_named_by_a_digest_alone(completion):
    text = json.dumps(credentials.claims_of(completion))

    assert completion.application.profile.user.email not in text
    assert completion.application.name not in text


def test_unsigned_or_hidden_work_has_none(completion):
    completion.is_public = False
    completion.save()
    api = APIClient()
    address = f"/api/v1/credentials/{completion.public_id}"

    assert api.get(address).status_code == 404
    assert api.get(f"/credentials/{completion.public_id}/").status_code == 404
    api.force_authenticate(completion.application.profile.user)
    assert api.get(address).status_code == 200


def test_revocation_stands_in_the_status_list(completion):
    token = credentials.issue(completion)
    assert not credentials.verify(token).is_revoked
    completion.revoked_at = timezone.now()
    completion.save()

    answer = APIClient().get("/api/v1/credentials/status")
    claims = jwt.decode(answer.content.decode(), published_key()[0], algorithms=["EdDSA"]).claims
    packed = claims["credentialSubject"]["encodedList"].removeprefix("u")
    bits = gzip.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))

    assert len(bits) * 8 >= 131_072
    assert bits[completion.pk // 8] & (0x80 >> completion.pk % 8)
    assert sum(byte.bit_count() for byte in bits) == 1
    assert credentials.verify(token).is_revoked


def test_the_employer_revokes_it_with_a_reason_and_the_candidate_does_not(completion):
    employer = completion.application.opportunity.employer
    address = f"/api/v1/completions/{completion.public_id}/revoke"
    token, given = credentials.issue(completion), {"reason": "It was not done."}

    def posted(person, body=given):
        api = APIClient()
        api.force_authenticate(person)
        return api.post(address, body, format="json")

    owner = MembershipFactory(employer=employer).user
    assert posted(completion.application.profile.user).status_code == 403
    assert posted(UserFactory(moderator=True)).status_code == 404
    assert posted(owner, {}).status_code == 422
    assert not credentials.verify(token).is_revoked

    answer = posted(owner).json()

    assert answer["revoked_at"] is not None
    assert answer["revoked_because"] == "It was not done."
    assert credentials.verify(token).is_revoked
    checked = APIClient().post("/api/v1/credentials/verify", {"jwt": token}, format="json").json()
    assert checked["revoked"]
    assert "It was not done." not in str(checked)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "x" * 20_000])
def test_what_is_not_ours_is_not_genuine(token):
    assert not credentials.verify(token).is_genuine


def test_a_changed_or_foreign_credential_is_not_genuine(completion):
    claims = credentials.claims_of(completion)
    foreign = jwt.encode(
        {"alg": "Ed25519"}, claims, OKPKey.generate_key("Ed25519"), algorithms=["Ed25519"]
    )
    head, body, signature = credentials.issue(completion).split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")

    for token in (foreign, f"{head}.{body[:-2]}AA.{signature}", f"{unsigned}.{body}."):
        assert not credentials.verify(token).is_genuine


def test_former_keys_still_verify(completion, settings):
    token = credentials.issue(completion)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "new-" + "y" * 50

    assert credentials.verify(token).is_genuine


def test_the_page_shows_it_and_checks_it(client, completion):
    address = f"/credentials/{completion.public_id}/"

    page = client.get(address)
    signed = client.get(address, headers={"Accept": "application/vc+jwt"})
    checked = client.post("/credentials/verify/", {"jwt": signed.content.decode()})

    assert completion.application.opportunity.title in page.content.decode()
    assert (
        client.get(address, headers={"Accept": "application/ld+json"})
        .json()["id"]
        .endswith(address)
    )
    assert "Genuine" in checked.content.decode()
    assert "Not ours" in client.post("/credentials/verify/", {"jwt": "x"}).content.decode()
