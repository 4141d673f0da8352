"""The description is OpenAPI 3.1, whole, in both languages, and its page draws itself under the strict policy."""
import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from tests.support.browser import assert_no_sideways_scroll
from tests.support.interface import issue, with_session, with_token

METHODS = {"get", "post", "put", "patch", "delete"}


def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(described):
    for address, item in described["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield f"{method} {address}", operation


@pytest.mark.usefixtures("qinghe")
def test_it_is_openapi_3_1_and_holds(db):
    described = schema()
    assert described["openapi"] == "3.1.0"
    validate_schema(described)


@pytest.mark.usefixtures("qinghe")
def test_every_operation_has_its_words_errors_and_examples(db):
    lacking = []
    for name, operation in operations(schema()):
        lacking += [f"{name}: {part}" for part in ("summary", "description", "tags") if not operation.get(part)]
        wanted = {"401", "403", "404", "422", "429"} | ({"400", "409", "415"} if name.startswith("post") else set())
        lacking += [f"{name}: {code}" for code in wanted - set(operation["responses"])]
        for code, answer in operation["responses"].items():
            # A file comes as it is, and nothing comes with 204.
            content = answer.get("content", {})
            if not content and code != "204":
                lacking.append(f"{name}: content of {code}")
            if code >= "400" and not content["application/json"].get("examples"):
                lacking.append(f"{name}: example of {code}")
        body = operation.get("requestBody")
        if body and not body["content"]["application/json"].get("examples"):
            lacking.append(f"{name}: example of the body")
        lacking += [f"{name}: {one['name']}" for one in operation.get("parameters", ())
                    if not one.get("description") and one["in"] != "path"]
    assert lacking == []


@pytest.mark.usefixtures("qinghe")
def test_every_field_is_described(db):
    lacking = [
        f"{name}.{field}"
        for name, component in schema()["components"]["schemas"].items()
        for field, described in component.get("properties", {}).items()
        if not described.get("description") and "$ref" not in described
    ]
    assert lacking == []


def test_it_is_served_in_both_languages(place, client_account):
    caller = with_token(issue(client_account, "units:read"))
    told = {language: caller.get("/api/v1/schema/", {"lang": language, "format": "json"}).json()
            for language in ("zh-hans", "en")}
    summaries = {language: told[language]["paths"]["/api/v1/disputes/"]["post"]["summary"] for language in told}
    assert summaries == {"en": "Register a dispute", "zh-hans": "登记纠纷"}
    assert caller.get("/api/v1/schema/").status_code == 200
    caller.credentials()
    assert caller.get("/api/v1/schema/").status_code == 401


def test_the_rest_of_the_portal_keeps_its_policy(place):
    person = with_session(place.who("wenshu"))
    assert "unsafe-inline" not in person.get("/matters/")["Content-Security-Policy"]
    policy = person.get("/api/v1/docs/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "'unsafe-eval'" not in policy
    strict = person.get("/matters/")["Content-Security-Policy"]
    assert person.get("/api/v1/schema/")["Content-Security-Policy"] == strict


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_shows_every_chapter_without_breaking_the_policy(transactional_db, page_at):
    from .conftest import Place

    place = Place()
    outside = []
    for width in (360, 1366):
        page = page_at(width=width, user=place.who("xitong"))
        page.on("request", lambda request: outside.append(request.url) if "127.0.0.1" not in request.url
                and "localhost" not in request.url and not request.url.startswith(("data:", "blob:")) else None)
        page.goto("/api/v1/docs/")
        page.wait_for_selector("#operations-tag-disputes")
        assert "登记纠纷" in page.content()
        page.click("#operations-disputes-disputes_create button.opblock-summary-control")
        page.wait_for_selector("#operations-disputes-disputes_create .opblock-body")
        if width == 360:
            assert_no_sideways_scroll(page)
    assert outside == [], "everything comes from this server"
