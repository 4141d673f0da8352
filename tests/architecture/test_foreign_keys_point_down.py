"""Foreign keys are strings, invisible to the import linter: their direction is read from the models."""

from django.apps import apps

from .sources import LEVEL


def points_down(source: str, target: str) -> bool:
    """Whether a table of one app may refer to one of the other; apps of others lie below everything."""
    return source == target or LEVEL.get(target, -1) < LEVEL[source]


def test_foreign_keys_point_down():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in LEVEL
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if not points_down(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert upward == []
