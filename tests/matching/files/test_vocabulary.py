"""The site relates skills exactly as files do."""

import numpy as np
import pytest

from matching.engine import code_of
from matching.files.vocabulary import vocabulary_of
from matching.store import read_vocabulary
from opportunities.skills.loading import OWN_SKILLS, load_own_skills
from opportunities.skills.vocabulary import files


@pytest.mark.django_db
class TestTheSitesVocabulary:
    def test_relates_what_the_file_relates(self):
        load_own_skills()

        site = read_vocabulary()
        filed = vocabulary_of(files.read_vocabulary(OWN_SKILLS))

        for column in ("held", "near_at", "near", "nearness"):
            np.testing.assert_array_equal(getattr(site, column), getattr(filed, column))
        assert len(site.held) > 500

    def test_knows_every_slug_by_its_own_code(self):
        load_own_skills()

        assert read_vocabulary().code("javascript") == code_of("javascript")
