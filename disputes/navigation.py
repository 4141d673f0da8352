"""What the interface of disputes lets a token be used for (导航与权限登记)."""
from django.utils.translation import gettext_lazy as _

from governance.organisation.registry import Scope, register_scope

register_scope(Scope("disputes:write", _("Register disputes and take their steps")))
