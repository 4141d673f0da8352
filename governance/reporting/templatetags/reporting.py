"""Cells of reports in templates: the figure with a link to exactly what it counts (单元格)."""
from urllib.parse import urlencode

from django import template
from django.urls import reverse

register = template.Library()


@register.inclusion_tag("reporting/_cell.html")
def version_cell(version, row, metric):
    """A cell of a roll-up's version, of a line or of the total."""
    query = f"?part={row.part.pk}" if row.part else ""
    addresses = [reverse("reporting:cell", args=[version.pk, metric.code, letter]) + query for letter in "nN"]
    return {"figure": row.figures.get(metric.code), "address_n": addresses[0], "address_total": addresses[1]}


@register.inclusion_tag("reporting/_live.html")
def live_cell(figure, unit, period):
    """A cell of a table counted now."""
    if figure is None:
        return {"figure": None}
    return {"figure": figure, "address_n": behind(figure.metric, unit, period),
            "address_total": behind(figure.metric, unit, period, "N")}


@register.simple_tag
def behind(metric, unit, period, part="n") -> str:
    """The address of the rows behind a figure."""
    query = {"metric": metric.code, "unit": unit.pk, "period": period.code, "part": part}
    return f"{reverse('reporting:behind')}?{urlencode(query)}"
