"""Stores: where data rests between two calls that never see one another, and the libraries that lead there.

cursor.execute("SELECT phone FROM users")       databases.py
User.objects.filter(city="Oslo")                queries.py
frame.merge(uploads, on="phone")                dataframes.py
producer.send("login-codes", value=code)        queues.py
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.core_tables import call_core
from flowcheck.flow.databases import call_database
from flowcheck.flow.dataframes import call_dataframe
from flowcheck.flow.frames import Frame
from flowcheck.flow.lookups import note_lookup
from flowcheck.flow.model_meta import call_meta
from flowcheck.flow.queries import call_query
from flowcheck.flow.queues import call_queue
from flowcheck.flow.task_queues import call_task
from flowcheck.flow.values import Value
from flowcheck.flow.web_forms import call_form
from flowcheck.flow.web_views import call_view

CALLS = (
    call_task, call_meta, call_core, call_view, call_form, call_query, call_dataframe, call_database, call_queue,
)  # fmt: skip


def call_store(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """What a call of a store's client gives; None when it is none."""
    note_lookup(frame, name, receiver, arguments, at)
    for call in (
        call_task,
        call_meta,
        call_core,
        call_view,
        call_form,
        call_query,
        call_dataframe,
        call_database,
        call_queue,
    ):
        found = call(frame, name, receiver, arguments, at)
        if found is not None:
            return found
    return None
