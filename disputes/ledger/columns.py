"""The columns of the ledger of disputes in official order (domain reference §4)."""
from dataclasses import replace

from governance.ledgers.layout import Column as C
from governance.ledgers.layout import Reads

from . import values, words
from .meanings import PATTERNS

OFFICIAL = (
    C("serial", "序号", Reads.SERIAL, ("号", "序", "顺序号", "No", "案件序号", "登记号"), width=5.5),
    C("village", "村(社区)", Reads.UNIT, (
        "所属村", "村别", "村居", "村社", "村名", "行政村", "社区", "所在村", "村", "村（居）", "所属村社", "村社名称",
        "村(居)委会", "辖区", "所属辖区", "属地", "所属单位", "纠纷发生村", "单位", "村(社区)名称", "上报单位",
        "所属村居",
        "排查单位", "村(社区)/单位", "所属村(社区)", "村社区", "所在村社", "乡村", "村组", "村民委员会",
    ), required=True, value=values.village, width=10),
    C("reported_on", "排查时间", Reads.DAY, (
        "登记日期", "受理日期", "时间", "日期", "登记时间", "受理时间", "排查日期", "发生时间", "发生日期",
        "纠纷发生时间",
        "来访时间", "来访日期", "反映时间", "接访时间", "调解申请时间", "填报日期", "上报时间", "上报日期", "接案日期",
        "收案日期", "立案时间", "申请日期", "录入时间", "纠纷时间",
    ), required=True, value=values.reported_on, width=11.5),
    C("channel", "来源", Reads.TERM, (
        "纠纷来源", "案件来源", "信息来源", "线索来源", "受理方式", "发现途径", "排查方式",
    ), vocabulary="dispute.source", words=words.SOURCES, fallback="investigation", value=lambda m: m.channel,
      width=9.5),
    C("category", "纠纷类型", Reads.TERM, (
        "事件类型(子类)", "事件子类", "事件小类", "事件类型/子类", "事件类型(小类)",
        "类别", "纠纷类别", "纠纷种类", "类型", "种类", "矛盾类型", "矛盾纠纷类型", "案件类型", "矛盾类别", "纠纷性质",
        "案由", "案件类别", "性质", "问题分类", "问题类型", "问题类别", "信访事项分类", "内容分类", "事项类别",
        "事项类型",
        "纠纷分类", "矛盾分类", "分类", "事件类型", "事件类型(大类/子类)", "事件类型/大类", "事件类型(大类)",
        "事件大类",
    ), vocabulary="dispute.category", words=words.CATEGORIES, fallback="other", value=lambda m: m.category, width=10),
    C("applicants", "当事人姓名", Reads.NAMES, (
        "申请人", "双方当事人", "当事人", "姓名", "甲方", "甲方当事人", "当事人甲", "当事人双方", "纠纷当事人",
        "申请方",
        "申请人姓名", "当事人/姓名", "当事人(甲方)", "涉事人", "涉事双方", "纠纷双方", "主要当事人", "当事人1",
        "投诉人",
        "反映人", "信访人", "信访人姓名", "来访人", "来访人姓名", "反映人姓名", "纠纷双方当事人", "甲方(申请人)",
        "当事人(申请人)", "纠纷主体", "当事双方", "一方当事人", "当事人情况/姓名", "甲方姓名",
    ), required=True, value=values.applicants, second="respondents", width=10),
    C("applicant_phones", "联系电话", Reads.PHONES, (
        "联系方式", "电话", "手机", "手机号", "手机号码", "电话号码", "联系号码", "申请人电话", "当事人电话",
        "甲方电话",
        "申请人联系方式", "联系人电话", "当事人联系电话", "当事人联系方式", "当事人/联系电话",
    ), value=values.applicant_phones, second="respondent_phones", beside="applicants", width=13),
    C("respondents", "对方当事人", Reads.NAMES, (
        "对方姓名", "被申请人", "乙方", "乙方当事人", "当事人乙", "对方", "被申请方", "被申请人姓名", "当事人/对方姓名",
        "当事人(乙方)", "当事人2", "被投诉人", "被反映人", "另一方当事人", "相对人", "乙方姓名", "对方当事人姓名",
        "相对方", "被反映单位", "被反映人(单位)", "被申请人(单位)", "另一方", "被反映对象",
    ), value=values.respondents, width=10),
    C("respondent_phones", "对方电话", Reads.PHONES, (
        "被申请人电话", "对方联系电话", "对方联系方式", "乙方电话", "被申请人联系方式", "对方手机", "对方当事人电话",
    ), value=values.respondent_phones, beside="respondents", width=13),
    C("description", "纠纷简要情况", Reads.TEXT, (
        "基本案情", "简要案由", "案情", "简要案情", "简要情况", "纠纷情况", "主要事由", "事由", "纠纷简况", "基本情况",
        "矛盾纠纷简要情况", "主要内容", "内容", "纠纷内容", "案情简介", "情况说明", "纠纷事由", "具体情况", "纠纷概况",
        "纠纷描述", "事项", "矛盾纠纷基本情况", "情况简述", "主要案情", "纠纷原因",
        "反映问题", "反映事项", "反映内容", "主要诉求", "信访事项", "信访内容", "纠纷简要事实", "简要事实", "纠纷事实",
        "主要事实", "事件经过", "事件简述", "事件描述", "事件内容", "事件详情", "问题描述",
        "情况", "矛盾纠纷内容", "矛盾纠纷情况", "纠纷事项", "信访目的", "诉求", "事件名称",
    ), required=True, value=lambda m: m.description, width=34),
    C("people_count", "涉及人数", Reads.COUNT, (
        "反映人数", "反应人数", "反映群体人数", "反应群体人数",
        "人数", "涉案人数", "涉事人数", "涉及人员", "参与人数", "涉及人数(人)", "当事人人数",
    ), value=lambda m: m.dispute.people_count, width=6),
    C("grade", "等级", Reads.CHOICE, (
        "风险等级", "纠纷等级", "级别", "红黄绿", "预警等级", "风险级别", "等级评定", "颜色",
    ), words=words.GRADES, value=values.grade, width=5),
    C("leader", "包案领导", Reads.PERSON, (
        "包保领导", "包联领导", "包村领导", "挂钩领导", "挂联领导", "联系领导", "责任领导", "领导", "分管领导",
        "镇包案领导", "包案领导姓名",
    ), value=values.noted("leader"), width=8),
    C("mediators", "调解员", Reads.PERSON, (
        "责任人", "调解人", "调解人员", "承办人", "经办人", "调处人", "主持人", "化解责任人", "调解责任人", "包案人",
        "调解员姓名", "办案人", "处理人", "调处人员",
    ), value=values.mediators, width=9),
    C("settled_on", "调解时间", Reads.DAY, (
        "化解时间", "调处时间", "办结时间", "结案时间", "调解日期", "化解日期", "结案日期", "办结日期",
        "调处情况/化解时间",
        "调处日期", "解决时间", "完成时间", "调解成功时间", "达成协议时间", "终结时间",
    ), group="调处情况", value=values.settled_on, width=11.5),
    C("result", "化解结果", Reads.CHOICE, (
        # A yes or no is plainer than what is told about it, which then counts as the measures.
        "是否化解", "是否化解成功", "是否调解成功", "调解是否成功", "是否办结", "是否解决", "是否调处", "是否调处成功",
        "是否已化解", "化解与否", "调解结果", "调处结果", "处理结果", "办理结果", "结果", "化解状态", "状态",
        "当前状态",
        "化解情况", "调处情况", "调解情况", "办理情况", "处理情况", "调处情况/化解结果", "进展情况", "办结情况",
        "结案情况",
        "调解进展", "化解进展", "进展", "结案方式", "目前状况", "目前情况", "目前进展", "化解成效",
    ), group="调处情况", words=words.RESULTS, refuses=True, value=values.result, second="measures", width=13),
    C("has_agreement", "是否达成协议", Reads.CHOICE, (
        "达成协议", "协议", "是否签订协议", "协议形式", "是否书面协议", "协议类型", "是否有协议",
    ), words=words.YES_NO, value=values.has_agreement, width=8),
    C("amount_yuan", "协议涉及金额(元)", Reads.YUAN, (
        "协议金额", "金额", "涉及金额", "协议涉及金额", "标的额", "涉案金额", "赔偿金额", "涉及金额(元)", "金额(元)",
        "金额(万元)", "协议金额(万元)", "标的", "协议涉及金额(万元)", "涉及金额(万元)",
    ), value=values.amount_yuan, width=11),
    C("performance", "履行情况", Reads.CHOICE, (
        "协议履行", "协议履行情况", "是否履行", "履行", "履约情况", "执行情况",
    ), words=words.PERFORMANCE, value=values.performance, width=10),
    C("remark", "备注", Reads.TEXT, ("说明", "附注", "备注说明", "其他说明"), value=values.noted("remark"), width=14),
)
ON_DEMAND = (
    C("number", "编号", Reads.NUMBER, ("系统编号", "事项编号", "案件编号", "案号", "系统号"), on_demand=True,
      value=lambda m: m.number, width=15),
    C("grid", "网格", Reads.UNIT, (
        "所属网格", "网格名称", "所在网格", "发生网格", "事发网格", "事件网格",
    ), on_demand=True,
      value=values.grid, levels=("grid",), tells_place=True, width=12),
    C("applicant_home", "住址", Reads.HOME, (
        "家庭住址", "现住址", "居住地址", "单位或住址", "住址或单位", "住所", "住址(单位)", "单位住址", "家庭地址",
        "户址",
        "申请人住址", "当事人住址", "甲方住址", "信访人住址", "联系地址", "当事人地址", "申请人地址",
    ), on_demand=True, second="respondent_home", beside="applicants", tells_place=True),
    C("respondent_home", "对方住址", Reads.HOME, ("被申请人住址", "乙方住址", "对方当事人住址", "被申请人地址"),
      on_demand=True, beside="respondents", tells_place=True),
    C("address", "发生地", Reads.TEXT, (
        "发生地点", "地址", "纠纷地点", "纠纷发生地", "事发地点", "详细地址", "发生地址", "具体地点",
    ), on_demand=True, value=lambda m: m.address, is_line=True, tells_place=True, width=18),
    C("committee", "调解组织", Reads.PERSON, ("调委会", "调解委员会", "调解单位", "受理单位", "化解单位", "调处单位"),
      on_demand=True, value=values.committee, tells_place=True, width=14),
    C("responsible", "责任单位", Reads.PERSON, ("承办单位", "包案单位", "责任部门", "牵头单位", "主办单位"),
      on_demand=True, value=values.responsible, width=10),
    C("measures", "化解措施", Reads.TEXT, (
        "调处措施", "措施", "工作措施", "采取措施", "调解过程", "化解过程", "处理意见", "调解意见", "处置措施",
        "工作情况",
        "化解方案", "化解方式",
    ), on_demand=True, value=values.noted("measures"), width=24),
    C("deadline_on", "化解时限", Reads.DAY, ("化解期限", "办结时限", "时限", "办理期限", "限期", "完成时限",
        "办理时限", "整改时限"),
      on_demand=True, value=values.noted_day("deadline_on"), may_be_ahead=True, width=11.5),
    C("unsolved_reason", "未化解原因", Reads.TEXT, ("未调处原因", "未化解理由", "未办结原因", "存在困难"),
      on_demand=True, value=values.noted("unsolved_reason"), width=18),
    C("agreement_number", "协议书编号", Reads.NUMBER, ("协议编号", "调解协议书编号", "协议书号", "协议书文号"),
      on_demand=True, value=values.agreement_number, width=15),
    C("confirmation", "司法确认", Reads.CHOICE, ("是否司法确认", "司法确认情况"), on_demand=True,
      words=words.CONFIRMATION, value=values.confirmation, width=9),
    C("revisited_on", "回访日期", Reads.DAY, ("回访时间", "回访情况/时间"), on_demand=True, value=values.revisited_on,
      width=11.5),
    C("dossier_number", "卷宗号", Reads.NUMBER, ("卷号", "档案号", "案卷号", "卷宗编号"), on_demand=True,
      value=lambda m: m.dispute.dossier_number, width=12),
)
COLUMNS = tuple(replace(column, pattern=PATTERNS.get(column.code, "")) for column in OFFICIAL + ON_DEMAND)
