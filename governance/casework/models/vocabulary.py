"""Rows of the vocabularies that an administrator extends."""
from django.db import models
from django.utils.translation import gettext_lazy as _


class VocabularyTerm(models.Model):
    """A word of a vocabulary (词条): stable code, Chinese and English label, what it counts under."""

    vocabulary = models.CharField(max_length=40)
    code = models.SlugField(max_length=40)
    label_zh = models.CharField(_("Chinese label"), max_length=60)
    label_en = models.CharField(_("English label"), max_length=80)
    counts_under = models.CharField(_("counts under"), max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("vocabulary term")
        verbose_name_plural = _("vocabulary terms")
        default_permissions = ("view", "change")
        ordering = ["vocabulary", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["vocabulary", "code"], name="vocabulary_term_once")]
