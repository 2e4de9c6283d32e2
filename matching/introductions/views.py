"""New matches: all that was introduced to a candidate, and how often they are told."""

from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from matching.introductions import preferences
from matching.models import Introduction, IntroductionRhythm
from matching.recommending import introduced
from opportunities.accounts.current import person
from opportunities.candidates import guest_profile
from opportunities.candidates.models import CandidateProfile
from opportunities.core.form_handling import act
from opportunities.core.paging import page_of
from opportunities.roles.models import Opportunity


@login_not_required
@require_safe
def new_matches(request: HttpRequest) -> HttpResponse:
    """List what was introduced, newest first, and ask how often to tell."""
    profile = guest_profile.profile_of(request)
    if profile is None:
        # Mails lead here, also in browsers where nobody is signed in.
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return redirect("matching:matches")
    now = timezone.now()
    rows = Introduction.objects.to_candidates().filter(candidate=profile)
    page, cursor = page_of(rows.select_related("role__employer"), request, order=("-id",))
    standing = set(
        introduced.current(
            Introduction.objects.filter(pk__in=[row.pk for row in page]), at=now
        ).values_list("pk", flat=True)
    )
    introduced.note_seen(profile, page, at=now, viewer=request.user)
    context = {
        "rows": [(row, row.pk in standing) for row in page],
        "next": cursor.get_next_link(),
        "previous": cursor.get_previous_link(),
        "is_guest": profile.user_id is None,
        "preference": preferences.preference_of(profile),
        "rhythms": IntroductionRhythm.choices,
    }
    return render(request, "matching/introductions/list.html", context)


@login_not_required
@require_safe
def open_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lead to a role that was introduced, and note that it was opened: links in emails do this."""
    role = get_object_or_404(Opportunity.objects.visible_to(request.user), public_id=public_id)
    profile = guest_profile.profile_of(request)
    if profile is not None:
        introduced.open_new(profile_id=profile.pk, role_id=role.pk, at=timezone.now())
    return redirect(role.path)


@require_POST
def rhythm(request: HttpRequest) -> HttpResponse:
    """Choose how often to be told of new matches."""
    profile = CandidateProfile.objects.of(person(request)).first()
    if profile is None:
        raise Http404
    operation = partial(
        preferences.choose,
        profile=profile,
        rhythm=request.POST.get("rhythm", ""),
        at_once_from=request.POST.get("at_once_from", ""),
        at=timezone.now(),
    )
    return act(request, operation, said=_("Your choice is saved."), back="matching:new-matches")
