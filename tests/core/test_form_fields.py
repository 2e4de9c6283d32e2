"""Fields of forms as pages draw them."""

import re

from django import forms
from django.template.loader import render_to_string


class Wishes(forms.Form):
    name = forms.CharField(help_text="As friends call you.")
    several = forms.MultipleChoiceField(
        choices=[("remote", "Remote"), ("on_site", "On site")],
        widget=forms.CheckboxSelectMultiple,
        help_text="All that are possible.",
    )


def test_what_fields_and_faults_refer_to_stands_on_the_page():
    text = render_to_string("forms/_fields.html", {"form": Wishes({})})

    stands = set(re.findall(r' id="([^"]*)"', text))
    described = set(" ".join(re.findall(r' aria-describedby="([^"]*)"', text)).split())
    linked = set(re.findall(r' href="#([^"]*)"', text))
    assert {"id_several_helptext", "id_several_error"} <= described
    assert linked == {"id_name", "id_several"}
    assert described | linked <= stands
