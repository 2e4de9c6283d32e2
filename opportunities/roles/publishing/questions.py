"""Public questions about a role and the employer's answers; a moderator may hide them."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opportunities.accounts.models import User
from opportunities.accounts.permissions import require_active
from opportunities.core.errors import Fault, Invalid, LimitReached, NotAllowed, NotFound, WrongState
from opportunities.core.retelling import retold
from opportunities.core.rows import require_row, update_row
from opportunities.core.validation import read_text
from opportunities.employers.permissions import members_of
from opportunities.messaging.notify import notify
from opportunities.roles import checks
from opportunities.roles.locking import lock_role
from opportunities.roles.models import Opportunity, RolePost
from opportunities.roles.permissions import can_manage, can_view

MAX_OPEN_QUESTIONS: Final = 3
"""Questions of one person on one role that still wait for an answer."""


@transaction.atomic
def ask(*, opportunity_id: int, author: User, question: str, at: datetime) -> RolePost:
    """Ask the employer something in public about an open role; the name is not shown."""
    role = lock_role(opportunity_id)
    if not can_view(author, role):
        raise NotFound(_("There is no such role."))
    if can_manage(author, role):
        raise NotAllowed(_("Employers answer questions on their own roles."))
    require_active(author, at=at)
    if not role.is_open(at=at):
        raise WrongState(_("Questions are asked while a role is open."))
    waiting = role.posts.filter(author=author, answer="", hidden_at__isnull=True).count()
    if waiting >= MAX_OPEN_QUESTIONS:
        raise LimitReached(
            ngettext(
                "%(number)s of your questions still waits for an answer.",
                "%(number)s of your questions still wait for an answer.",
                waiting,
            )
            % {"number": waiting}
        )
    text = _readable("question", question, role)
    post = RolePost.objects.create(opportunity=role, author=author, question=text, asked_at=at)
    notify(
        recipients=members_of(role.employer_id),
        kind="role_question",
        key=f"role_question:{post.pk}",
        subject=lambda: _("A question on %(role)s") % {"role": role.title},
        body=lambda: "\n\n".join(
            (
                _("Somebody asks: %(question)s") % {"question": text},
                _("Your answer is shown with the question to everybody."),
            )
        ),
        at=at,
        url=f"/employer/roles/{role.public_id}/#questions",
    )
    return post


@transaction.atomic
def answer(*, post_id: int, actor: User, text: str, at: datetime) -> RolePost:
    """Answer a question on one's own role in public, or correct the answer."""
    post = _lock_post(post_id)
    role = post.opportunity
    if not can_manage(actor, role):
        if can_view(actor, role) and post.hidden_at is None:
            raise NotAllowed(_("Only the employer may do this."))
        raise NotFound(_("There is no such question."))
    require_active(actor, at=at)
    if post.hidden_at is not None:
        raise WrongState(_("A moderator has hidden this question."))
    answer = _readable("answer", text, role)
    update_row(post, answer=answer, answered_by=actor, answered_at=at)
    if post.author is not None:
        notify(
            recipients=[post.author],
            kind="role_answer",
            key=f"role_answer:{post.pk}",
            subject=lambda: _("Your question on %(role)s is answered") % {"role": role.title},
            body=lambda: "\n\n".join(
                (
                    _("You asked: %(question)s") % {"question": post.question},
                    _("%(employer)s answers: %(answer)s")
                    % {"employer": role.employer.name, "answer": post.answer},
                )
            ),
            at=at,
            url=f"{role.path}#questions",
        )
    return post


@transaction.atomic
def hide_own_question(*, post_id: int, author: User, at: datetime) -> RolePost:
    """Take back one's own question, as long as nobody has answered it."""
    post = _lock_post(post_id)
    if post.author_id != author.pk:
        if can_view(author, post.opportunity) and post.hidden_at is None:
            raise NotAllowed(_("This is somebody else's question."))
        raise NotFound(_("There is no such question."))
    if post.answer:
        raise WrongState(_("The question is answered already."))
    if post.hidden_at is None:
        update_row(post, hidden_at=at)
    return post


def _lock_post(post_id: int) -> RolePost:
    rows = RolePost.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("opportunity__employer", "author")
    return require_row(rows.filter(pk=post_id), _("There is no such question."))


def _readable(name: str, text: str, role: Opportunity) -> str:
    """Return a text fit to be shown to everybody, or raise ``Invalid``."""
    column: Any = RolePost._meta.get_field(name)
    text = read_text(name, text, most=column.max_length, missing=_("Write something."))
    if stops := checks.wording_stops(text, employer=role.employer):
        raise Invalid(*(Fault(name, f"rule-{stop.rule}", retold(stop.detail)) for stop in stops))
    return text
