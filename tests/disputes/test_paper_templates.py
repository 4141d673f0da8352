"""A township replaces the form of a paper: checked at upload, kept in versions, never reaching beyond the paper."""
import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone, translation
from docx import Document

from disputes.models import Agreement, Ending, PaperTemplate, Revisit, Session
from disputes.services import papers
from disputes.services.papers.default import default_template
from disputes.services.papers.making import PaperFacts
from disputes.services.papers.rendering import render
from disputes.services.papers.values import SampleFacts, values_of
from governance.casework.workflow import Refused
from governance.organisation.models import Change, Unit, User
from governance.organisation.services.recording import verify_changes
from tests.support.factories.disputes import agreed_dispute

pytestmark = pytest.mark.django_db
PHONES = ("13812345678", "13887654321")


def who(name):
    return User.objects.get(username=name)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def township(qinghe, db):
    return Unit.objects.get(level="township")


@pytest.fixture
def agreed(township):
    """A dispute with an agreement; one party lets contact be shown, the other does not."""
    parties = [{"kind": "applicant", "name": "林大山{{ 7*7 }}<b>&", "phone": PHONES[0], "discloses_contact": True},
               {"kind": "respondent", "name": "孙来福", "phone": PHONES[1]}]
    return agreed_dispute(parties, description="院墙\n越界", records=("各让一步\n再议", "达成一致"))


def text_of(content):
    document = Document(io.BytesIO(content))
    found = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        found += [cell.text for row in table.rows for cell in row.cells]
    for section in document.sections:
        found += [paragraph.text for paragraph in section.header.paragraphs]
    return found


def word(*paragraphs, header=""):
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.sections[0].header.paragraphs[0].text = header
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_member(content, name, text, instead_of=""):
    """The file with one more part, or one part altered."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename == name:
                part = part.replace(instead_of.encode(), text.encode())
            new.writestr(info.filename, part)
        if not instead_of:
            new.writestr(name, text)
    return out.getvalue()


def upload(township, content, code="agreement", name="协议书.docx", actor="xitong"):
    return papers.replace_template(township=township, code=code, actor=who(actor), name=name, content=content)


def refused(township, content, **how):
    """The refusal of an upload that leaves no trace."""
    with translation.override("zh-hans"), pytest.raises(Refused) as refusal, transaction.atomic():
        upload(township, content, **how)
    assert not PaperTemplate.objects.exists() and not Change.objects.filter(subject_type="paper_template").exists()
    assert not [path for path in Path(township_files()).rglob("*.docx")]
    return refusal.value


def township_files():
    from django.conf import settings

    return Path(settings.ATTACHMENT_ROOT) / "paper-templates"


def made_ready(matter, code):
    """Facts that the paper still needs, laid beside the matter."""
    mediator, today = who("tiaojie"), timezone.localdate()
    if code == "inquiry":
        Session.objects.create(matter=matter, kind="inquiry", held_at=timezone.now(), place="村委会", heard="林大山",
                               participants="林大山", record="越界\n半米", recorder=mediator)
    elif code == "oral_agreement":
        Agreement.objects.filter(matter=matter).update(form="oral")
    elif code == "failed":
        Ending.objects.create(matter=matter, result="failed", ended_on=today, reason="分歧较大")
        matter.outcome = "failed"
    elif code == "sender_reply":
        matter.dispute.sender = "清河县人民法院"
    elif code == "revisit":
        Revisit.objects.create(matter=matter, visited_on=today, manner="visit", satisfied="satisfied",
                               finding="已退回原界", visitor=mediator)


@pytest.mark.parametrize("code", papers.PAPERS)
def test_the_current_template_uploaded_unchanged_gives_the_same_paper(agreed, township, code):
    made_ready(agreed, code)
    paper, facts = papers.PAPERS[code], PaperFacts(agreed)
    assert not paper.lacks(facts)
    before = text_of(render(papers.current_template(township.pk, code)[1], values_of(paper, facts)))
    upload(township, papers.current_template(township.pk, code)[1], code=code)
    version, template = papers.current_template(township.pk, code)
    after = text_of(render(template, values_of(paper, facts)))
    assert version == 1 and after == before
    whole = "\n".join(after)
    assert "{%" not in whole and paper.title in whole and "清河" in whole
    for signs in paper.signs:
        assert f"{signs}：＿＿＿＿＿＿＿　　　年　　月　　日" in after


def test_a_replaced_paper_is_made_from_it_and_the_usual_form_comes_back(agreed, township):
    upload(township, word("本镇格式 {{ 编号 }}", "{% if 责任 %}责任：{{ 责任 }}{% endif %}", header="{{ 调解委员会 }}"))
    _name, content = papers.make_paper(matter_id=agreed.pk, code="agreement", actor=who("tiaojie"))
    text = "\n".join(text_of(content))
    assert "本镇格式" in text and "责任：＿＿＿＿＿＿" in text and "人民调解委员会" in text
    assert agreed.events.filter(verb="paper_made").last().data["template"] == 1
    upload(township, word("第二版 {{ 编号 }}"))
    papers.back_to_default(township=township, code="agreement", actor=who("xitong"))
    papers.back_to_default(township=township, code="agreement", actor=who("xitong"))
    _name, content = papers.make_paper(matter_id=agreed.pk, code="agreement", actor=who("tiaojie"))
    assert "孙家支付1500元" in text_of(content)
    kept = papers.versions(township, "agreement")
    assert [row.version for row in kept] == [2, 1] and all(papers.content_of(row) for row in kept)
    changes = Change.objects.filter(subject_type="paper_template").order_by("seq")
    assert [change.verb for change in changes] == ["replaced", "replaced", "back_to_default"]
    assert verify_changes() is None


def test_what_people_write_is_text_in_a_replaced_paper_too(agreed, township):
    upload(township, word("{{ 当事人情况 }}"))
    _name, content = papers.make_paper(matter_id=agreed.pk, code="agreement", actor=who("tiaojie"))
    assert "林大山{{ 7*7 }}<b>&" in "\n".join(text_of(content))


@pytest.mark.parametrize("is_violence", [False, True])
def test_no_template_reaches_contact_that_the_usual_form_hides(agreed, township, is_violence):
    agreed.dispute.is_domestic_violence = is_violence
    for code, paper in papers.PAPERS.items():
        made_ready(agreed, code)
        text = str(values_of(paper, PaperFacts(agreed)))
        assert PHONES[1] not in text, "not ticked"
        assert (PHONES[0] in text) == (paper.shows_contact and not is_violence), code


@pytest.mark.parametrize("field", [
    "{{ 当事人情况 }}", "{{ 编号.__class__ }}", "{{ matter.parties }}", "{{ 双方当事人.__class__.__mro__ }}",
    "{{ self }}", "{{ range(9) }}", "{{ 双方当事人|safe }}", "{{ 双方当事人 * 99999999 }}", "{{ ''['join'] }}",
    "{% include 'x' %}", "{% set x = 1 %}", "{% for x in 双方当事人 %}{{ x }}{% endfor %}",
    "{% macro x() %}{% endmacro %}", "{{ lipsum }}", "{{ loop.index }}", "{{ 双方当事人 if 1 }}",
])
def test_only_the_papers_own_names_may_stand_in_it(township, field):
    """The application has no contact: the name under which the agreement has it is unknown there."""
    refusal = refused(township, word(f"甲乙 {field}"), code="application")
    assert refusal.code == "template-faulty" and "甲乙" in str(refusal.message)


@pytest.mark.parametrize("field", ["{{ 双方当事人.__class__ }}", "{{ ''.__class__ }}", "{{ 双方当事人.upper() }}",
                                   "{{ ''['__class__'] }}", "{{ lipsum }}", "{{ 双方当事人|upper }}"])
@pytest.mark.usefixtures("qinghe")
def test_the_sandbox_holds_even_where_the_check_is_not_asked(field):
    with pytest.raises(Exception, match=r".") as error:
        render(word(field), values_of(papers.PAPERS["application"], SampleFacts()))
    assert type(error.value).__module__.startswith("jinja2")


@pytest.mark.parametrize(("content", "words"), [
    (word("编号 {{ 编码 }}"), ("编号 {{ 编码 }}", "您是否要写“编号”")),
    (word("第一行", "编号 {{ 编号 }"), ("编号 {{ 编号 }", "不完整")),
    (word("编号 ｛｛ 编号 ｝｝"), ("｛｛ 编号 ｝｝", "半角")),
    (word("编号 {{r 编号 }}"), ("编号 {{r 编号 }}",)),
    (word("{% if 责任 %}责任"), ("endif",)),
    (word("{{ 甲 }}", "{{ 乙 }}"), ("1. “{{ 甲 }}”处", "2. “{{ 乙 }}”处")),
    (word("好", header="页眉 {{ 无此项 }}"), ("页眉 {{ 无此项 }}", "无此项")),
])
def test_what_is_wrong_is_named_with_its_place(township, content, words):
    refusal = refused(township, content)
    assert refusal.code == "template-faulty"
    for expected in words:
        assert expected in str(refusal.message)


DEFAULT = default_template("agreement")
LINKED = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
          'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
          'Target="http://example.org/x.dotm" TargetMode="External"/></Relationships>')
FIELD = "<w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\\\\x</w:instrText></w:r></w:p>"


@pytest.mark.parametrize(("content", "name", "code"), [
    (b"", "a.docx", "file-name-and-content-differ"),
    (b"PK\x03\x04 not a zip", "a.docx", "file-name-and-content-differ"),
    (DEFAULT, "a.doc", "template-not-word"), (DEFAULT, "a.docm", "template-not-word"),
    (b"x" * (2 * 1024 * 1024 + 1), "a.docx", "template-too-large"),
    (with_member(DEFAULT, "word/vbaProject.bin", "x"), "a.docx", "template-active"),
    (with_member(DEFAULT, "word/embeddings/a.bin", "x"), "a.docx", "template-active"),
    (with_member(DEFAULT, "word/_rels/settings.xml.rels", LINKED), "a.docx", "template-active"),
    (with_member(DEFAULT, "word/document.xml", FIELD, "</w:p>"), "a.docx", "template-active"),
    (with_member(DEFAULT, "word/extra.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "a.docx", "template-active"),
    (with_member(DEFAULT, "word/document.xml", "<broken", "<w:body>"), "a.docx", "template-not-word"),
    (with_member(DEFAULT, "word/header9.xml", " " * 3_000_000), "a.docx", "template-too-large"),
])
def test_only_word_without_anything_active_is_taken(township, content, name, code):
    assert refused(township, content, name=name).code == code


def test_a_paper_that_grows_beyond_all_bounds_is_given_up(township):
    rows = {"各次笔录": [{"记录": "长" * 1000}] * 30_000}
    with pytest.raises(Refused) as refusal:
        render(word("{% for 本次 in 各次笔录 %}{{ 本次.记录 }}{% endfor %}"), rows)
    assert refusal.value.code == "paper-too-large"


def test_an_altered_file_makes_no_paper_and_says_what_helps(agreed, township, folder):
    row = upload(township, DEFAULT)
    (folder / row.path).write_bytes(word("untergeschoben"))
    with pytest.raises(Refused) as refusal:
        papers.make_paper(matter_id=agreed.pk, code="agreement", actor=who("tiaojie"))
    assert refusal.value.code == "template-damaged"
    papers.back_to_default(township=township, code="agreement", actor=who("xitong"))
    assert papers.make_paper(matter_id=agreed.pk, code="agreement", actor=who("tiaojie"))


@pytest.mark.parametrize("name", ["wenshu", "tiaojie", "zhenzhang", "anquan", "shenji", "cun1"])
def test_only_the_system_administrator_keeps_templates(township, client, name):
    assert refused(township, DEFAULT, actor=name).code == "not-your-right"
    with pytest.raises(Refused):
        papers.back_to_default(township=township, code="agreement", actor=who(name))
    client.force_login(who(name), backend="governance.organisation.visibility.PostBackend")
    for tail in ("", "/agreement/", "/agreement/file/", "/agreement/default/"):
        address = f"/disputes/templates/{township.pk}{tail}" if tail else "/disputes/templates/"
        assert client.get(address).status_code == 403


def test_the_screens_from_download_to_the_usual_form(township, client, django_assert_max_num_queries):
    client.force_login(who("xitong"), backend="governance.organisation.visibility.PostBackend")
    page = f"/disputes/templates/{township.pk}/session/"
    current = client.get(f"{page}file/")
    assert current["Content-Disposition"].startswith("attachment")
    faulty = client.post(page, {"file": SimpleUploadedFile("a.docx", word("{{ 没有 }}"))})
    assert faulty.status_code == 409 and "没有" in faulty.content.decode()
    for number in (1, 2):
        sent = client.post(page, {"file": SimpleUploadedFile(f"笔录{number}.docx", current.content)})
        assert sent.status_code == 302
    with django_assert_max_num_queries(15):
        shown = client.get(page).content.decode()
    assert "笔录2.docx" in shown and "{{ 本次.记录 }}" in shown and "{%tr for 本次 in 各次笔录 %}" in shown
    with django_assert_max_num_queries(15):
        assert client.get("/disputes/templates/").status_code == 200
    assert client.get(f"{page}file/?version=1").content == current.content
    assert client.get(f"{page}file/?version=9").status_code == 404
    assert client.get(f"{page}default/").status_code == 200
    assert PaperTemplate.objects.filter(ended_at=None).count() == 1, "asking changes nothing"
    assert client.post(f"{page}default/").status_code == 302
    assert PaperTemplate.objects.filter(ended_at=None).count() == 0
