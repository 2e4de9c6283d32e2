"""The vocabulary of skills in the admin."""

from django.contrib import admin

from opportunities.skills.models import Skill, SkillAlias, SkillBroader


class AliasInline(admin.TabularInline):  # type: ignore[type-arg]
    model = SkillAlias
    extra = 0


class BroaderInline(admin.TabularInline):  # type: ignore[type-arg]
    model = SkillBroader
    fk_name = "child"
    raw_id_fields = ("parent",)
    extra = 0


@admin.register(Skill)
class SkillAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "kind", "group", "is_retired")
    list_filter = ("kind", "is_retired")
    search_fields = ("name", "slug")
    ordering = ("name", "id")
    inlines = (AliasInline, BroaderInline)
    show_full_result_count = False
