"""The services of the demonstration: what they are, what they are made of, who owns them."""

from datetime import datetime, timedelta
from typing import Any

from evenkeel.core.directory.actions import role
from evenkeel.core.directory.models import Organisation, Role
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.process import DAYS
from evenkeel.core.records.entry import Via
from evenkeel.processes.services.actions import component
from evenkeel.processes.services.actions.service import phase_out, record
from evenkeel.processes.services.models import Service, ServiceComponent

PROVIDER = "AURELIA Hub"
SERVICES = {
    "Batch Compute": "Large calculations run unattended, on more cores than any member has alone.",
    "Interactive Notebooks": "Researchers explore data in the browser, beside the data itself.",
    "Research Storage & Archive": "Data outlives the project, and is found and read back in years.",
    "Data Transfer": "Terabytes reach another site overnight, checked to the last byte.",
    "Virtual Machines": "A project gets a server of its own within a day.",
    "Mailing & Collaboration": "People of many organisations reach each other and write together.",
}
# What it is, and how well it is meant to be; the portfolio shows who has not written that yet.
DESCRIBED = {
    "Batch Compute": (
        "A queue for calculations: members hand in jobs, and fetch the results.",
        "Jobs of an hour begin within a day. 98 % of the agreed hours.",
    ),
    "Interactive Notebooks": (
        "Notebooks with common libraries and access to one’s own data.",
        "A notebook opens within a minute. 99 % of the agreed hours.",
    ),
    "Research Storage & Archive": (
        "Space for projects that is copied to two sites, and an archive on tape.",
        "Ten years of safekeeping; what is in the archive is back within a day.",
    ),
    "Data Transfer": (
        "Transfers between sites by a portal or a client, with checksums.",
        "10 Gbit/s between members.",
    ),
    "Virtual Machines": (
        "Servers from prepared images, that members look after themselves.",
        "99.5 % of the agreed hours.",
    ),
    "Mailing & Collaboration": (
        "Mailboxes, lists, and a place to write and meet together.",
        "Mail is delivered within five minutes. 99 % of the agreed hours.",
    ),
}
PLANS = "https://plans.example.org/"
# Title -> phase, value, where its plan is, days until its review. The last one was forgotten.
OTHERS: dict[str, tuple[str, str, str, int]] = {
    "Notebooks on GPUs": (
        "planned",
        "Researchers train models without a cluster of their own.",
        f"{PLANS}gpu-notebooks",
        60,
    ),
    "Survey Forms": (
        "proposed",
        "Groups ask their communities without a tool from abroad.",
        "",
        30,
    ),
    "Old File Share": ("retiring", "", f"{PLANS}end-of-old-file-share", -20),
}
# A service that is for one customer only, whose people alone find it on the portal.
CLOSED, CLOSED_TO = "Genome Vault", "Coastal Genomics Consortium"
VAULT = {
    "value": "Genomes of patients are kept and computed on where nobody else comes near.",
    "description": "A closed room of storage and compute, with an entry of its own.",
    "quality": "99.5 % of the agreed hours. Every access is written down.",
}
REVIEWED = "Data Transfer"  # whose review is due
# What services are made of: service -> parts, and what those are made of.
MADE_OF: dict[str, dict[str, tuple[str, ...]]] = {
    "Batch Compute": {
        "Login gateway": ("Two-factor sign-in",),
        "Scheduler": ("Queue database", "Fair-share accounting"),
        "Compute partition": (),
    },
    "Research Storage & Archive": {
        "Disk pool": ("Metadata store",),
        "Tape library": ("Restore queue",),
    },
    "Mailing & Collaboration": {"Mail relay": ("Spam filter",), "Mailbox store": ()},
}

OWNERS = {
    "Batch Compute": "felix",
    "Interactive Notebooks": "sofia",
    "Research Storage & Archive": "mireille",
    "Data Transfer": "mireille",
    "Virtual Machines": "sofia",
    "Mailing & Collaboration": "aisha",
    CLOSED: "mireille",
}
# Whom it is with -> kind, title, terms. What is said to the customer is the same for all.


def offer_services(people: dict[str, User], now: datetime) -> None:
    """Take the services into the portfolio, as they stood when the story begins."""
    provider = Organisation.objects.filter(title=PROVIDER).first()
    start = now - timedelta(days=DAYS)
    for title, value in SERVICES.items():
        record(
            Service(),
            by=people["tomas"],
            at=start,
            via=Via.DEMO,
            title=title,
            value=value,
            description=DESCRIBED[title][0],
            quality=DESCRIBED[title][1],
            review_on=(now + timedelta(days=-3 if title == REVIEWED else 120)).date(),
            organisation=provider,
        )
    vault: dict[str, Any] = {
        "title": CLOSED,
        **VAULT,
        "open_to_all": False,
        "organisation": provider,
    }
    how: dict[str, Any] = {"by": people["tomas"], "at": start, "via": Via.DEMO}
    record(Service(), **how, **vault, review_on=(now + timedelta(days=200)).date())
    _offer_others(people["tomas"], provider, start, now)


def _offer_others(by: User, provider: Any, at: datetime, now: datetime) -> None:
    """What is to come, and what will end."""
    how: dict[str, Any] = {"by": by, "at": at, "via": Via.DEMO}
    for title, (phase, value, plan, days) in OTHERS.items():
        made = record(
            Service(),
            **how,
            title=title,
            phase="live" if phase == "retiring" else phase,
            value=value,
            plan=plan,
            review_on=(now + timedelta(days=days)).date(),
            organisation=provider,
        )
        if phase == "retiring":
            phase_out(made, **how, reason="Research Storage & Archive does the same, and better.")


def build_services(people: dict[str, User], now: datetime) -> None:
    """Say what some of them are made of."""
    how: dict[str, Any] = {"by": people["tomas"], "via": Via.DEMO}
    how["at"] = now - timedelta(days=DAYS)
    for title, parts in MADE_OF.items():
        service = Service.objects.get(title=title)
        for name, smaller in parts.items():
            part = component.record(ServiceComponent(), **how, title=name, service=service)
            for one in smaller:
                component.record(
                    ServiceComponent(), **how, title=one, service=service, part_of=part
                )


def name_owners(people: dict[str, User], now: datetime) -> None:
    """Each service has an owner, who answers for it to customers and is told of what hurts it."""
    start = now - timedelta(days=DAYS)
    how: dict[str, Any] = {"by": people["tomas"], "at": start, "via": Via.DEMO}
    for title, login in OWNERS.items():
        service = Service.objects.get(title=title)
        made = role.record(
            Role(),
            **how,
            title=f"Owner of {title}",
            role_type=RoleType.SERVICE_OWNER,
            context=service.number,
            definition="Answer for the service to its customers\nDecide how it goes on",
        )
        role.assign(made, **how, person=people[login], starts_at=start)
