"""What is asked for in the demonstration: nine sorts of service requests, and how they end."""

from dataclasses import dataclass

from evenkeel.processes.incidents.models import ServiceRequest

Kind = ServiceRequest.Wish


@dataclass(frozen=True)
class Request:
    """A sort of service request: how it is told, where it belongs, how it is fulfilled."""

    wish: Kind
    title: str
    description: str
    service: str
    category: str
    team: str
    impact: int
    urgency: int
    question: str
    finding: str
    solution: str
    weight: int = 2


REQUESTS = (
    Request(
        Kind.ACCESS, "Account for a new colleague",
        "A colleague joins our project on Monday and needs notebooks and storage.",
        "Interactive Notebooks", "Access", "Service desk", 4, 3,
        "Which project, and until when?",
        "Approved by the principal investigator.",
        "Account made, invited to the project, first steps sent.", 5,
    ),
    Request(
        Kind.ACCESS, "Read access to the climate archive",
        "For a comparison study I need to read the runs of last year.",
        "Research Storage & Archive", "Access / Permission", "Storage team", 4, 4,
        "Who is the owner of the data?",
        "The owner agreed in writing.",
        "Access granted until the end of the study.", 3,
    ),
    Request(
        Kind.CHANGE, "More quota for a project",
        "Our quota of 10 TB will be full by the end of the month, 20 TB would do.",
        "Research Storage & Archive", "Storage / Quota", "Storage team", 4, 3,
        "Is part of the data ready for the archive?",
        "Within the agreed share of the customer.",
        "Quota raised; 3 TB of old runs moved to the archive on the way.", 4,
    ),
    Request(
        Kind.CHANGE, "New virtual machine",
        "4 cores, 16 GB, 200 GB disk for the data portal of our project.",
        "Virtual Machines", "Compute", "Compute team", 4, 3,
        "Must it be reached from outside?",
        "Fits into the project's share; name and firewall are agreed.",
        "Machine made from the standard image and handed over.", 3,
    ),
    Request(
        Kind.CHANGE, "Larger virtual machine",
        "The data portal needs 32 GB of memory from next week.",
        "Virtual Machines", "Compute / Performance", "Compute team", 4, 3,
        "When may the machine restart?",
        "Memory is free on the hypervisor.",
        "Resized and restarted in the agreed window.",
    ),
    Request(
        Kind.CHANGE, "Software in the batch environment",
        "We need version 12 of the assembler as a module.",
        "Batch Compute", "Software", "Compute team", 3, 4,
        "Is a licence needed?",
        "Free licence; builds with the current compilers.",
        "Module installed and listed in the documentation.",
    ),
    Request(
        Kind.CHANGE, "New mailing list",
        "A list for the steering group, about twenty members, closed.",
        "Mailing & Collaboration", "Mail", "Service desk", 4, 4,
        "Who moderates it?",
        "Name is free, moderator agreed.",
        "List made, moderator instructed.",
    ),
    Request(
        Kind.INFORMATION, "Which storage for which data",
        "Where do we put raw data of 5 TB that is read once a year?",
        "Research Storage & Archive", "Storage", "Service desk", 4, 4,
        "Are there personal data among them?",
        "Archive tier fits; no personal data.",
        "Explained the tiers and their targets; the archive fits.", 3,
    ),
    Request(
        Kind.ADVICE, "How to move 40 TB to another site",
        "We plan to move a data set to Polar Data Institute in summer.",
        "Data Transfer", "Data transfer", "Storage team", 3, 4,
        "Which day would suit both sides?",
        "Needs about two nights at the usual rate.",
        "Plan for two nights agreed, with a trial run of 1 TB before.", 2,
    ),
)  # fmt: skip
