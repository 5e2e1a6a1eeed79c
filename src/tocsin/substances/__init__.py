"""What is it, and is it controlled here, on this route, on that day, and by which words of which text?"""

from tocsin.substances.control import judge
from tocsin.substances.identify import Identified, identify
from tocsin.substances.registry import Registry, registry
from tocsin.substances.route import along
from tocsin.substances.screening import Screen
from tocsin.substances.verdicts import Answer

__all__ = ["Answer", "Identified", "Registry", "Screen", "along", "identify", "judge", "registry"]
