"""What every database needs before work begins: default words, and the rights of roles by kind."""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

from .. import registry
from ..models import VocabularyTerm
from .vocabularies import forget_terms


def seed_vocabularies() -> None:
    """Write the default words that are missing; what an administrator changed stays as it is."""
    rows = [
        VocabularyTerm(
            vocabulary=vocabulary.code, code=term.code, label_zh=term.zh, label_en=term.en,
            counts_under=term.counts_under, position=position,
        )
        for kind in registry.all_kinds()
        for vocabulary in vocabularies_of(kind)
        for position, term in enumerate(vocabulary.terms)
    ]
    VocabularyTerm.objects.bulk_create(rows, ignore_conflicts=True)
    forget_terms()


def vocabularies_of(kind) -> list:
    """All vocabularies of a kind, each once."""
    named = [kind.categories, kind.channels, kind.outcomes, *kind.vocabularies]
    return list({vocabulary.code: vocabulary for vocabulary in named}.values())


def grant_kinds_to_roles(using="default") -> None:
    """Give each role the view permission of the kinds that it reaches, and take back what it does not."""
    for kind in registry.all_kinds():
        app_label, model = kind.facts_model.lower().split(".")
        create_permissions(apps.get_app_config(app_label), verbosity=0, using=using)
        permission = Permission.objects.get(content_type__app_label=app_label, codename=f"view_{model}")
        permission.group_set.set(Group.objects.filter(name__in=kind.reach))
