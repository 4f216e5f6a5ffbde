"""What the engine does by itself: the tasks that beat repeats, and which task answers to which nudge.

A nudge makes rows move at once; beat sweeps what a lost nudge left. Every entry names a real task (a test holds it).
"""

CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "deliveries": {"task": "notifications.tasks.send_deliveries", "schedule": 10.0, "options": {"expires": 10}},
    "escalation": {"task": "notifications.tasks.escalate", "schedule": 20.0, "options": {"expires": 20}},
    "ended-sessions": {"task": "accounts.tasks.forget_ended_sessions", "schedule": 3600.0},
    "months": {"task": "common.tasks.make_months_ahead", "schedule": 6 * 3600.0},
    "seals": {"task": "common.tasks.seal_history", "schedule": 60.0, "options": {"expires": 60}},
    "history": {"task": "common.tasks.check_history", "schedule": 24 * 3600.0},
    "requirement-changes": {
        "task": "returns.tasks.assess_requirement_changes",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "health-tests": {"task": "returns.tasks.assess_health_tests", "schedule": 15.0, "options": {"expires": 15}},
    "readiness": {"task": "returns.tasks.recheck_cases", "schedule": 60.0, "options": {"expires": 60}},
    "lists": {"task": "returns.tasks.work_off_lists", "schedule": 20.0, "options": {"expires": 20}},
    "transit-clocks": {"task": "returns.tasks.sound_transit_clocks", "schedule": 10.0, "options": {"expires": 10}},
    "movements": {"task": "returns.tasks.watch_movements", "schedule": 20.0, "options": {"expires": 20}},
    "waiting": {"task": "returns.tasks.tell_of_waiting", "schedule": 300.0, "options": {"expires": 300}},
    "retention": {"task": "returns.tasks.forget_what_is_due", "schedule": 6 * 3600.0},
    "webhooks": {"task": "notifications.tasks.send_webhooks", "schedule": 20.0, "options": {"expires": 20}},
    "channels": {"task": "notifications.tasks.tell_of_channels", "schedule": 300.0, "options": {"expires": 300}},
    "lapsed-corridors": {"task": "corridors.tasks.note_lapses", "schedule": 60.0, "options": {"expires": 60}},
    "quarantine": {"task": "partners.tasks.tell_of_quarantine", "schedule": 300.0, "options": {"expires": 300}},
    "out-of-reach": {"task": "partners.tasks.look_for_unreached", "schedule": 3600.0, "options": {"expires": 3600}},
    "beat": {"task": "notifications.tasks.beat_lives", "schedule": 20.0, "options": {"expires": 20}},
    "heartbeat": {"task": "notifications.tasks.beat_outside", "schedule": 60.0, "options": {"expires": 60}},
    "sweep": {"task": "notifications.tasks.sweep", "schedule": 60.0, "options": {"expires": 60}},
}

NUDGES: dict[str, str] = {
    "deliveries": "notifications.tasks.send_deliveries",
    "escalation": "notifications.tasks.escalate",
    "webhooks": "notifications.tasks.send_webhooks",
    "channels": "notifications.tasks.tell_of_channels",
    "quarantine": "partners.tasks.tell_of_quarantine",
    "requirement-changes": "returns.tasks.assess_requirement_changes",
    "health-tests": "returns.tasks.assess_health_tests",
    "readiness": "returns.tasks.recheck_cases",
    "lists": "returns.tasks.work_off_lists",
    "transit-clocks": "returns.tasks.sound_transit_clocks",
}
"""Name that a lower floor calls (`common.nudges.nudge`) and the task that answers."""
