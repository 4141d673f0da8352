"""The stock of every day and unit, so that past days are answered without reading histories."""
from django.db import models


class StockFact(models.Model):
    """How many rows a stock figure had in a unit at the end of a day (每日存量); a grid counts apart from its village.

    Zero is not written. `counted_at` tells when the day was counted: a later correction is caught by counting anew.
    """

    day = models.DateField()
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", db_index=False)
    metric = models.CharField(max_length=60)
    count = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["metric", "unit", "day"], name="stock_fact_once"),
        ]
        indexes = [models.Index(fields=["day", "metric"], name="stock_fact_day")]
