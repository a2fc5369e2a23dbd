"""Three months of incidents and requests of the demonstration: invented, the same every time."""

from evenkeel.core.process import demonstrations, endings
from evenkeel.processes.incidents.demo.filling import fill
from evenkeel.processes.incidents.demo.prepared import look_again

demonstrations.append(fill)
endings.append(look_again)
