"""Accounts: an email address and how to sign in. What a person may do is a relation elsewhere."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from opportunities.core import clock, languages
from opportunities.core.ranges import array_of, in_range, once
from opportunities.core.tables import Numbered, optional_text

if TYPE_CHECKING:
    from opportunities.accounts.sessions import SessionStore


class UserManager(BaseUserManager["User"]):
    """Creates accounts by email address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account; without a password only codes and passkeys open it."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find an account whatever the case of the address."""
        return self.get(email__iexact=username)


class User(AbstractUser):
    """An account. A person may be a candidate, a member of employers and a moderator at once."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField("email address", unique=True, help_text="Kept in lower case.")
    name = models.CharField(max_length=120, blank=True)
    suspended_until = models.DateTimeField(null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    news = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="How many new matches wait; every page says so without another question.",
    )

    time_zone = optional_text(
        clock.LONGEST_NAME,
        "As they chose it, a name of the tz database; empty is that of their browser.",
    )
    browser_zone = optional_text(
        clock.LONGEST_NAME, "What the browser said last, for mails.", editable=False
    )
    language = optional_text(
        languages.LONGEST_CODE,
        "As they chose it, a code such as de; empty is that of their browser.",
    )
    browser_language = optional_text(
        languages.LONGEST_CODE, "What the browser asked for last, for mails.", editable=False
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_email_is_lower_case", condition=models.Q(email=Lower("email"))
            )
        ]

    def __str__(self) -> str:
        return f"account #{self.pk}"

    def get_full_name(self) -> str:
        """Return the name, or nothing."""
        return self.name

    def get_short_name(self) -> str:
        """Return the first word of the name, or nothing."""
        return self.name.split(" ")[0]


class Scope(models.TextChoices):
    """What a token may do, as its owner reads it."""

    OPPORTUNITIES_READ = "opportunities:read", _("Read your organizations and their roles")
    OPPORTUNITIES_WRITE = "opportunities:write", _("Change your organizations and post roles")
    APPLICATIONS_READ = "applications:read", _("Read applications, messages and completed work")
    APPLICATIONS_WRITE = "applications:write", _("Apply, answer applications and send messages")
    PROFILE_READ = "profile:read", _("Read your profile, saved roles, plans and notices")
    PROFILE_WRITE = "profile:write", _("Change your profile, saved roles, plans and notices")
    MATCHES_READ = "matches:read", _("Read your matches and how they are explained")
    WEBHOOKS_MANAGE = "webhooks:manage", _("Set up webhooks and read their events")
    MODERATION_WRITE = "moderation:write", _("Decide at the moderators' desk")


SCOPES = tuple(Scope.values)


class StoredAnswer(Numbered):
    """The answer to a POST with an ``Idempotency-Key``, kept for a day."""

    asker = models.CharField(max_length=80, help_text="A token, an account or an address' digest.")
    key = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "stored answer of the API"
        verbose_name_plural = "stored answers of the API"
        constraints = [
            once("stored_answer_once", "asker", "key"),
            in_range("stored_answer", "status", 200, 499),
        ]


class TokenGrant(models.Model):
    """What a token of the API may do; one without a grant may do nothing."""

    token = models.OneToOneField("knox.AuthToken", on_delete=models.CASCADE, related_name="grant")
    name = models.CharField(max_length=80)
    scopes = ArrayField(models.CharField(max_length=24), size=len(SCOPES))
    made_at = models.DateTimeField(editable=False)
    used_at = models.DateTimeField(
        null=True, editable=False, help_text="Of its last use, an hour too early at most."
    )
    with_second_factor = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Made in a session that had used a second factor.",
    )

    class Meta:
        verbose_name = "grant of a token"
        verbose_name_plural = "grants of tokens"
        constraints = [array_of("token_grant", "scopes", SCOPES)]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"


class Draft(Numbered):
    """What somebody has typed into a box of a form and not sent."""

    writer = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    page = models.CharField(max_length=200, help_text="Where the box stands.")
    form = models.CharField(max_length=200, help_text="Where it is sent.")
    name = models.CharField(max_length=80)
    box = models.CharField(max_length=80)
    title = models.CharField(max_length=120, blank=True, help_text="Of the page, for its writer.")
    text = models.TextField(max_length=20_000)
    changed_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = [once("draft_once_a_box", "writer", "page", "name", "box")]
        indexes = [models.Index(fields=["changed_at"], name="draft_changed_at")]


class StoredSession(AbstractBaseSession):
    """A browser's session; ``whose`` names its account, or the digest of an address."""

    whose = models.CharField(max_length=80, blank=True, db_index=True)

    def __str__(self) -> str:
        return "session"

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        """Return the store that reads these rows."""
        from opportunities.accounts.sessions import SessionStore  # noqa: PLC0415

        return SessionStore
