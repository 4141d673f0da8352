"""Columns about people who handle an affair (经办人员), whose names and numbers are nobody's as a party."""
import re

_OFFICIAL = (
    r"网格|调解|调处|化解|承办|经办|办案|主办|协办|包案|包保|包联|包村|包片|驻村|挂联|挂点|责任|负责|领导|干部|书记|主任|村长|站长|所长|"
    r"民警|律师|法官|调委会|填报|填表|上报人|审核|复核|报送|登记人|登记员|接待|接访|受理|处理人|处置人|工作人员|信息员|值班|热线|举报|监督"
)
_PARTY = (
    r"当事人|申请|甲方|乙方|对方|相对人|双方|投诉人|被投诉|反映人|被反映|信访人|来访人|上访人|来电|诉求人|求助人|原告|被告|涉事人"
)
_NUMBER = r"电话|手机|固话|座机|联系方式|联系号码|号码|传真|微信"
_GROUP = re.compile(rf"^(?!.*(?:{_PARTY})).*(?:{_OFFICIAL})")
_PERSON = re.compile(r"(?:人|人员|员|长|者|领导|干部|书记|主任|民警|律师|法官)(?:信息|情况)?$")
_PLAIN = re.compile(rf"^(?:联系)?(?:{_NUMBER})$")
_OWN = re.compile(rf"^(?!.*(?:{_PARTY})).*(?:{_OFFICIAL}).*(?:{_NUMBER})")
_SECOND = re.compile(r"固话|座机|固定电话|备用|其[他它]|另|宅电|办公电话|第二")
NAME_WORDS = frozenset({"姓名", "名称", "姓名或名称", "姓名(名称)", "单位名称", "姓名/名称"})


def is_number_of_official(text: str, group: str) -> bool:
    """Whether a heading, or the group above it, says that the number below is an official's."""
    return bool(_OWN.search(text)) or is_official(group) and bool(_PLAIN.match(text))


def is_official(group: str) -> bool:
    """Whether the cell above headings names somebody who handles affairs: 责任人, 网格员, 包案领导."""
    return bool(_GROUP.match(group)) and bool(_PERSON.search(group))


def is_plain_number(text: str) -> bool:
    """电话, 联系方式: a number of whoever stands beside it."""
    return bool(_PLAIN.match(text))


def is_second_number(text: str) -> bool:
    """固话, 备用电话: a further number of the same person."""
    return bool(_SECOND.search(text))


def is_of_a_party(text: str) -> bool:
    """Whether a heading names the party that it is about."""
    return bool(re.search(_PARTY, text))
