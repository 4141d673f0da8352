"""What a written table looks like (表样): its columns, what stands above and below them, who took it out."""
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from ..registry import DATE, MONEY, SERIAL, TEXT, WHOLE

__all__ = ["DATE", "MONEY", "SERIAL", "TEXT", "WHOLE", "Sheet", "SheetColumn", "in_chinese"]


@dataclass(frozen=True)
class SheetColumn:
    """A column (列): its heading as it stands in the file, its width in characters, what its cells hold.

    A `SERIAL` column is numbered by the writer; rows hold nothing for it.
    """

    heading: str
    width: float = 12
    form: str = TEXT


@dataclass(frozen=True)
class Sheet:
    """A table as it is filed (报表): title, who files it and when, columns, and the mark of who took it out.

    A `plain` one begins with its headings, so that the portal's own imports read it; its mark stands on a
    second sheet.
    """

    title: str
    columns: tuple[SheetColumn, ...]
    filed_by: str
    taken_by: str
    taken_at: datetime
    mark: str
    period: tuple[date, date] | None = None
    plain: bool = False

    def filing_line(self) -> tuple[str, str, str]:
        """Left, middle and right of the line below the title."""
        middle = f"统计期间：{in_chinese(self.period[0])}至{in_chinese(self.period[1])}" if self.period else ""
        filed_on = in_chinese(timezone.localdate(self.taken_at))
        return f"填报单位：{self.filed_by}", middle, f"填报时间：{filed_on}"

    def watermark(self) -> str:
        """Who took it out, and when: on every printed page and on the sheet itself."""
        local = timezone.localtime(self.taken_at)
        when = f"{in_chinese(local)} {local:%H:%M}"
        return f"导出人：{self.taken_by}　导出时间：{when}　导出编号：{self.mark}　内部资料，注意保管"


def in_chinese(day: date) -> str:
    """2026年11月24日."""
    return f"{day.year}年{day.month}月{day.day}日"
