"""Mediation papers come out of the matter in the usual form, with blanks where nothing is held."""
import io

import pytest
from docx import Document

from disputes.services import papers
from disputes.services.papers.facts import yuan_in_words
from governance.casework.workflow import Refused
from governance.organisation.models import User
from tests.support.factories.disputes import agreed_dispute

pytestmark = pytest.mark.django_db


def who(name):
    return User.objects.get(username=name)


@pytest.fixture
def agreed(qinghe, db):
    """A dispute with a written agreement; the applicant lets contact be shown."""
    return agreed_dispute([
        {"kind": "applicant", "name": "林大山", "phone": "13812345678", "discloses_contact": True},
        {"kind": "respondent", "name": "孙{{ 7*7 }}<b>", "phone": "13887654321"},
    ])


def text_of(content):
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_the_agreement_says_what_was_agreed_and_shows_only_contact_that_may_be_shown(agreed):
    name, content = papers.make_paper(matter_id=agreed.pk, code="agreement", actor=who("tiaojie"))
    text = text_of(content)
    assert name.startswith("人民调解协议书") and "孙家支付1500元" in text and "人民币壹仟伍佰元整" in text
    assert "13812345678" in text and "13887654321" not in text
    assert "孙{{ 7*7 }}<b>" in text, "what people write is text, whatever it looks like"
    assert agreed.events.filter(verb="paper_made").count() == 1


def test_every_paper_that_is_ready_is_made_and_the_others_say_what_they_lack(agreed):
    ready = {paper.code for paper, lacks in papers.available(agreed) if not lacks}
    assert ready == {"application", "registration", "rights", "session", "agreement", "confirmation", "dossier"}
    for code in papers.PAPERS:
        if code in ready:
            assert papers.make_paper(matter_id=agreed.pk, code=code, actor=who("wenshu"))[1]
        else:
            with pytest.raises(Refused) as refusal:
                papers.make_paper(matter_id=agreed.pk, code=code, actor=who("wenshu"))
            assert refusal.value.code == "paper-not-ready" and str(refusal.value.message)


@pytest.mark.parametrize(("name", "status"), [("cun1", 403), ("cun2", 404), ("zhenzhang", 403), ("tiaojie", 200)])
def test_only_those_who_mediate_make_papers(agreed, client, name, status):
    client.force_login(who(name), backend="governance.organisation.visibility.PostBackend")
    answer = client.post(f"/disputes/{agreed.pk}/papers/agreement/")
    assert answer.status_code == status
    listed = client.get(f"/disputes/{agreed.pk}/papers/")
    assert listed.status_code == (404 if name == "cun2" else 200)


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "零"), (10, "壹拾"), (1005, "壹仟零伍"), (10_500, "壹万零伍佰"), (120_000, "壹拾贰万"),
     (203_040, "贰拾万叁仟零肆拾")],
)
@pytest.mark.usefixtures("qinghe")
def test_amounts_are_written_out(amount, words):
    assert f"人民币{words}元整" in yuan_in_words(amount)
