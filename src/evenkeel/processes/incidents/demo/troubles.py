"""What goes wrong in the demonstration: each trouble with its place, its cause and its cure."""

from dataclasses import dataclass

from evenkeel.processes.incidents.models import Incident

PERMANENT, WORKAROUND, NO_FAULT = (
    Incident.Resolution.PERMANENT,
    Incident.Resolution.WORKAROUND,
    Incident.Resolution.NO_FAULT,
)


@dataclass(frozen=True)
class Trouble:
    """A sort of incident: how it is told, where it belongs, what was found and done."""

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
    resolution: Incident.Resolution = PERMANENT


TROUBLES = (
    Trouble(
        "Cannot log in to notebooks",
        "The page comes back to the login form after I type the code. It worked yesterday.",
        "Interactive Notebooks", "Access / Login", "Gateway team", 3, 2,
        "Which account do you use, the federated one or the local one?",
        "Gateway node 2 answers slowly; its connection pool is used up at nine every morning.",
        "Restarted the gateway node and cleared stale sessions.", 7, WORKAROUND,
    ),
    Trouble(
        "Login code never arrives",
        "I wait for the second factor by mail and it does not come, or after it has expired.",
        "Mailing & Collaboration", "Access / Login", "Gateway team", 4, 2,
        "Can you tell us the time at which you asked for the code?",
        "The mails were held back by greylisting at the customer's relay.",
        "Put the relay on the allow list together with the customer's postmaster.",
    ),
    Trouble(
        "No permission on the project folder",
        "Permission denied when I open the shared folder of our project since this morning.",
        "Research Storage & Archive", "Access / Permission", "Storage team", 4, 3,
        "Which folder is it, and who is the principal investigator?",
        "The group was emptied by the nightly synchronisation; the project lead had changed.",
        "Restored the group and corrected the project lead in the directory.", 3,
    ),
    Trouble(
        "Batch job stays in the queue",
        "Submitted yesterday evening, still pending with reason Resources. Others start at once.",
        "Batch Compute", "Compute / Queue", "Compute team", 3, 3,
        "Please send the job number and the script.",
        "The job asks for a node type of which three are in maintenance.",
        "Moved the job to the other partition and told the user which limits apply.", 5,
    ),
    Trouble(
        "Jobs are killed after ten minutes",
        "All jobs of our group end with exit code 137 since the weekend.",
        "Batch Compute", "Compute / Queue", "Compute team", 3, 2,
        "Do the jobs ask for memory in their script?",
        "The default memory limit was lowered with the new scheduler configuration.",
        "Raised the default limit again and drained two nodes with too little memory.", 3,
    ),
    Trouble(
        "Notebook kernel dies while loading data",
        "The kernel restarts whenever I load the monthly file. Half the file works.",
        "Interactive Notebooks", "Compute / Performance", "Compute team", 4, 3,
        "How large is the file, and which image do you use?",
        "The image limits memory to 4 GB; the file needs 6 GB.",
        "Gave the user a larger profile and described it in the documentation.", 4,
    ),
    Trouble(
        "Virtual machine is very slow",
        "Our web server answers in ten seconds instead of one, at all times of the day.",
        "Virtual Machines", "Compute / Performance", "Compute team", 3, 3,
        "Since when, and was anything installed before?",
        "A neighbour on the same hypervisor uses all of its disk bandwidth.",
        "Moved the machine to another hypervisor and set a limit for the neighbour.", 3,
    ),
    Trouble(
        "Virtual machine does not start",
        "After the restart the console shows a boot device error.",
        "Virtual Machines", "Compute", "Compute team", 4, 1,
        "May we stop the machine and look at its disk?",
        "The volume was still attached to the hypervisor that went down.",
        "Detached the volume, attached it again and started the machine.",
    ),
    Trouble(
        "Transfer stops half way",
        "Transfers to Polar Data Institute stop at 40 to 60 percent with a timeout.",
        "Data Transfer", "Data transfer", "Storage team", 3, 3,
        "Is it always the same endpoint?",
        "The transfer node drops connections that are idle for five minutes during checksums.",
        "Raised the idle timeout on the transfer nodes; the transfer was completed.", 6, WORKAROUND,
    ),
    Trouble(
        "Checksum error after transfer",
        "Two of 900 files differ from the source after the transfer.",
        "Data Transfer", "Data transfer", "Storage team", 4, 3,
        "Please name the two files; we compare them on both sides.",
        "The files were still being written while the transfer ran.",
        "Transferred both files again; explained how to freeze a data set before.",
        resolution=NO_FAULT,
    ),
    Trouble(
        "Archive is slow to answer",
        "Reading back a run of last year takes hours before the first byte.",
        "Research Storage & Archive", "Storage / Archive", "Storage team", 3, 3,
        "How many files do you recall at once?",
        "Recalls are not sorted by tape; every file mounts another one.",
        "Sorted the recall by tape and doubled the drives for the weekend.", 5, WORKAROUND,
    ),
    Trouble(
        "Quota exceeded although files were deleted",
        "I removed 2 TB yesterday and still cannot write.",
        "Research Storage & Archive", "Storage / Quota", "Storage team", 4, 2,
        "Did you delete in the file browser or on the command line?",
        "The deleted files were in the recycle folder, which counts.",
        "Emptied the recycle folder with the user's consent.", 4,
    ),
    Trouble(
        "List mail arrives hours late",
        "Mail to our project list arrives three to five hours later.",
        "Mailing & Collaboration", "Mail", "Service desk", 3, 4,
        "Please forward one late mail with its full header.",
        "One address with a full mailbox held up the queue of the list.",
        "Removed the address from the list and flushed the queue.", 4,
    ),
    Trouble(
        "Mail is rejected as spam",
        "A partner outside cannot write to me, their mail comes back with a policy error.",
        "Mailing & Collaboration", "Mail", "Service desk", 4, 3,
        "Can your partner send us the rejection?",
        "The partner's domain has a broken sender policy record.",
        "Explained the record to the partner; an exception holds for two weeks.", 3, WORKAROUND,
    ),
    Trouble(
        "Wiki page shows an old version",
        "I save and see my edit, colleagues see the text of last week.",
        "Mailing & Collaboration", "Software", "Service desk", 3, 4,
        "Do your colleagues sign in, or read as guests?",
        "The cache for guests was not emptied since the last release.",
        "Emptied the cache and set its lifetime to ten minutes.",
    ),
    Trouble(
        "Plot library missing in notebook image",
        "Import fails in the newest image, in the previous one it works.",
        "Interactive Notebooks", "Software", "Compute team", 3, 3,
        "Which image tag do you use?",
        "The library was dropped by mistake when the image was rebuilt.",
        "Rebuilt the image with the library and added it to the acceptance test.", 3,
    ),
    Trouble(
        "No connection to the transfer node",
        "Connection refused from our network, from home it works.",
        "Data Transfer", "Network", "Network team", 3, 2,
        "What is your public address?",
        "A route to the customer was withdrawn by NetSpan during their maintenance.",
        "NetSpan announced the route again; connections work.", 3,
    ),
    Trouble(
        "Backbone link loses packets",
        "Monitoring: 3 % loss between Vale University and Harbour Marine Lab.",
        "Virtual Machines", "Network", "Network team", 2, 2,
        "Is the loss seen in both directions?",
        "An optical module at Harbour Marine Lab degrades with temperature.",
        "NetSpan replaced the module; no loss for two hours.",
    ),
    Trouble(
        "Disk failure in storage pool",
        "Monitoring: disk 17 of pool B reports read errors. The pool is redundant.",
        "Research Storage & Archive", "Hardware", "Storage team", 4, 3,
        "Is a spare disk on site?",
        "One disk failed, the pool is rebuilding onto the spare.",
        "Replaced the disk; the pool is healthy again.", 3,
    ),
    Trouble(
        "Certificate of the portal expires in a week",
        "Monitoring: the certificate of the transfer portal expires in seven days.",
        "Data Transfer", "Software", "Gateway team", 3, 4,
        "Does the renewal run under the new account?",
        "The renewal job ran under an account that was suspended.",
        "Renewed the certificate and gave the job its own account.",
    ),
    Trouble(
        "Suspicious login from abroad",
        "I got a mail about a login from a country where I have never been.",
        "Interactive Notebooks", "Security", "Gateway team", 4, 2,
        "Please change your password now, and tell us which machine you use.",
        "The session was the user's own, through the conference network's exit.",
        "Ended all sessions of the account; no misuse was found in the logs.", 2, NO_FAULT,
    ),
    Trouble(
        "Phishing mail in the name of the help desk",
        "A mail asks me to confirm my account on a page that is not ours.",
        "Mailing & Collaboration", "Security", "Service desk", 3, 3,
        "Did you or a colleague enter anything on the page?",
        "Eleven users received the mail, nobody entered a password.",
        "Blocked the address, removed the mail from mailboxes and warned all users.",
    ),
)  # fmt: skip
