"""What changes of units, people, posts, duties and clients say (组织变更的措辞)."""
from django.utils.translation import gettext_lazy as _

from .models import Post, Responsibility, Role, Unit, UnitLevel, User, line_choices
from .phones import mask_phone
from .registry import (
    ChangeSubject,
    ChangeVerb,
    Difference,
    Fact,
    all_scopes,
    all_steps,
    register_subject,
    register_verbs,
)
from .sentences import day, listed, moment

UNIT, USER, POST, DUTY, TIME = "unit", "user", "post", "duty", "time"


def unit_names(ids) -> dict[str, str]:
    """Short names of units by id."""
    return {str(pk): name for pk, name in Unit.objects.filter(pk__in=ids).values_list("pk", "short_name")}


def township_names(codes) -> dict[str, str]:
    """Short names of townships by code."""
    return dict(Unit.objects.filter(code__in=codes).values_list("code", "short_name"))


def _people(ids) -> dict[str, str]:
    return {str(pk): name for pk, name in User.objects.filter(pk__in=ids).values_list("pk", "name")}


def _posts(ids) -> dict[str, str]:
    rows = Post.objects.filter(pk__in=ids).values_list("pk", "user__name", "unit__short_name", "role")
    return {str(pk): f"{name}（{unit} {_role(role)}）" for pk, name, unit, role in rows}


def _duties(ids) -> dict[str, str]:
    """A duty has no name of its own: its sentences say whose it is, and for what."""
    return dict.fromkeys(ids, "")


def _role(code: str):
    return Role(code).label if code in Role.values else code


def _level(code: str):
    return UnitLevel(code).label if code in UnitLevel.values else code


def _line(code: str):
    return dict(line_choices()).get(code, code)


def _responsibility(code: str):
    return Responsibility(code).label if code in Responsibility.values else code


def _scope(code: str):
    return next((scope.label for scope in all_scopes() if scope.code == code), code)


def _language(code: str):
    return dict(User._meta.get_field("language").flatchoices).get(code, code)


def _mail(address: str) -> str:
    """The first letter and the domain: that it changed, not how to write there."""
    name, mark, domain = address.partition("@")
    return f"{name[:1]}***{mark}{domain}"


def _of_person(label, name: str, words=str) -> Difference:
    return Difference(label, Fact(f"personal.before.{name}", words), Fact(f"personal.{name}", words), field=name)


def _steps(ids) -> dict[str, str]:
    labels = {step.code: str(step.label) for step in all_steps()}
    return {pk: labels.get(pk.partition(":")[0], pk) for pk in ids}


register_subject(ChangeSubject("setup", _("Setting up"), _steps))
register_subject(ChangeSubject(UNIT, _("Units"), unit_names))
register_subject(ChangeSubject(USER, _("People, posts and clients"), _people))
register_subject(ChangeSubject(POST, _("Posts"), _posts))
register_subject(ChangeSubject(DUTY, _("Duties"), _duties))
register_subject(ChangeSubject(TIME, _("The machine's time"), lambda ids: {pk: _("The machine's time") for pk in ids}))

_OPEN = _("until further notice")
_IN = {"unit": Fact("unit", of=UNIT), "role": Fact("role", _role)}
_DAYS = {"from_on": Fact("from_on", day), "to_on": Fact("to_on", day, empty=_OPEN)}
_DUTY = {
    "post": Fact("post", of=POST), "unit": Fact("unit", of=UNIT), "line": Fact("line", _line),
    "responsibility": Fact("responsibility", _responsibility), "on": Fact("on", day),
}

_JUMP = {"from_at": Fact("from_at", moment), "to_at": Fact("to_at", moment)}
register_verbs(
    ChangeVerb(TIME, "doubted", _("The machine's time jumped from %(from_at)s to %(to_at)s; tasks wait"), _JUMP),
    ChangeVerb(
        TIME, "confirmed", _("The machine's time was confirmed after a jump from %(from_at)s to %(to_at)s: %(reason)s"),
        {**_JUMP, "reason": Fact("personal.reason")},
    ),
    ChangeVerb(TIME, "right_again", _("The machine's time is where it was, after a jump at %(from_at)s"), _JUMP),
    ChangeVerb(
        UNIT, "created", _("The unit %(name)s (%(level)s, code %(code)s) was made below %(parent)s"),
        {"name": Fact("name"), "level": Fact("level", _level), "code": Fact("code"),
         "parent": Fact("parent", of=UNIT, empty=_("no other unit"))},
    ),
    ChangeVerb(
        UNIT, "renamed", _("%(subject)s was renamed"), {},
        (Difference(_("Name of the unit"), Fact("before"), Fact("name")),
         Difference(_("Short name"), Fact("before_short_name"), Fact("short_name"))),
    ),
    ChangeVerb(UNIT, "closed", _("%(subject)s was closed; its last day is %(on)s"), {"on": Fact("on", day)}),
    ChangeVerb(
        UNIT, "merged", _("%(subject)s was merged into %(into)s; its last day is %(on)s; %(posts)s posts went over"),
        {"into": Fact("into", of=UNIT), "on": Fact("on", day), "posts": Fact("posts", len, empty="0")},
    ),
    ChangeVerb(
        USER, "created", _("An account was made for %(subject)s, home unit %(home_unit)s"),
        {"home_unit": Fact("home_unit", of=UNIT, empty=_("none"))},
    ),
    ChangeVerb(
        USER, "updated", _("The data of %(subject)s was changed"), {},
        (_of_person(_("Full name"), "name"), _of_person(_("Phone"), "phone", mask_phone),
         _of_person(_("E-mail"), "email", _mail),
         Difference(_("Home unit"), Fact("before.home_unit", of=UNIT), Fact("home_unit", of=UNIT), field="home_unit"),
         Difference(_("Language"), Fact("before.language", _language), Fact("language", _language), field="language")),
    ),
    ChangeVerb(USER, "code_issued", _("%(subject)s was given a one-time code; every session of theirs ended")),
    ChangeVerb(USER, "code_asked", _("A one-time code was asked for in place of the password of %(subject)s")),
    ChangeVerb(
        USER, "code_released", _("The one-time code of %(subject)s was released; every session of theirs ended")
    ),
    ChangeVerb(USER, "code_dropped", _("The one-time code of %(subject)s was not released")),
    ChangeVerb(
        USER, "proposal_declined", _("The proposal to appoint %(subject)s %(role)s of %(unit)s was turned down"), _IN
    ),
    ChangeVerb(
        USER, "ending_asked",
        _("The end of the post of %(subject)s as %(role)s of %(unit)s on %(to_on)s was asked for"),
        {**_IN, **_DAYS},
    ),
    ChangeVerb(
        USER, "ending_agreed",
        _("The end of the post of %(subject)s as %(role)s of %(unit)s on %(to_on)s was agreed to"), {**_IN, **_DAYS},
    ),
    ChangeVerb(
        USER, "ending_dropped", _("The post of %(subject)s as %(role)s of %(unit)s goes on: its end was not agreed to"),
        _IN,
    ),
    ChangeVerb(USER, "password_changed", _("%(subject)s set a new password")),
    ChangeVerb("setup", "let_stand", _("Of setting up, “%(subject)s” was left as it is")),
    ChangeVerb(USER, "deactivated", _("The account of %(subject)s was closed")),
    ChangeVerb(USER, "reactivated", _("The account of %(subject)s was opened again")),
    ChangeVerb(USER, "sessions_ended", _("Every session of %(subject)s was ended")),
    ChangeVerb(USER, "second_factor_set", _("%(subject)s set up a second factor; every other session of theirs ended")),
    ChangeVerb(USER, "second_factor_removed", _("The second factor of %(subject)s was taken away")),
    ChangeVerb(USER, "recovery_codes_renewed", _("%(subject)s made new recovery codes")),
    ChangeVerb(USER, "session_ended", _("%(subject)s ended sessions of their own on other devices")),
    ChangeVerb(USER, "lockout_lifted", _("The lockout of %(subject)s after wrong passwords was lifted")),
    ChangeVerb(
        USER, "appointed", _("%(subject)s was appointed %(role)s of %(unit)s, %(from_on)s – %(to_on)s"),
        {**_IN, **_DAYS},
    ),
    ChangeVerb(
        USER, "post_ended", _("The post of %(subject)s as %(role)s of %(unit)s ends; its last day is %(to_on)s"),
        {**_IN, **_DAYS},
    ),
    ChangeVerb(
        USER, "stand_in_set",
        _("%(stand_in)s stands in for %(subject)s as %(role)s of %(unit)s, %(from_on)s – %(to_on)s"),
        {**_IN, **_DAYS, "stand_in": Fact("stand_in", of=USER)},
    ),
    ChangeVerb(
        USER, "stand_in_ended",
        _("%(stand_in)s no longer stands in for %(subject)s as %(role)s of %(unit)s after %(to_on)s"),
        {**_IN, **_DAYS, "stand_in": Fact("stand_in", of=USER)},
    ),
    ChangeVerb(USER, "address_lockout_lifted", _("%(subject)s lifted the lockout of the address %(address)s"),
               {"address": Fact("address")}),
    ChangeVerb(USER, "logins_exported", _("%(subject)s took the login log out as a table")),
    ChangeVerb(USER, "client_created", _("The client %(subject)s was made for the interface")),
    ChangeVerb(
        USER, "token_issued", _("The client %(subject)s was given the token %(token)s until %(expires)s: %(scopes)s"),
        {"token": Fact("token"), "expires": Fact("expires", day), "scopes": Fact("scopes", listed(_scope))},
    ),
    ChangeVerb(
        USER, "token_released", _("The token %(token)s of the client %(subject)s was released for use"),
        {"token": Fact("token")},
    ),
    ChangeVerb(
        USER, "token_revoked", _("The token %(token)s of the client %(subject)s was ended for good"),
        {"token": Fact("token")},
    ),
    ChangeVerb(
        DUTY, "duty_assigned", _("%(post)s answers for %(line)s in %(unit)s from %(on)s: %(responsibility)s"), _DUTY
    ),
    ChangeVerb(
        DUTY, "duty_ended",
        _("%(post)s no longer answers for %(line)s in %(unit)s after %(on)s (%(responsibility)s)"), _DUTY,
    ),
)
