"""The tables that speak of nobody, and why neither archive nor erasing knows them."""

from collections.abc import Mapping
from typing import Final

_MARKET = "What an employer says to everybody; who of the team wrote it is let go of."
_FILE = "An employer's own file and what became of its rows; who asked for it is let go of."
_WORDS = "The vocabulary of skills."
_STAFF = "What whoever runs the site has set."
_COMPUTED = "Computed from roles and profiles, and made anew without the profile."
_RIGHTS = "What accounts may do; erasing takes it away from the account."
_OWNED = "Goes with the row it is about, which stands above."

WITHOUT_A_PERSON: Final[Mapping[str, str]] = {
    "accounts.User_groups": _RIGHTS,
    "accounts.User_user_permissions": _RIGHTS,
    "admin.LogEntry": "What staff did, on record; it names rows by number.",
    "auth.Group": _RIGHTS,
    "auth.Group_permissions": _RIGHTS,
    "auth.Permission": _RIGHTS,
    "contenttypes.ContentType": "The names of tables.",
    "core.AutoApproval": _STAFF,
    "core.ExchangeRate": _STAFF,
    "core.PayFloor": _STAFF,
    "core.ReservedWord": _STAFF,
    "core.SentForm": "A digest for two days, which nothing leads from to anybody.",
    "core.Site": _STAFF,
    "employers.Employer": "An organization.",
    "importing.Doubt": _FILE,
    "importing.ImportJob": _FILE,
    "importing.ReadRow": _FILE,
    "importing.Source": _FILE,
    "importing.SourceReading": _FILE,
    "matching.Market": _COMPUTED,
    "matching.OwedWork": "Which rows are to be computed anew, by number.",
    "matching.PackedCandidate": _COMPUTED,
    "matching.PackedRole": _COMPUTED,
    "matching.Price": _COMPUTED,
    "matching.RoleList": _COMPUTED,
    "matching.RoleOdds": _COMPUTED,
    "matching.Run": _COMPUTED,
    "matching.RunCell": _COMPUTED,
    "matching.RunInput": _COMPUTED,
    "matching.RunPart": _COMPUTED,
    "matching.RunRoles": _COMPUTED,
    "matching.SiteOdds": _COMPUTED,
    "messaging.Delivery": _OWNED,
    "moderation.Finding": "What checks noticed in a role.",
    "moderation.Fingerprint": "Digests of the text of roles.",
    "moderation.FingerprintBand": "Digests of the text of roles.",
    "roles.Deliverable": _MARKET,
    "roles.ExternalClicks": "How often a day a link was followed, by nobody in particular.",
    "roles.Opportunity": _MARKET,
    "roles.OpportunitySkill": _MARKET,
    "roles.Question": _MARKET,
    "sessions.Session": "Django's own table, which is not used: sessions are StoredSession.",
    "site.PolicyReport": "How often a kind of page broke the policy, without who saw it.",
    "skills.Skill": _WORDS,
    "skills.SkillAlias": _WORDS,
    "skills.SkillBroader": _WORDS,
    "webhooks.WebhookDelivery": "Numbers and states of an employer's rows, without a word.",
    "webhooks.WebhookEndpoint": "An address of an employer's own system.",
}
