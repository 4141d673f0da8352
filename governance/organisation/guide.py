"""What everybody and the administrators read on the help page (使用帮助)."""
from django.utils.translation import gettext_lazy as _

from .registry import HelpTopic as Topic
from .registry import register_topics

_SYSTEM, _SECURITY, _AUDITOR = (frozenset({role}) for role in ("system_admin", "security_admin", "auditor"))

register_topics(
    Topic("login", _("Logging in for the first time"), (
        _("You get a login name and a one-time code, in person. The code works once."),
        _("With the code you log in and choose a password of your own, of ten characters or more."),
        _("Whoever decides or administers also sets up a second factor on their phone; write down the recovery codes."),
    ), order=60),
    Topic("forgotten", _("Password or phone lost"), (
        _("Ask your system administrator, or the head of your unit, for a new one-time code."),
        _("A second person from another administration has to confirm it, so allow some time; you are told of it."),
        _("After several wrong passwords the login is locked for a while; the security administrator can lift it."),
    ), order=61),
    Topic("kept", _("What you typed is not lost"), (
        _("Drafts are kept while you type. If you are logged out, log in again and the text is there."),
        _("If somebody else changed the same matter meanwhile, you are shown what changed before anything is saved."),
        _("Nothing is deleted: what is wrong is corrected with a reason, and the history keeps both."),
    ), order=62),
    Topic("sight", _("What you see, and what not"), (
        _("Your posts decide what you see: your grid, village, unit or township, and what you are named in."),
        _("Whoever is a party to a matter, or has stepped aside, sees nothing of it anywhere."),
        _("Telephone numbers and addresses are masked. Each look asks for a reason and is on record."),
    ), order=63),
    Topic("not-held", _("What is not written down here"), (
        _("No identity-card number, religion, ethnicity, politics or health of residents; mask them on scans."),
        _("Matters are recorded, never lists, scores or files about people."),
    ), order=64),
    Topic("divisions", _("Set up units and people"), (
        _("Import the official divisions, then add departments and grids."),
        _("Import the list of people; print the one-time codes and hand each over in person."),
        _("Each appointment is a proposal until the security administrator confirms it."),
    ), _SYSTEM, "organisation:users", 10),
    Topic("duties", _("Say who answers for what"), (
        _("For each line of work name the leader in charge and the leader responsible for each village."),
        _("Reminders of what is overdue climb along these duties; without them they go to the office."),
    ), _SYSTEM, "organisation:duties", 11),
    Topic("clients", _("Connect another system"), (
        _("Open a client with a purpose and posts, then issue a token with as few scopes as it needs."),
        _("The security administrator releases the token; it is shown once."),
    ), _SYSTEM, "organisation:clients", 15),
    Topic("release", _("Confirm posts, lift locks"), (
        _("Look at each proposed post: is it the right person, unit, role and day? Confirm or refuse it."),
        _("Nobody confirms their own post, and administrators hold no other role."),
        _("Lift a locked login after you have spoken with the person."),
    ), _SECURITY, "organisation:users", 10),
    Topic("audit", _("Read what was done"), (
        _("The change log says who changed units, people, posts, words and lengths, with what held before."),
        _("Narrow it by person, subject and day; ask where a reason is thin."),
    ), _AUDITOR, "organisation:changes", 10),
)
