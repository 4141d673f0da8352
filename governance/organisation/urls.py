"""Addresses of accounts and of the organisation."""
from django.urls import path

from .views import account, changes, clients, guide, people, units

app_name = "organisation"
urlpatterns = [
    path("accounts/login/", account.Login.as_view(), name="login"),
    path("accounts/logout/", account.Logout.as_view(), name="logout"),
    path("accounts/me/", account.me, name="me"),
    path("accounts/password/", account.password, name="password"),
    path("organisation/users/", people.users, name="users"),
    path("organisation/users/new/", people.user_new, name="user-new"),
    path("organisation/users/import/", people.users_import, name="users-import"),
    path("organisation/users/<int:pk>/", people.user, name="user"),
    path("organisation/users/<int:pk>/edit/", people.user_edit, name="user-edit"),
    path("organisation/users/<int:pk>/close/", people.user_close, name="user-close"),
    path("organisation/users/<int:pk>/open/", people.user_open, name="user-open"),
    path("organisation/users/<int:pk>/code/", people.code, name="user-code"),
    path("organisation/users/<int:pk>/unlock/", people.unlock, name="user-unlock"),
    path("organisation/users/<int:pk>/appoint/", people.appoint, name="appoint"),
    path("organisation/posts/<int:pk>/end/", people.post_end, name="post-end"),
    path("organisation/posts/<int:pk>/hand-over/", people.post_hand_over, name="post-hand-over"),
    path("organisation/posts/<int:pk>/stand-in/", people.stand_in, name="stand-in"),
    path("organisation/stand-ins/<int:pk>/end/", people.stand_in_end, name="stand-in-end"),
    path("organisation/units/", units.units, name="units"),
    path("organisation/units/new/", units.unit_new, name="unit-new"),
    path("organisation/units/import/", units.units_import, name="units-import"),
    path("organisation/units/<int:pk>/rename/", units.unit_rename, name="unit-rename"),
    path("organisation/units/<int:pk>/close/", units.unit_close, name="unit-close"),
    path("organisation/units/<int:pk>/merge/", units.unit_merge, name="unit-merge"),
    path("organisation/duties/", units.duties, name="duties"),
    path("organisation/duties/new/", units.duty_new, name="duty-new"),
    path("organisation/duties/<int:pk>/end/", units.duty_end, name="duty-end"),
    path("organisation/clients/", clients.clients, name="clients"),
    path("organisation/clients/new/", clients.client_new, name="client-new"),
    path("organisation/clients/<int:pk>/", clients.client, name="client"),
    path("organisation/clients/<int:pk>/tokens/new/", clients.token_new, name="token-new"),
    path("organisation/tokens/<int:pk>/release/", clients.token_release, name="token-release"),
    path("organisation/tokens/<int:pk>/revoke/", clients.token_revoke, name="token-revoke"),
    path("help/", guide.guide, name="guide"),
    path("organisation/changes/", changes.changes, name="changes"),
]
