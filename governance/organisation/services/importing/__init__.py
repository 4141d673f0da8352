"""Taking the organisation in from files: official divisions, and lists of people (导入)."""
from .divisions import DivisionReport, import_divisions
from .people import UserReport, import_users
from .template import users_list_template

__all__ = ["DivisionReport", "UserReport", "import_divisions", "import_users", "users_list_template"]
