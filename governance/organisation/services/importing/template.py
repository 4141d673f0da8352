"""The users' list as an empty Excel sheet (用户名单模板): headings, what may be chosen, how a row looks."""
import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from ...models import Unit
from ...visibility import Area
from .people import HEADINGS, ROLES

ROWS = 1000
WIDTHS = {"name": 12, "username": 16, "phone": 16, "unit": 26, "role": 18, "title": 18, "from_on": 14}
NOTES = (
    "填写说明",
    "1. 姓名、登录名、单位代码或名称、角色必填；登录名只用字母、数字和 . _ - ，不要重复。",
    "2. 单位填“单位”表中的代码或名称；名称重复的，填代码。",
    "3. 手机为 11 位，用于识别本人是否为事项当事人；同一个人有两个账号的，填同一个手机。",
    "4. 任职日期写成 2026-01-05；空着按导入当天。",
    "5. 不要加身份证号、民族、宗教、政治面貌、健康等列：平台不保存，带这些列的文件不予导入。",
    "示例：何新人　hexinren　13900000000　（单位代码）　综治办工作人员　科员　2026-01-05",
)


def users_list_template(actor) -> bytes:
    """An .xlsx whose first sheet the import reads, with the units of the actor's area to choose from (one query)."""
    units = Unit.objects.filter(Area.of(actor).within()).not_ended().in_tree_order()
    book = Workbook()
    sheet = book.active
    sheet.title = "用户名单"
    for at, key in enumerate(WIDTHS, start=1):
        cell = sheet.cell(1, at, HEADINGS[key][0])
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE7F0")
        sheet.column_dimensions[cell.column_letter].width = WIDTHS[key]
        for row in range(2, ROWS + 2):
            # As text: a phone number or a code is no number.
            sheet.cell(row, at).number_format = "@"
    sheet.freeze_panes = "A2"
    _list(book, "单位", [("单位代码", "单位名称"), *units.values_list("code", "short_name")])
    _list(book, "角色", [("角色",), *((label,) for label in ROLES)])
    notes = _list(book, "说明", [(line,) for line in NOTES])
    notes.column_dimensions["A"].width = 90
    choice = DataValidation(type="list", formula1=f"'角色'!$A$2:$A${len(ROLES) + 1}", allow_blank=True)
    sheet.add_data_validation(choice)
    choice.add(f"E2:E{ROWS + 1}")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _list(book, title, rows):
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 24
    for cell in sheet["A"]:
        cell.number_format, cell.alignment = "@", Alignment(wrap_text=True, vertical="top")
    return sheet
