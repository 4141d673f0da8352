"""Working the screens without a browser: log in, fill in the form that a page shows, send it."""
from django.urls import reverse


def open_page(client, user, name, *args, **query):
    """Log in as the user and open a page by the name of its address."""
    client.force_login(user)
    return client.get(reverse(name, args=args), query)


def filled(form) -> dict:
    """What a browser would send for a form that nobody has touched."""
    data = {}
    for bound in form:
        value = bound.value()
        if value in (None, "", False) or bound.field.widget.needs_multipart_form:
            continue
        data[bound.html_name] = bound.field.prepare_value(value) if not isinstance(value, list) else value
        if hasattr(value, "strftime"):
            data[bound.html_name] = value.strftime("%Y-%m-%dT%H:%M" if hasattr(value, "hour") else "%Y-%m-%d")
    rows = getattr(form, "parties", None)
    if rows is not None:
        data["parties-TOTAL_FORMS"] = str(len(rows.forms))
        data["parties-INITIAL_FORMS"] = "0"
    return data


def send(client, user, name, /, *args, accept="text/html", **typed):
    """Open a form, fill in what is given, send it and return the answer."""
    page = open_page(client, user, name, *args)
    assert page.status_code == 200, page.status_code
    data = {**filled(page.context["form"]), **typed}
    return client.post(reverse(name, args=args), data, headers={"accept": accept})
