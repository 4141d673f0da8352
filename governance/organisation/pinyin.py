"""Sort keys for Chinese names: PostgreSQL alone would sort them by code point (拼音排序)."""
# Characters that are read otherwise when they stand as a surname.
SURNAMES = {
    "单": "shan4", "曾": "zeng1", "仇": "qiu2", "解": "xie4", "朴": "piao2", "任": "ren2", "区": "ou1",
    "查": "zha1", "盖": "ge3", "翟": "zhai2", "华": "hua4", "纪": "ji3", "宁": "ning4", "覃": "qin2",
    "缪": "miao4", "乐": "yue4", "员": "yun4", "冼": "xian3", "折": "she2", "种": "chong2", "秘": "bi4",
    "尉迟": "yu4 chi2", "万俟": "mo4 qi2", "长孙": "zhang3 sun1",
}
KEY_LENGTH = 255


def sort_key(name: str, person: bool = False) -> str:
    """Return a key whose byte order is the pinyin order of ``name``; equal readings sort by character."""
    # Its dictionary of phrases takes 56 MB and a third of a second: only who names something pays for it.
    from pypinyin import Style, lazy_pinyin

    name = name.strip()
    head, rest = _surname(name) if person else ("", name)
    syllables = lazy_pinyin(rest, style=Style.TONE3, neutral_tone_with_five=True)
    reading = " ".join(part.strip().lower() for part in [head, *syllables] if part.strip())
    return f"{reading}|{name}"[:KEY_LENGTH]


def _surname(name):
    for length in (2, 1):
        reading = SURNAMES.get(name[:length])
        if reading:
            return reading, name[length:]
    return "", name
