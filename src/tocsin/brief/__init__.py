"""What must a minister know today? One page from all rooms, each figure with its records."""

from tocsin.brief.build import build
from tocsin.brief.html import as_html
from tocsin.brief.json_form import as_json
from tocsin.brief.model import Brief
from tocsin.brief.text import print_brief

__all__ = ["Brief", "as_html", "as_json", "build", "print_brief"]
