"""What the engine reads of each subject, as bytes: one row per candidate and role in the market.

``fixed`` holds the columns of one row, the others its ragged columns (``packed_rows``), ``seq`` the
number of the commit that wrote the row. ``fixed`` is NULL where the subject has left the market.
Candidates are here only while they count (``CandidateProfileQuerySet.counted``).
"""

from django.db import models

from opportunities.core.tables import Numbered


class PackedCandidate(Numbered):
    """The features of one candidate."""

    subject_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(db_index=True)
    source_version = models.PositiveIntegerField(help_text="Of the profile it was read from.")
    is_shown = models.BooleanField(help_text="Employers may be shown this candidate.")
    threshold = models.IntegerField(
        null=True, help_text="What a role must exceed to enter the candidate's first ones."
    )
    fixed = models.BinaryField(null=True)
    skill_at = models.BinaryField(default=b"")
    target_at = models.BinaryField(default=b"")
    interest_at = models.BinaryField(default=b"")
    done_at = models.BinaryField(default=b"")
    only_at = models.BinaryField(default=b"")
    region_at = models.BinaryField(default=b"")
    area_at = models.BinaryField(default=b"", db_default=b"")
    right_at = models.BinaryField(default=b"")
    week_at = models.BinaryField(default=b"")


class PackedRole(Numbered):
    """The features of one role."""

    subject_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(db_index=True)
    source_version = models.PositiveIntegerField(help_text="Of the role it was read from.")
    fixed = models.BinaryField(null=True)
    place_at = models.BinaryField(default=b"", db_default=b"")
    skill_at = models.BinaryField(default=b"")
