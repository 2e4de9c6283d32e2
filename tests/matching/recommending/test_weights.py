"""How much each aspect counts: sliders beside the list, which keep only what was moved."""

import pytest
from django.utils import timezone

from matching.engine import ASPECTS, Candidate, weights
from matching.recommending import weighing
from matching.recommending.aspect_words import ASPECT_WORDS
from matching.store import live, read_profiles
from opportunities.candidates import aspects
from opportunities.candidates.models import CandidateProfile
from tests.factories import CandidateProfileFactory, OpportunityFactory

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _market():
    live.forget()
    OpportunityFactory.create_batch(3, open=True)
    yield
    live.forget()


@pytest.fixture
def profile(client):
    made = CandidateProfileFactory(goal=0.5, hours_per_week=40, interests={"data": 1})
    client.force_login(made.user)
    return made


def drawn(client):
    context = client.get("/matches/").context
    sent = {slider.name: str(slider.value) for slider in context["sliders"]}
    return sent | {"was": context["sliders_sent"]}


def test_a_slider_stands_where_the_aim_has_it_until_it_is_moved():
    quick, deep = Candidate(id=1, goal=0.0), Candidate(id=2, goal=1.0, importance={"depth": 0})

    places = [{s.name: s.value for s in weighing.sliders(person)} for person in (quick, deep)]

    assert [place["depth"] for place in places] == [1, 0]
    assert [place["speed"] for place in places] == [3, 1]
    assert all("skills" not in place and "field" not in place for place in places)


def test_every_aspect_has_its_words_and_a_label_in_the_order_of_its_columns():
    assert tuple(ASPECT_WORDS) == tuple(aspects.labels()) == ASPECTS
    assert all(map(str, aspects.labels().values()))


def test_an_aspect_that_only_another_version_knows_counts_for_nothing(profile):
    CandidateProfile.objects.filter(pk=profile.pk).update(
        importance={"luck": 4, "pay": 1}, top3=["luck", "pay"]
    )

    person = read_profiles([profile.pk], at=timezone.now())[profile.pk].candidate

    assert person.top3 == ("pay",)
    assert tuple(weights(person)) == ASPECTS


def test_only_what_was_moved_is_kept(client, profile):
    client.post("/matches/weights/", drawn(client) | {"pay": "4"})

    profile.refresh_from_db()
    assert profile.importance == {"pay": 4}


def test_moving_one_back_and_forth_is_followed_each_time(client, profile):
    form = drawn(client)
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else "a" * 32
    for value in ("4", "2", "4"):
        page = client.post(
            "/matches/weights/",
            form | {"pay": value, "csrfmiddlewaretoken": token},
            headers=HX,
        )
        form["was"] = page.context["sliders_sent"]
        profile.refresh_from_db()
        assert profile.importance == {"pay": int(value)}


def test_with_script_the_list_alone_comes_back_and_the_form_learns_where_it_stands(client, profile):
    page = client.post("/matches/weights/?kind=micro", drawn(client) | {"pay": "4"}, headers=HX)

    assert page.status_code == 200
    assert 'id="match-list"' in page.text
    assert "<h1" not in page.text
    assert 'id="weights-was"' in page.text
    assert "pay:4" in page.text


def test_without_script_one_comes_back_to_the_list_that_one_saw(client, profile):
    answer = client.post("/matches/weights/?kind=micro&sort=fit", drawn(client) | {"pay": "4"})

    assert answer.url == "/matches/?kind=micro&sort=fit#weights"


def test_the_aim_decides_again_after_a_reset(client, profile):
    client.post("/matches/weights/", drawn(client) | {"pay": "4"})

    client.post("/matches/weights/", {"reset": "1"})

    profile.refresh_from_db()
    assert profile.importance == {}


@pytest.mark.parametrize(("goal", "is_named"), [(0.5, False), (0.1, True)])
def test_an_aim_is_spoken_of_to_those_who_named_one(client, profile, goal, is_named):
    CandidateProfile.objects.filter(pk=profile.pk).update(goal=goal)

    text = client.get("/matches/").text

    assert ("Your aim sets these" in text, "Reset to my aim" in text) == (is_named, is_named)
    assert ("Reset to the usual weights" in text) != is_named


def test_a_guest_who_moves_one_gets_a_profile_with_the_answers(client):
    client.post("/start/time/", {"answer": "10"})

    client.post("/matches/weights/", drawn(client) | {"pay": "0"})

    kept = CandidateProfile.objects.get()
    assert (kept.user, kept.importance, kept.hours_per_week) == (None, {"pay": 0}, 10)


def test_a_guest_is_told_how_to_keep_the_list_after_moving_one_too(client):
    client.post("/start/time/", {"answer": "10"})
    client.post("/matches/weights/", drawn(client) | {"pay": "0"})

    assert "Keep these matches" in client.get("/matches/").text


def test_an_account_keeps_the_list_by_itself(client, profile):
    assert "Keep these matches" not in client.get("/matches/").text


def test_a_value_that_no_slider_has_is_refused(client, profile):
    page = client.post("/matches/weights/", drawn(client) | {"pay": "9"}, headers=HX)

    assert page.status_code == 422
    assert "choose 0 to 4" in page.text
    profile.refresh_from_db()
    assert profile.importance == {}


def test_who_has_told_nothing_is_asked_first(client):
    assert client.post("/matches/weights/", {"pay": "4"}).url.startswith("/start/")
