"""Trouble with the database is said in words, keeps what was typed, and holds up nobody for long (数据库故障)."""
import uuid

import psycopg2
import pytest
from django.db import connection
from django.urls import reverse

from disputes.services.generating import make_township
from governance import settings as portal_settings
from governance.casework.models import Event
from governance.casework.services.opening import open_matter
from governance.organisation.models import User
from tests.support.interface import issue, make_client, with_token

TYPED = "双方已约定下周三到村委会当面协商，请各位知悉并准备材料。" * 2


@pytest.fixture
def matter(transactional_db):
    make_township()
    officer = User.objects.get(username="cun1")
    people = [{"kind": "applicant", "name": "林大山", "phone": "13812345678"}, {"kind": "respondent", "name": "孙来福"}]
    return open_matter(
        kind="dispute", actor=officer, client_uuid=uuid.uuid4(), parties=people,
        values={"description": "院墙越界半米", "category": "homestead", "channel": "application",
                "unit": officer.home_unit},
    )


@pytest.fixture
def somebody(matter):
    """Another connection, as psql or a process that hangs."""
    held = connection.settings_dict
    other = psycopg2.connect(dbname=held["NAME"], host=held["HOST"], user=held["USER"] or None)
    yield other.cursor()
    other.rollback()
    other.close()


@pytest.fixture
def clerk(client, matter):
    client.force_login(User.objects.get(username="wenshu"), backend="governance.organisation.visibility.PostBackend")
    client.raise_request_exception = False
    return client


def be_patient_for(**milliseconds):
    with connection.cursor() as cursor:
        for name, value in milliseconds.items():
            cursor.execute(f"SET {name} = {value}")


@pytest.fixture(autouse=True)
def ordinary_patience_again(transactional_db):
    yield
    connection.close()


def note(clerk, matter, **more):
    return clerk.post(reverse("casework:act", args=[matter.pk, "note"]), {"text": TYPED, **more})


def test_a_matter_that_somebody_holds_is_refused_in_words_and_the_text_stays(clerk, matter, somebody):
    somebody.execute("SELECT 1 FROM casework_matter WHERE id = %s FOR UPDATE", [matter.pk])
    be_patient_for(lock_timeout=200)
    before = Event.objects.count()
    answer = note(clerk, matter)
    page = answer.content.decode()
    assert answer.status_code == 409 and "此刻有人正在办理该事项" in page and TYPED in page
    caller = with_token(issue(make_client(matter.unit.township)))
    told = caller.post(f"/api/v1/matters/{matter.pk}/acts/note/", {"text": TYPED}, format="json")
    assert told.status_code == 409 and told.json()["code"] == "matter-busy"
    assert Event.objects.count() == before
    somebody.connection.rollback()
    assert note(clerk, matter).status_code == 302


def test_a_table_that_somebody_holds_is_a_503_with_what_was_typed(clerk, matter, somebody):
    somebody.execute("LOCK TABLE casework_event IN ACCESS EXCLUSIVE MODE")
    be_patient_for(lock_timeout=200)
    answer = note(clerk, matter, password="geheim")
    page = answer.content.decode()
    assert answer.status_code == 503 and int(answer["Retry-After"]) > 0 and TYPED in page and "geheim" not in page
    assert 'name="csrfmiddlewaretoken"' in page and "此刻有人正在办理" in page
    assert "no-store" in answer["Cache-Control"]
    asked = clerk.get(reverse("casework:matter", args=[matter.pk]), headers={"Accept": "application/json"})
    assert asked.status_code == 503 and asked.json()["code"] == "somebody-works-on-it"


def test_what_takes_too_long_is_stopped_and_said(clerk, matter, somebody):
    somebody.execute("LOCK TABLE casework_event IN ACCESS EXCLUSIVE MODE")
    caller = with_token(issue(make_client(matter.unit.township)))
    caller.raise_request_exception = False
    be_patient_for(statement_timeout=300)
    told = caller.get(f"/api/v1/matters/{matter.pk}/timeline/")
    assert told.status_code == 503 and told.json()["code"] == "took-too-long" and told["Retry-After"]


def test_without_a_database_page_and_interface_say_503(clerk, matter, monkeypatch):
    caller = with_token(issue(make_client(matter.unit.township)))
    caller.raise_request_exception = False
    connection.close()
    with monkeypatch.context() as without:
        without.setitem(connection.settings_dict, "PORT", "1")
        answer = note(clerk, matter)
        told = caller.get("/api/v1/matters/")
        ready = clerk.get("/readyz")
        assert clerk.get("/healthz").status_code == 200
    page = answer.content.decode()
    assert answer.status_code == 503 and "数据库暂时没有响应" in page and TYPED in page
    assert told.status_code == 503 and told.json()["code"] == "database-away" and int(told["Retry-After"]) > 0
    assert ready.status_code == 503 and ready.json()["database"] is False and not ready.cookies


def test_a_mistake_of_ones_own_stays_a_500(clerk, matter, monkeypatch):
    from governance.casework.services import recording

    def wrong(**_):
        raise ZeroDivisionError

    monkeypatch.setattr(recording, "note", wrong)
    assert note(clerk, matter).status_code == 500


@pytest.mark.parametrize(("process", "held"), [("web", ("2s", "20s", "30s")), ("worker", ("30s", "15min", "10min")),
                                               ("command", ("0", "0", "0"))])
def test_how_long_is_waited_depends_on_the_kind_of_process(transactional_db, process, held):
    options = {}
    portal_settings.be_patient(options, portal_settings.DATABASE_PATIENCE.get(process))
    ours = connection.settings_dict
    other = psycopg2.connect(dbname=ours["NAME"], host=ours["HOST"], user=ours["USER"] or None, **options)
    with other.cursor() as cursor:
        for name, expected in zip(
            ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"), held, strict=True
        ):
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone()[0] == expected
    other.close()
