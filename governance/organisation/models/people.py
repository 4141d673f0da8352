"""People, the posts they hold, and who stands in for them."""
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from ..querysets import PostQuerySet, StandInQuerySet, UserQuerySet


class Role(models.TextChoices):
    """Role of a post (角色)."""

    GRID_WORKER = "grid_worker", _("Grid worker")
    VILLAGE_OFFICER = "village_officer", _("Village officer")
    MEDIATOR = "mediator", _("Mediator")
    CLERK = "clerk", _("Clerk")
    PETITION_CLERK = "petition_clerk", _("Petition clerk")
    INSPECTOR = "inspector", _("Safety inspector")
    LIAISON = "liaison", _("Liaison officer")
    UNIT_HEAD = "unit_head", _("Head of unit")
    LEADER = "leader", _("Township leader")
    OFFICE = "office", _("Office of the leading group")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDITOR = "auditor", _("Auditor")


# The three separated administrations (三员分立): each excludes the other two and every other role.
SEPARATED_ROLES = frozenset({Role.SYSTEM_ADMIN.value, Role.SECURITY_ADMIN.value, Role.AUDITOR.value})
# Who may not work without a second factor where it is demanded: who administers, who sees a whole township, and who
# takes ledgers out of it.
SECOND_FACTOR_ROLES = SEPARATED_ROLES | {Role.LEADER.value, Role.OFFICE.value, Role.CLERK.value}
# What a program may be: desks that enter and read. Heads, leaders, mediators and liaison officers decide or
# answer in person, and nobody administers through an interface.
SERVICE_ROLES = frozenset({
    Role.GRID_WORKER.value, Role.VILLAGE_OFFICER.value, Role.CLERK.value, Role.PETITION_CLERK.value,
    Role.INSPECTOR.value, Role.OFFICE.value,
})


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Makes people with a hashed password; nobody is made a superuser."""

    def create_user(self, username, password=None, **fields):
        """Create a person; without a password nobody can log in as them."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who works with the portal (用户); rights come from posts only."""

    username = models.CharField(
        _("login name"), max_length=64, unique=True,
        validators=[RegexValidator(r"^[\w.@+-]+$", _("Letters, digits and . @ + - _ only."))],
        error_messages={"unique": _("This login name is taken.")},
    )
    name = models.CharField(_("full name"), max_length=60)
    name_key = models.CharField(max_length=255, editable=False)
    phone = models.CharField(_("phone"), max_length=24, blank=True)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True)
    home_unit = models.ForeignKey(
        "organisation.Unit", models.PROTECT, null=True, blank=True, related_name="people",
        verbose_name=_("home unit"),
    )
    is_active = models.BooleanField(_("active"), default=True)
    # A program, not a person: it shows a token, has no password and is given no work.
    is_service = models.BooleanField(_("service account"), default=False, editable=False)
    is_staff = models.BooleanField(default=False, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    must_change_password = models.BooleanField(default=False, editable=False)
    one_time_code_expires_at = models.DateTimeField(null=True, editable=False)
    language = models.CharField(
        _("language"), max_length=10, default="zh-hans", choices=[("zh-hans", "简体中文"), ("en", "English")]
    )
    # Part of the session's hash: raising it ends every session of the person, whatever the session store.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        default_permissions = ("add", "change", "view")
        permissions = [
            ("issue_code_user", _("Can ask for one-time codes for every user")),
            ("issue_code_own_staff", _("Can ask for one-time codes for the staff of the own unit")),
            ("release_code_user", _("Can release one-time codes that another administration asked for")),
            ("unlock_user", _("Can lift lockouts and end sessions")),
        ]
        indexes = [
            models.Index(fields=["name_key"], name="user_name_key"), models.Index(fields=["name"], name="user_name"),
        ]
        constraints = [
            # Nobody stands above the three separated administrations.
            models.CheckConstraint(condition=Q(is_superuser=False), name="user_is_never_superuser"),
        ]

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        """The full name."""
        return self.name

    def get_short_name(self):
        """The full name: Chinese names are not shortened."""
        return self.name

    def _get_session_auth_hash(self, secret=None):
        value = f"{self.password}|{self.session_epoch}"
        return salted_hmac("organisation.User.session", value, secret=secret, algorithm="sha256").hexdigest()


class FormerPhone(models.Model):
    """A number that a member of staff had until they changed it themselves (曾用号码), as its keyed hash.

    Who is a party to a matter is compared with it as with the number of today: nobody walks out of a wall by
    writing another number into their own account. Encrypted it is there so that the hash can change with its key.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="former_phones")
    phone_hash = models.CharField(max_length=64, db_index=True)
    phone_encrypted = models.BinaryField(default=b"", blank=True)
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "phone_hash"], name="former_phone_once")]


class DatedRow(models.Model):
    """Something that holds from a day to a day, both included."""

    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        abstract = True


class Post(DatedRow):
    """A post (任职): a person in a unit in a role, from a day to a day."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name=_("person"))
    unit = models.ForeignKey(
        "organisation.Unit", models.PROTECT, related_name="posts", verbose_name=_("unit")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    title = models.CharField(_("title"), max_length=60, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        default_permissions = ("change", "view")
        permissions = [("agree_to_ending_post", _("Can agree to the end of an auditor’s post"))]
        indexes = [
            models.Index(fields=["user", "from_on", "to_on"], name="post_user_days"),
            models.Index(fields=["unit", "role"], name="post_unit_role"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="post_days_ordered"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="post_role_is_known"),
            models.UniqueConstraint(
                fields=["user", "unit", "role"], condition=Q(to_on__isnull=True), name="post_open_once"
            ),
        ]

    def __str__(self):
        return f"{self.user_id}@{self.unit_id} {self.role}"


class PostProposal(models.Model):
    """A post named in an imported list (拟任职), waiting for the security administrator."""

    user = models.ForeignKey(User, models.CASCADE, related_name="proposals")
    unit = models.ForeignKey("organisation.Unit", models.CASCADE, related_name="+")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    title = models.CharField(_("title"), max_length=60, blank=True)
    from_on = models.DateField(_("from"))
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("proposed post")
        verbose_name_plural = _("proposed posts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "unit", "role"], name="proposal_once"),
        ]

    def __str__(self):
        return f"{self.user_id}@{self.unit_id} {self.role}"


class StandIn(models.Model):
    """A stand-in (代理): who does the work of an absent officer's post, from a day to a day."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="stand_ins", verbose_name=_("post"))
    user = models.ForeignKey(User, models.PROTECT, related_name="standing_in_for", verbose_name=_("stand-in"))
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"))
    reason = models.CharField(_("reason"), max_length=200)

    objects = StandInQuerySet.as_manager()

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        default_permissions = ("change", "view")
        indexes = [models.Index(fields=["user", "from_on", "to_on"], name="stand_in_user_days")]
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="stand_in_days_ordered"),
        ]

    def __str__(self):
        return f"{self.user_id} for {self.post_id}"
