"""Python itself and its standard library, as far as they need the interpreter and not a row of a model.

    HANDLERS["builtins.getattr"]        builtin_attributes.call_getattr

A module is imported here for what it registers; who reads `HANDLERS` from here finds all of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from flowcheck.flow import (
    abstract_collections,
    addresses,
    archives,
    argument_parsers,
    attribute_writes,
    builtin_attributes,
    builtin_containers,
    builtin_iteration,
    builtin_types,
    byte_buffers,
    contexts,
    copies,
    core_tables,
    decorator_library,
    descriptors,
    elements,
    enum_library,
    evaluated,
    extended_library,
    files,
    formats,
    functools_library,
    futures_library,
    handlers,
    heaps,
    hooks,
    iterators,
    logs,
    metaclasses,
    model_library,
    namespaces,
    pools,
    records_library,
    row_texts,
    runtime_library,
    serialization,
    settings,
    streams,
    supplied,
    tables,
    thread_values,
    threads,
    tortoise_models,
    tracebacks,
    web_views,
)

REGISTERED = (
    abstract_collections, addresses, archives, argument_parsers, attribute_writes, builtin_attributes,
    builtin_containers, builtin_iteration, builtin_types, byte_buffers, contexts, copies, core_tables,
    decorator_library, descriptors, elements, enum_library, evaluated, extended_library, files, formats,
    functools_library, futures_library, heaps, hooks, iterators, logs, metaclasses, model_library, namespaces, pools,
    records_library, row_texts, runtime_library, serialization, settings, streams, supplied, tables, thread_values,
    threads, tortoise_models, tracebacks, web_views,
)  # fmt: skip
"""The modules whose functions stand in the registry."""

HANDLERS: Mapping[str, handlers.Handler] = handlers.HANDLERS
"""What is called under each dotted name."""

OTHERS = frozenset(
    {"abc.ABC", "contextlib.ExitStack", "contextlib.AsyncExitStack", "contextlib.ContextDecorator"}
    | {f"typing.{name}" for name in ("Any", "Generic", "Protocol", "TYPE_CHECKING", "Text", "IO", "TextIO", "BinaryIO")}
    | {"collections.UserList", "collections.UserString", "json.JSONDecoder"}
    | {"asyncio.Task", "asyncio.AbstractEventLoop"}
)
"""Names that the interpreter knows and nobody calls under their own."""

OWNERS = OTHERS | {name.rpartition(".")[0] for name in HANDLERS}
"""Classes and modules of which something is known."""
