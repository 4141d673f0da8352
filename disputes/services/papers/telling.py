"""What may stand in the template of a paper, told to whoever writes one (可用字段说明), from the facts themselves."""
from .catalogue import Each, Paper
from .values import SampleFacts, values_of


def fields_told(paper: Paper) -> list[dict]:
    """`{"write", "sample"}` of every field, and of every list `{"begin", "end", "rows"}`."""
    lists = {row.name: row for row in paper.rows if isinstance(row, Each)}
    told = []
    for name, value in values_of(paper, SampleFacts()).items():
        if name in lists:
            told.append(_list_told(lists[name], value[0]))
        else:
            told.append({"write": f"{{{{ {name} }}}}", "sample": value})
    return told


def _list_told(each: Each, sample: dict) -> dict:
    rows = [{"write": f"{{{{ {each.item}.{name} }}}}", "sample": text} for name, text in sample.items()]
    return {"begin": f"{{%tr for {each.item} in {each.name} %}}", "end": "{%tr endfor %}", "rows": rows}
