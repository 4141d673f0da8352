"""`manage.py import_ledger KIND FILE --township CODE [--commit] [--json]`: an old ledger, checked or entered."""
from pathlib import Path

from django.utils.translation import gettext as _

from governance.ledgers import layout as layouts
from governance.ledgers.models import ImportBatch, ImportRow
from governance.ledgers.services import importing
from governance.ledgers.services.importing.batches import require_importer
from governance.ledgers.services.importing.telling import unit_names
from governance.organisation.management.answering import Answer, AnsweringCommand
from governance.organisation.models import Post, Unit, User
from governance.organisation.registry import Refused


class Command(AnsweringCommand):
    """Check a ledger row by row; with --commit enter the good ones. Exit 0 done, 1 errors found, 2 wrong use."""

    help = "Check an old ledger, or enter it with --commit. Exit 1: some rows are in error; 2: wrong use, nothing read."

    def add_arguments(self, parser):
        """Take kind, file and township."""
        super().add_arguments(parser)
        parser.add_argument("kind", help="which ledger, e.g. dispute")
        parser.add_argument("file", type=Path, help=".xlsx, .xls or .csv")
        parser.add_argument("--township", required=True, metavar="CODE", help="code of the township, e.g. 330122101")
        parser.add_argument("--commit", action="store_true", help="enter the good rows; without it nothing is written")
        parser.add_argument("--user", metavar="LOGIN", help="in whose name; by default the township's first clerk")

    def answer(self, options) -> Answer:
        """Read the file as an upload is read, and enter it if that is asked for."""
        township = Unit.objects.filter(code=options["township"], level="township").first()
        if township is None:
            raise Refused("township-unknown", _("There is no township %(code)s.") % {"code": options["township"]})
        kind = _kind(options["kind"])
        actor = _actor(options["user"], township, kind)
        path = options["file"]
        with path.open("rb") as file:
            batch = importing.take_in(
                actor=actor, township=township, kind=kind, name=path.name, content=file, start=False
            )
        try:
            return self._imported(batch, actor, options["commit"], with_all=options["json"])
        finally:
            # A dry run leaves nothing behind, nor does a file of which nothing could be entered.
            if not ImportRow.objects.filter(batch=batch).entered().exists():
                importing.forget(batch)

    def _imported(self, batch, actor, commit: bool, *, with_all: bool) -> Answer:
        importing.run(batch.pk)
        batch.refresh_from_db()
        if batch.refusal_code:
            raise Refused(batch.refusal_code, importing.refusal_words(batch))
        layout, units = layouts.get(batch.kind), unit_names(batch)
        # The values are told as they were understood: once a row is entered they are erased.
        held = ImportRow.objects.filter(batch=batch).order_by("position")
        held = held if with_all else held.filter(verdict=ImportRow.Verdict.ERROR)
        rows = {row.position: importing.told_row(row, layout, units) for row in held.iterator()}
        if commit and batch.new_count + batch.update_count:
            importing.order_commit(batch_id=batch.pk, actor=actor, start=False)
            importing.run(batch.pk)
            batch.refresh_from_db()
            _add_fates(rows, batch)
        is_entered = batch.state == ImportBatch.State.COMMITTED
        data = {
            "batch": batch.pk if is_entered else None, "committed": commit, "read": batch.read_count,
            "new": batch.new_count, "same": batch.same_count, "update": batch.update_count,
            "error": batch.error_count, "columns": importing.columns_of(batch), "notes": importing.notes_of(batch),
            "rows": list(rows.values()),
        }
        return Answer(data, _lines(data), is_wrong=bool(batch.error_count))


def _kind(typed: str) -> str:
    known = [one.kind for one in layouts.all_layouts() if one.is_read]
    if typed in known:
        return typed
    raise Refused("ledger-unknown", _("There is no ledger “%(kind)s”; there are: %(known)s.") % {
        "kind": typed, "known": ", ".join(known),
    })


def _actor(login: str | None, township: Unit, kind: str) -> User:
    """Whoever is named, else the first who may import there; the timeline says who it was."""
    users = User.objects.active().order_by("pk")
    if login:
        user = users.filter(username=login).first()
        if user is None:
            raise Refused("user-unknown", _("There is no user %(login)s.") % {"login": login})
        require_importer(user, township, kind)
        return user
    for user in users.filter(pk__in=Post.objects.filter(unit__township=township).values("user_id")):
        try:
            require_importer(user, township, kind)
        except Refused:
            continue
        return user
    raise Refused("nobody-may-import", _("Nobody in this township may import: give somebody a clerk's post first."))


def _add_fates(rows: dict[int, dict], batch) -> None:
    """The verdicts after entering: a row that the door refused is an error now."""
    after = ImportRow.objects.filter(batch=batch).values_list("position", "verdict", "reason_code", "matter__number")
    for position, verdict, reason, number in after.iterator():
        if position in rows:
            rows[position] |= {"verdict": verdict, "reason": reason, "number": number or ""}


def _lines(data) -> list[str]:
    counts = _("%(read)d rows: %(new)d new, %(same)d same, %(update)d to update, %(error)d in error.") % data
    lines = [counts, *data["notes"]]
    lines += [f"{row['sheet']}!{row['row']} {row['words']}" for row in data["rows"] if row["verdict"] == "error"]
    if not data["committed"]:
        lines.append(_("Nothing was entered: this was a dry run. Add --commit to enter the good rows."))
    return lines
