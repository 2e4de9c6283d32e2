"""What people who are signed in have typed and not sent: kept while they type, on any device.

A draft belongs to one box of one form of a page. It goes when its form is taken, when it is
discarded, and after some days; of too many the oldest goes. It is nobody's but its writer's.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy

from opportunities.accounts.models import Draft, User
from opportunities.core.errors import Fault, Invalid
from opportunities.core.given_back import PRIVATE, SECRET
from opportunities.core.limiting import Limit
from opportunities.core.text import clean_line, clean_text, normal

MOST: Final = 50
LONGEST: Final = 20_000
QUIET_SECONDS: Final = 10
"""For how long after a form was taken a draft of the same box is not kept: it left before."""
_OFTEN: Final = Limit(
    "drafts", 60, 60, gettext_lazy("You type faster than drafts are kept. Go on typing.")
)


def keep(
    *, writer: User, page: str, form: str, name: str, box: str, text: str, title: str, at: datetime
) -> None:
    """Keep what stands in a box; nothing in it forgets the draft.

    ``page`` and ``form`` are paths of this site: where the box stands, and where it is sent.
    Raises ``Invalid`` for what names no box or is too long, ``LimitReached`` for too many.
    """
    _OFTEN.use(str(writer.pk), at=at)
    _check(page=page, form=form, name=name, box=box, text=text)
    which: dict[str, Any] = {"writer": writer, "page": page, "name": name, "box": box}
    if not text.strip():
        Draft.objects.filter(**which).delete()
        return
    if cache.get(_quiet(writer, name, box)):
        return
    with transaction.atomic():
        # The row of the account orders two devices of one person, so that the limit holds.
        User.objects.select_for_update(no_key=True).get(pk=writer.pk)
        Draft.objects.update_or_create(
            **which,
            defaults={
                "form": form,
                "title": clean_line(title)[:120],
                "text": clean_text(text),
                "changed_at": at,
            },
        )
        kept = Draft.objects.filter(writer=writer).order_by("-changed_at", "-pk")
        too_many = list(kept.values_list("pk", flat=True)[MOST:])
        Draft.objects.filter(pk__in=too_many).delete()


def forget_sent(*, writer: User, page: str, form: str, names: Iterable[str], box: str) -> None:
    """Forget the drafts of a form that was taken; ``box`` names one of several alike, or none."""
    names = list(names)
    sent = Draft.objects.filter(Q(form=form) | Q(page=page), writer=writer, name__in=names)
    if box:
        sent = sent.filter(box=box)
    for draft in sent.only("name", "box"):
        cache.set(_quiet(writer, draft.name, draft.box), 1, QUIET_SECONDS)
    sent.delete()


def discard(*, writer: User, draft_id: int) -> None:
    """Remove a draft; removing it again changes nothing."""
    Draft.objects.filter(writer=writer, pk=draft_id).delete()


def _quiet(writer: User, name: str, box: str) -> str:
    return f"draft-sent:{writer.pk}:{name}:{box}"


def _check(*, page: str, form: str, name: str, box: str, text: str) -> None:
    faults = [
        Fault(field, "malformed", f"{field} is a path of this site with at most 200 characters.")
        for field, path in (("page", page), ("form", form))
        if not path.startswith("/") or path.startswith(("//", *PRIVATE)) or not _is_name(path, 200)
    ]
    faults += [
        Fault(field, "malformed", f"{field} has 1 to 80 characters of text.")
        for field, value in (("name", name), ("box", box))
        if not _is_name(value, 80) or SECRET.search(value)
    ]
    if len(normal(text)) > LONGEST:
        faults.append(Fault("text", "too_long", f"text has at most {LONGEST} characters."))
    if faults:
        raise Invalid(*faults)


def _is_name(value: str, most: int) -> bool:
    return 0 < len(value) <= most and value.isascii() and value.isprintable() and " " not in value
