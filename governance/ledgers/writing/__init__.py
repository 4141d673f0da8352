"""Tables written as Excel workbooks in the township's form (台账写出)."""
from .sheet import DATE, MONEY, SERIAL, TEXT, WHOLE, Sheet, SheetColumn
from .workbook import write_workbook

__all__ = ["DATE", "MONEY", "SERIAL", "TEXT", "WHOLE", "Sheet", "SheetColumn", "write_workbook"]
