"""Three months of incidents and requests of the demonstration: invented, the same every time."""

from evenkeel.core.process import demonstrations
from evenkeel.processes.incidents.demo.filling import fill

demonstrations.append(fill)
