"""What moderation can decide: one row for each outcome.

A row says on what it is decided, between which states of a role it leads, what it asks of the
moderator, what everybody reads, which sanction it carries, and how it is undone. Pages, API,
operations, appeals and the record of decisions read it; none of them names an outcome that it
does not treat in a way of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from opportunities.core import lifecycle
from opportunities.core.errors import WrongState
from opportunities.core.languages import Translatable
from opportunities.core.lifecycle import RoleStatus, Step
from opportunities.core.retelling import inside
from opportunities.moderation.rules import NEVER_OVERRULED, RULES, SUSPENSION_DAYS


class On(Enum):
    """What lies before whoever decides."""

    ROLE = "a role"
    EMPLOYER = "an employer"
    SIDE = "an employer or a person"
    SANCTION = "a sanction"
    APPEAL = "an appeal"
    REPORT = "a report"
    DECISION = "one's own decision"
    NOTHING = "a published rule decides"


class Need(Enum):
    """Whether a moderator leaves a field empty, may fill it, or has to."""

    NO = "no"
    MAY = "may"
    MUST = "must"


class Told(NamedTuple):
    """A notice: ``{role}``, ``{employer}``, ``{apply_by}`` and ``{days}`` are filled in.

    Both are English, and said in the language of whoever is told. The reason and the numbers of
    the rules follow by themselves.
    """

    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One thing that moderation can decide."""

    name: str
    """As the record keeps it; also the operation's name in the API."""
    label: Translatable
    """In the past tense: what was decided."""
    on: On
    verb: Translatable = ""
    """On the button; empty where nobody chooses the outcome by itself."""
    hint: Translatable = ""
    """Beside the button: what happens then."""
    meaning: str = ""
    """The same in a sentence, for the API's documentation."""
    address: str = ""
    """Last part of the address, where that is not the name."""

    step: Step | None = None
    """From which states of a role to which."""
    sanction: str = ""
    """Rung of the ladder that it puts somebody on."""
    confirmed_as: str = ""
    """It stands only when a second moderator takes this outcome."""

    reason: Need = Need.NO
    rules: Need = Need.NO
    cites: tuple[str, ...] = ()
    """Rules that a moderator may name with it, or that it names by itself."""
    vouches: bool = False
    """The moderator says that they have checked who the employer is (rule 1.1)."""
    overrules: bool = False
    """A check that says stop stands in its way, unless the moderator names it and says why."""

    told: Told | None = None
    """What the employer, or the person it is about, reads; empty where they are told nothing."""
    applicants_told: Told | None = None
    """What those read who applied and still wait."""
    blames: bool = False
    """It speaks against the employer's care: its roles do not open by rule for that."""

    is_internal: bool = False
    """Moderators alone read of it on record: those whom it is about are never told."""
    undone_as: str = ""
    """The outcome on record when an appeal against it is granted; empty: it cannot be appealed."""

    @property
    def slug(self) -> str:
        """Return the last part of its address in the API and on pages."""
        return self.address or self.name.replace("_", "-")

    @property
    def is_appealable(self) -> bool:
        """Say whether those whom it concerns may appeal against it, once."""
        return bool(self.undone_as)

    @property
    def answers_review(self) -> bool:
        """Say whether it is one of the answers to a role in review alone."""
        return self.step is not None and self.step.sources == {RoleStatus.IN_REVIEW}

    @property
    def opens(self) -> bool:
        """Say whether it puts a role on the market."""
        return self.step is not None and self.step.target == RoleStatus.OPEN

    def applies_in(self, status: str) -> bool:
        """Say whether a role in this state can be decided on so."""
        return self.step is not None and status in self.step.sources

    def after(self, status: str) -> RoleStatus:
        """Return the state that it leads a role to, or raise ``WrongState``."""
        if self.step is None or status not in self.step.sources:
            raise WrongState(
                gettext("“%(outcome)s” is not possible for this role: it is %(state)s.")
                % {"outcome": self.verb or self.label, "state": inside(RoleStatus(status).label)},
                allowed=[outcome.name for outcome in chosen_on(On.ROLE, status=status)],
            )
        return RoleStatus(self.step.target)


_R = RoleStatus
_ANY_RULE: Final = tuple(RULES)
_OPENED: Final = Told(
    gettext_noop("Open: {role}"),
    gettext_noop("{role} is on the site. People can apply until {apply_by}."),
)

APPROVE: Final = Outcome(
    name="approve", label=_("Approved"), on=On.ROLE,
    verb=_("Publish"), hint=_("It opens at once"),
    meaning="Open a role in review. Where the employer is not verified, say that you have checked"
    " who it is (rule 1.1). Where a check says stop, overrule it by name and say why; stops of"
    f" rules {', '.join(sorted(NEVER_OVERRULED))} nobody can overrule.",
    step=Step(frozenset({_R.IN_REVIEW}), _R.OPEN),
    reason=Need.MAY, vouches=True, overrules=True, told=_OPENED,
)  # fmt: skip
AUTO_APPROVE: Final = Outcome(
    name="auto_approve", label=_("Approved by rule"), on=On.NOTHING,
    step=Step(frozenset({_R.IN_REVIEW}), _R.OPEN),
    told=_OPENED,
)  # fmt: skip
ASK_CHANGES: Final = Outcome(
    name="ask_changes", label=_("Changes asked"), on=On.ROLE,
    verb=_("Ask for changes"), hint=_("Returns to the employer with your message"),
    meaning="Give a role back to its employer, saying what to change before it is submitted"
    " again.",
    step=Step(frozenset({_R.IN_REVIEW}), _R.CHANGES_ASKED),
    reason=Need.MUST, rules=Need.MAY, cites=_ANY_RULE, blames=True,
    told=Told(
        gettext_noop("Please change: {role}"),
        gettext_noop("{role} can open after some changes. Make them and submit it again."),
    ),
)  # fmt: skip
REJECT: Final = Outcome(
    name="reject", label=_("Rejected"), on=On.ROLE,
    verb=_("Reject"), hint=_("They may appeal once, to someone else"),
    meaning="Refuse a role in review for good, naming the rules that it does not keep.",
    step=Step(frozenset({_R.IN_REVIEW}), _R.REJECTED),
    reason=Need.MUST, rules=Need.MUST, cites=_ANY_RULE, blames=True,
    told=Told(
        gettext_noop("Not accepted: {role}"),
        gettext_noop("{role} was not accepted. You may appeal once; somebody else decides."),
    ),
    undone_as="reinstate",
)  # fmt: skip
REMOVE: Final = Outcome(
    name="remove", label=_("Removed"), on=On.ROLE,
    verb=_("Remove"), hint=_("It leaves the site; applicants are warned"),
    meaning="Take down a role that breaks the rules, and warn everybody who has applied to it.",
    step=Step(frozenset({_R.IN_REVIEW, _R.OPEN, _R.PAUSED, _R.CLOSED}), _R.REMOVED),
    reason=Need.MUST, rules=Need.MUST, cites=_ANY_RULE, blames=True,
    told=Told(
        gettext_noop("Taken down: {role}"),
        gettext_noop("{role} was taken down. You may appeal once; somebody else decides."),
    ),
    applicants_told=Told(
        gettext_noop("Taken down: {role}"),
        gettext_noop(
            "Moderators took down {role} of {employer}, to which you applied, because it does not"
            " keep the rules of this site. Send the employer no money and no papers."
        ),
    ),
    undone_as="reinstate",
)  # fmt: skip
REINSTATE: Final = Outcome(
    name="reinstate", label=_("Reinstated on appeal"), on=On.APPEAL,
    step=Step(frozenset({_R.REJECTED, _R.REMOVED}), _R.IN_REVIEW),
    reason=Need.MUST,
)  # fmt: skip
UPHOLD: Final = Outcome(
    name="uphold", label=_("Decision upheld on appeal"), on=On.APPEAL, reason=Need.MUST,
)  # fmt: skip
UNDO: Final = Outcome(
    name="undo", label=_("Undone before anybody was told"), on=On.DECISION, is_internal=True,
)  # fmt: skip
VERIFY: Final = Outcome(
    name="verify", label=_("Employer verified"), on=On.EMPLOYER,
    verb=_("Verify"), meaning="Say that one has checked who an employer is, and how.",
    reason=Need.MUST, cites=("1.1",), vouches=True,
    told=Told(
        gettext_noop("{employer} is verified"),
        gettext_noop("A moderator has checked who you are. Your roles show it."),
    ),
)  # fmt: skip
WARN: Final = Outcome(
    name="warn", label=_("Warned"), on=On.SIDE,
    verb=_("Warn"), meaning="Warn an employer or a person: the first rung.",
    sanction="warning", reason=Need.MUST, cites=_ANY_RULE,
    told=Told(
        gettext_noop("A warning"),
        gettext_noop(
            "This is a warning. Nothing else changes. You may appeal once; "
            "somebody else decides."
        ),
    ),
    undone_as="lift",
)  # fmt: skip
SUSPEND: Final = Outcome(
    name="suspend", label=_("Suspended"), on=On.SIDE,
    verb=format_lazy(_("Suspend for {days} days"), days=SUSPENSION_DAYS),
    meaning=f"Suspend an employer or a person for {SUSPENSION_DAYS} days; an employer's roles are"
    " not shown meanwhile.",
    sanction="suspension", reason=Need.MUST, cites=_ANY_RULE,
    told=Told(
        gettext_noop("Suspended for {days} days"),
        gettext_noop(
            "You are suspended for {days} days. You may appeal once; somebody "
            "else decides."
        ),
    ),
    undone_as="lift",
)  # fmt: skip
PROPOSE_BLOCK: Final = Outcome(
    name="propose_block", label=_("Block proposed"), on=On.SIDE,
    verb=_("Propose a block"),
    meaning="Propose to block an employer or a person; nothing changes until another one confirms.",
    sanction="block", confirmed_as="block", reason=Need.MUST, cites=_ANY_RULE, is_internal=True,
)  # fmt: skip
BLOCK: Final = Outcome(
    name="block", label=_("Blocked"), on=On.SANCTION, address="confirm",
    verb=_("Confirm the block"),
    meaning="Put a block that somebody else proposed in force: roles close, the account only"
    " reads.",
    sanction="block",
    told=Told(
        gettext_noop("Blocked"),
        gettext_noop(
            "Two moderators decided to block you. You may appeal once; somebody "
            "else decides."
        ),
    ),
    undone_as="lift",
)  # fmt: skip
REFUSE_BLOCK: Final = Outcome(
    name="refuse_block", label=_("Block refused"), on=On.SANCTION, address="refuse",
    verb=_("Refuse the block"), meaning="Refuse a proposed block, or take one's own proposal back.",
    reason=Need.MUST, is_internal=True,
)  # fmt: skip
LIFT: Final = Outcome(
    name="lift", label=_("Sanction lifted"), on=On.SANCTION,
    verb=_("Lift"), meaning="End a sanction early; roles that a block closed stay closed.",
    reason=Need.MUST,
    told=Told(gettext_noop("A sanction was lifted"), gettext_noop("It no longer applies.")),
)  # fmt: skip
RESOLVE_REPORT: Final = Outcome(
    name="resolve_report", label=_("Report answered"), on=On.REPORT, reason=Need.MUST,
    is_internal=True,
)  # fmt: skip

OUTCOMES: Final[Mapping[str, Outcome]] = {
    outcome.name: outcome
    for outcome in (
        APPROVE, AUTO_APPROVE, ASK_CHANGES, REJECT, REMOVE, REINSTATE, UPHOLD, UNDO, VERIFY,
        WARN, SUSPEND, PROPOSE_BLOCK, BLOCK, REFUSE_BLOCK, LIFT, RESOLVE_REPORT,
    )
}  # fmt: skip
APPEALABLE: Final = tuple(name for name, row in OUTCOMES.items() if row.is_appealable)
BLAMING: Final = tuple(name for name, row in OUTCOMES.items() if row.blames)
"""Decisions after which a role no longer speaks for its employer's care."""
INTERNAL: Final = tuple(name for name, row in OUTCOMES.items() if row.is_internal)
"""Decisions of which only moderators read."""
ANSWERS: Final = tuple(name for name, row in OUTCOMES.items() if row.answers_review)
"""Decisions that end a role's wait in review."""

ROLE_STEPS: Final[Mapping[str, Step]] = {
    **lifecycle.ROLE_STEPS,
    **{name: row.step for name, row in OUTCOMES.items() if row.step is not None},
}
"""Every step of a role, whoever takes it."""


def choices() -> list[tuple[str, Translatable]]:
    """Return the outcomes that the record of decisions knows, with their labels."""
    return [(outcome.name, outcome.label) for outcome in OUTCOMES.values()]


def chosen_on(*subjects: On, status: str | None = None) -> list[Outcome]:
    """Return the outcomes that a moderator chooses from, here and for a role in this state."""
    return [
        outcome
        for outcome in OUTCOMES.values()
        if outcome.verb
        and outcome.on in subjects
        and (status is None or outcome.applies_in(status))
    ]


def role_after(status: str, action: str) -> RoleStatus:
    """Return the state that any step leads a role to, or raise ``WrongState``."""
    outcome = OUTCOMES.get(action)
    return outcome.after(status) if outcome else lifecycle.role_after(status, action)
