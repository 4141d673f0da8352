"""What the disputes hand down to be kept (保管登记): the townships' own forms of papers."""
from django.utils.translation import gettext_lazy as _

from governance.keeping.registry import FileSource, register_files

from .models import PaperTemplate

register_files(FileSource("paper_template", _("Paper templates"), PaperTemplate.objects.all))
