"""Who may import, and who sees what was imported."""

from evenkeel.core.rules.permissions import auditor, sms_manager, sms_owner, system

# In whose name rows come in. The steps of the import itself are done by the SMS alone, so that no
# page or script can record an import that never was.
IMPORTERS = (system | sms_manager).named("the SMS manager or the SMS itself")

VISIBLE = sms_owner | sms_manager | auditor | system
INSIDE = VISIBLE

IMPORT = {
    "record": system,
    "finish": system,
    "break_off": system,
    "undo": IMPORTERS,
    "conclude_undo": system,
}
