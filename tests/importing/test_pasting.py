"""From a pasted advert to a draft: pages, files, API."""

import gzip
import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from opportunities.core.lifecycle import RoleStatus
from opportunities.importing import pasting, uploads
from opportunities.importing.adverts.read import MAX_ADVERT
from opportunities.roles import drafts
from opportunities.roles.models import Opportunity
from opportunities.skills.models import Skill
from tests.factories import SkillAliasFactory, SkillFactory, employer_with_owner
from tests.importing.advert_files import HOSTILE, TEXT, docx, paragraph, pdf_of
from tests.importing.adverts import NAMES, TODAY, samples

SENTENCE = "two weeks, 20 hours, tidy our CRM, 300 pounds"
ADVERT = """Survey analyst

Duration: 3 weeks
Hours: 12 hours per week
Pay: £12.60 per hour
Skills: Python
Deadline: 03/04/2027

Clean the answers of 400 residents.
"""


class TestFiles:
    def test_a_docx_gives_its_paragraphs_lists_and_tables(self):
        row = "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in ("Duration", "3 weeks"))
        body = paragraph("Analyst") + f"<w:tbl><w:tr>{row}</w:tr></w:tbl>"
        body += paragraph("a report", listed=True)

        assert uploads.extract(docx(body)) == ("ok", "Analyst\nDuration\t3 weeks\n- a report")

    def test_a_pdf_gives_the_words_of_its_pages(self):
        verdict, words = uploads.extract(pdf_of())

        assert verdict == "ok"
        assert words.split("\n") == list(TEXT)

    @pytest.mark.parametrize("name", HOSTILE)
    def test_what_is_no_advert_is_refused_with_its_reason(self, name):
        data, code = HOSTILE[name]

        assert uploads.extract(data) == (code, "")
        assert code in uploads.REFUSALS

    def test_too_large_is_refused_unread(self):
        assert uploads.extract(bytes(uploads.MAX_SIZE + 1)) == ("too_large", "")


def skill(name="Python", slug="python"):
    found = Skill.objects.filter(slug=slug).first() or SkillFactory(name=name, slug=slug)
    SkillAliasFactory(skill=found, text=name, normalized=name.casefold())
    return found


@pytest.mark.django_db
class TestThePage:
    def paste(self, client, text=SENTENCE, **sent):
        return client.post(reverse("opportunities:paste-role"), {"text": text, **sent})

    def test_the_form_of_a_role_leads_to_it(self, client):
        page = client.get(reverse("opportunities:new-role"))

        assert reverse("opportunities:paste-role") in page.content.decode()
        assert client.get(reverse("opportunities:paste-role")).status_code == 200

    def test_shows_each_fact_with_its_words_and_the_reason_of_the_format(self, client):
        page = self.paste(client).content.decode()

        for words in ("two weeks", "20 hours", "300 pounds", "Tidy our CRM"):
            assert words in page
        assert "Fixed fee, £300" in page
        assert '<option value="micro_internship" selected>' in page
        assert "up to 80 hours within four weeks" in page

    def test_a_german_reads_the_pay_as_germans_write_it(self, client):
        sent = {"text": "Praktikum\n\nWir zahlen 14,50 Euro pro Stunde."}
        page = client.post(
            reverse("opportunities:paste-role"), sent, headers={"accept-language": "de"}
        )

        assert "Stundenlohn, 14,50 €" in page.content.decode()

    def test_the_language_of_the_work_is_that_of_the_advert(self, client):
        text = "Praktikum\n\nWir suchen dich für drei Monate. Du schreibst einen Bericht für uns."
        self.paste(client, text, act="keep", title="Praktikum", format="internship")
        german = client.session["role_draft"]["language"]
        self.paste(client, act="keep", title="Tidy our CRM", format="micro_internship")

        assert (german, client.session["role_draft"]["language"]) == ("de", "en")

    def test_shows_what_was_not_understood(self, client):
        page = self.paste(client, ADVERT).content.decode()

        assert "<u>03/04/2027</u>" in page
        assert "This may be read in more than one way." in page

    def test_asks_what_an_unknown_skill_means_and_takes_nothing_by_itself(self, client):
        skill()
        employer, owner = employer_with_owner()
        client.force_login(owner)
        text = "Analyst\n\nSkills: Pyton, juggling\nDuration: 3 weeks"
        sent = {"act": "keep", "title": "Analyst", "format": "micro_internship", "keep": ["weeks"]}

        page = self.paste(client, text).content.decode()
        self.paste(client, text, **sent)
        self.paste(client, text, **sent, skill=["python", "smuggled"])

        assert "Did you mean:" in page
        assert '<input type="checkbox" name="skill" value="python">' in page
        without, taken = employer.opportunities.order_by("id")
        assert (without.skills.count(), without.unparsed) == (0, {"skills": "Pyton; juggling"})
        assert [one.skill.slug for one in taken.skills.all()] == ["python"]
        assert taken.unparsed == {"skills": "juggling"}

    def test_a_guest_keeps_it_in_the_browser_and_goes_on(self, client):
        sent = {"act": "keep", "keep": ["weeks", "hours_total", "pay"], "title": "Tidy our CRM",
                "format": "micro_internship"}  # fmt: skip
        answer = self.paste(client, **sent)

        assert answer.url == reverse("opportunities:new-role")
        kept = client.session["role_draft"]
        assert (kept["weeks"], kept["pay_kind"], kept["mode"]) == ("2", "fixed_fee", None)
        assert client.get(answer.url).status_code == 200
        assert Opportunity.objects.count() == 0

    def test_the_hours_that_a_guest_keeps_outlive_the_form_that_shows_them(self, client):
        self.paste(client, act="keep", keep=["weeks", "hours_total"], title="Tidy our CRM",
                   format="micro_internship")  # fmt: skip
        shown = {"title": "Tidy our CRM", "hours_total": "20", "weeks": "2", "hours_per_week": ""}

        client.post(reverse("opportunities:new-role"), {"act": "save", **shown})

        kept = client.session["role_draft"]
        assert [float(kept[name] or 0) for name in ("hours_total", "weeks")] == [20, 2]

    def test_a_fact_that_is_taken_out_is_not_kept_but_its_words_are(self, client):
        self.paste(client, ADVERT, act="keep", title="A", format="internship", keep=["weeks"])

        kept = client.session["role_draft"]
        assert "pay_kind" not in kept
        assert "£12.60 per hour" in kept["description"]

    def test_without_a_format_the_first_step_asks_for_it(self, client):
        answer = self.paste(client, "Help our shop sort its shelves.", act="keep", title="Helper")

        assert answer.url == reverse("opportunities:new-role")
        assert "Helper" in client.get(answer.url).content.decode()

    def test_a_member_gets_a_draft_with_the_unread_words(self, client):
        skill()
        employer, owner = employer_with_owner()
        client.force_login(owner)
        keys = ["weeks", "hours_per_week", "pay", "skills", "apply_by"]
        answer = self.paste(
            client, ADVERT, act="keep", title="Survey analyst", format="micro_internship", keep=keys
        )

        role = Opportunity.objects.get(employer=employer)
        assert answer.url == reverse("opportunities:edit-role", args=[role.public_id])
        assert (role.status, role.title, role.weeks) == (RoleStatus.DRAFT, "Survey analyst", 3)
        assert (role.hours_total, role.pay_amount_minor, role.mode) == (36, 1260, None)
        assert [one.skill.slug for one in role.skills.all()] == ["python"]
        assert role.unparsed == {"apply_by": "03/04/2027"}
        assert role.description == "Deadline: 03/04/2027\n\nClean the answers of 400 residents."
        assert client.get(answer.url).status_code == 200

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "Paste the text of the advert"),
            ("https://example.org/job/17", "We do not follow links"),
            ("word " * 4_001, "At most 20,000 characters"),
            ("bad \x07 sign", "cannot be shown"),
        ],
    )
    def test_a_refusal_names_the_rule_and_loses_nothing(self, client, text, said):
        answer = self.paste(client, text)
        page = answer.content.decode()

        assert answer.status_code == 422
        assert said in page
        assert text.replace("\x07", "").strip()[:20] in page.replace("\x07", "")
        assert page.count("word ") >= 4_000 or "word" not in text

    def test_a_refusal_in_german_groups_as_germans_do(self, client):
        client.cookies["language"] = "de"

        assert "20.000 Zeichen" in self.paste(client, "word " * 4_001).content.decode()

    def test_the_source_of_a_page_is_read_as_its_words(self, client):
        page = self.paste(client, "<div><h1>Analyst</h1><p>Duration: 3 weeks</p></div>")

        assert "3 weeks" in page.content.decode()
        assert "&lt;div" not in page.content.decode()

    @pytest.mark.parametrize(
        ("name", "data"), [("a.docx", docx()), ("a.pdf", pdf_of())], ids=["docx", "pdf"]
    )
    def test_a_file_is_read_and_stands_in_the_box(self, client, name, data):
        answer = self.paste(client, "", file=SimpleUploadedFile(name, data))
        page = answer.content.decode()

        assert answer.status_code == 200
        assert 'value="Survey analyst"' in page
        assert "Hourly, £12.60" in page
        assert "Apply by 1 March 2027</textarea>" in page

    def test_a_refused_file_keeps_what_was_pasted(self, client):
        answer = self.paste(client, SENTENCE, file=SimpleUploadedFile("a.docx", b"MZ"))

        assert answer.status_code == 422
        assert str(uploads.REFUSALS["not_read"]) in answer.content.decode()
        assert SENTENCE in answer.content.decode()

    def test_files_are_limited_by_address(self, client):
        for _ in range(uploads.FILES.most):
            self.paste(client, "", file=SimpleUploadedFile("a.pdf", b""))
        answer = self.paste(client, SENTENCE, file=SimpleUploadedFile("a.pdf", b""))

        assert answer.status_code == 429
        assert SENTENCE in answer.content.decode()
        assert int(answer["Retry-After"]) > 0

    def test_a_long_advert_keeps_to_the_weight_of_a_page(self, client):
        words = [
            word
            for name in ("seen", "held_out", "fresh")
            for sample in samples(name)
            for word in sample.text.split()
        ]
        prose = " ".join(random.Random(1).sample(words, len(words)))
        text = f"{samples('seen')[2].text}\n\n{prose}"[:MAX_ADVERT]

        assert len(text) == MAX_ADVERT
        assert len(gzip.compress(self.paste(client, text).content)) <= 14 * 1024

    def test_a_text_longer_than_a_description_is_cut_and_said_so(self, client):
        text = "Analyst intern\n\n" + "\n".join(f"Line {n} of the work." for n in range(700))
        page = self.paste(client, text).content.decode()
        answer = self.paste(client, text, act="keep", title="Analyst", format="internship")

        assert "A description takes 8,000 characters" in page
        assert answer.status_code == 302
        assert 7_000 < len(client.session["role_draft"]["description"]) <= 8_000


@pytest.mark.django_db
class TestTheApi:
    URL = "/api/v1/adverts/read"

    def test_answers_fields_with_words_and_positions(self, client):
        answer = client.post(self.URL, {"text": SENTENCE}, content_type="application/json")
        told = answer.json()

        assert answer.status_code == 200
        found = {one["field"]: one for one in told["fields"]}
        assert found["pay_amount"]["value"] == "300"
        [said] = found["weeks"]["said"]
        assert told["text"][said["start"] : said["end"]] == said["words"] == "two weeks"
        assert told["proposed"]["format"] == "micro_internship"
        assert told["unread"] == []

    def test_what_is_unread_is_told_with_its_reason(self, client):
        answer = client.post(self.URL, {"text": ADVERT}, content_type="application/json").json()

        [unread] = [one for one in answer["unread"] if one["field"] == "apply_by"]
        assert (unread["code"], unread["words"]) == ("unclear", "03/04/2027")

    def test_similar_names_of_an_unknown_skill_are_suggested(self, client):
        skill()
        sent = {"text": "Analyst\n\nSkills: Pyton, juggling"}
        told = client.post(self.URL, sent, content_type="application/json").json()

        assert [(one["words"], one["suggested"]) for one in told["unread"]] == [
            ("Pyton", ["python"]), ("juggling", []),
        ]  # fmt: skip
        assert "skills" not in {one["field"] for one in told["fields"]}

    def test_an_amount_without_a_sign_is_in_the_currency_that_is_named(self, client):
        sent = {"text": "Intern\n\nStipend: 500 per month", "currency": "EUR"}
        told = client.post(self.URL, sent, content_type="application/json").json()

        assert {"field": "pay_currency", "value": "EUR"}.items() <= told["fields"][-1].items()

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({}, "text"),
            ({"text": ""}, "text"),
            ({"text": "a" * (MAX_ADVERT + 1)}, "text"),
            ({"text": "https://example.org/"}, "text"),
            ({"text": "a", "currency": "XQQ"}, "currency"),
            ({"text": "a", "country": "xx"}, "country"),
            ({"text": "a", "colour": "red"}, "colour"),
        ],
    )
    def test_a_fault_names_its_field(self, client, sent, field):
        answer = client.post(self.URL, sent, content_type="application/json")

        assert answer.status_code == 422
        assert [one["pointer"] for one in answer.json()["errors"]] == [f"#/{field}"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_every_advert_of_the_corpus_makes_a_draft_that_reads(name):
    for sample in samples(name):
        advert = pasting.read(sample.text, today=TODAY)
        values = pasting.draft_of(advert, title="A", chosen_format="micro_internship")

        assert [line.value for line in pasting.lines_of(advert)]
        assert drafts.read(values).faults == [], sample.text


@pytest.mark.django_db
def test_countries_are_named():
    advert = pasting.read(
        "Data intern\n\nLocation: Leeds, UK\nYou need the right to work in Ireland.", today=TODAY
    )
    said = {line.key: line.value for line in pasting.lines_of(advert)}

    assert said["place"] == "Leeds, UK"
    assert said["work_rights"] == "Ireland"
