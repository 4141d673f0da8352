"""The unit tree: district, township, village or community, grid, member department."""
import re

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..querysets import UnitQuerySet

# The nationalities that give their name to an ethnic township: 莪山畲族乡 is numbered as 莪山.
_NATIONALITIES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|"
    "东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|"
    "俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
_TOWNSHIP_SUFFIX = re.compile(f"(?:(?:{_NATIONALITIES})族)*(?:民族)?(?:乡|镇)$|街道$")


class UnitLevel(models.TextChoices):
    """Level of a unit (单位层级)."""

    DISTRICT = "district", _("District")
    TOWNSHIP = "township", _("Township")
    VILLAGE = "village", _("Village")
    COMMUNITY = "community", _("Community")
    GRID = "grid", _("Grid")
    DEPARTMENT = "department", _("Department")


class GridType(models.TextChoices):
    """Type of a grid (网格类型)."""

    COMPREHENSIVE = "comprehensive", _("Comprehensive grid")
    RURAL = "rural", _("Rural grid")
    COMMUNITY = "community", _("Community grid")
    DEDICATED = "dedicated", _("Dedicated grid")
    PARTY_BUILDING = "party_building", _("Party-building grid")
    MICRO = "micro", _("Micro grid")


class GridPost(models.TextChoices):
    """Post in a grid (网格岗位)."""

    GRID_HEAD = "grid_head", _("Grid head")
    FULL_TIME = "full_time", _("Full-time grid worker")
    PART_TIME = "part_time", _("Part-time grid worker")
    ADVISOR = "advisor", _("Grid advisor")
    DEPARTMENT_STAFF = "department_staff", _("Seconded department staff")


class Unit(models.Model):
    """A unit (单位): the place in the tree, with the days on which it exists."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=60)
    name_key = models.CharField(max_length=255, editable=False)
    level = models.CharField(_("level"), max_length=16, choices=UnitLevel.choices)
    grid_type = models.CharField(_("grid type"), max_length=16, choices=GridType.choices, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent unit")
    )
    # "/1/5/23/": ids from the top to the unit itself; a subtree is one prefix range.
    path = models.CharField(max_length=255, editable=False)
    township = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="township_units"
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged_units"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        indexes = [
            models.Index(fields=["path"], name="unit_path_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["township", "level"], name="unit_township_level"),
            models.Index(fields=["name_key"], name="unit_name_key"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(path__regex=r"^/([0-9]+/)+$"), name="unit_path_is_whole"),
            models.CheckConstraint(condition=Q(level__in=UnitLevel.values), name="unit_level_is_known"),
            models.CheckConstraint(
                condition=Q(grid_type="") | Q(level="grid"), name="unit_grid_type_only_for_grids"
            ),
            models.CheckConstraint(
                condition=Q(level="district") | Q(parent__isnull=False), name="unit_only_district_is_a_root"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="unit_days_ordered",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(valid_to__isnull=False),
                name="unit_merged_is_closed",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def numbering_name(self):
        """The short name without 镇, 乡 or 街道, as it stands in matter numbers."""
        return _TOWNSHIP_SUFFIX.sub("", self.short_name) or self.short_name

    @property
    def is_closed(self):
        """Whether its last day has passed; until then it goes on as any other."""
        return self.valid_to is not None and self.valid_to < timezone.localdate()

    @property
    def depth(self):
        """Number of ancestors."""
        return self.path.count("/") - 2
