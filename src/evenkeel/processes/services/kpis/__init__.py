"""The figures of services (SVC-K1, SVC-K2): worked out here, for no priority tells them apart."""

from evenkeel.core.figures.declaring import EVERY, Figure, Target, Unit, Worked
from evenkeel.processes.services.kpis import kept, there

HOUR = 3600  # seconds
Figure(
    "SVC-K1",
    "services",
    "Service availability",
    "1 − the time in which services were not there ÷ their agreed hours, in the month: from the "
    "beginning of an incident that disrupted a service until it was restored, without agreed "
    "maintenance; of a degradation its degree.",
    Unit.PERCENT,
    targets={EVERY: Target(at_least=99)},
    hit="there",
    miss="not there",
    caution="All services weigh as much as their hours: look at each. By what is agreed with "
    "everybody; service reports say it of each customer.",
    worked=Worked("service", there.amounts, there.behind, there.targets, HOUR, "h"),
)
Figure(
    "SVC-K2",
    "services",
    "Targets kept",
    "Targets towards customers that were kept, of all that were kept or violated in the month.",
    Unit.PERCENT,
    targets={EVERY: Target(at_least=95)},
    hit="kept",
    miss="violated",
    caution="The share of all hides one customer that fares badly: look at each. A case counts as "
    "many targets as it had. Cases that came from elsewhere without clocks are in service reports.",
    worked=Worked("customer", kept.amounts, kept.behind),
)
