"""Queues: messages of known clients, sent to a topic, queue or channel under a constant name.

    producer = KafkaProducer(...); producer.send("partner-audience", value=row)
        a use, where a rule speaks of the topic; else whoever consumes the topic of that name reads the row

One row of `SENDERS` is one client: the library, the method, where the topic stands, where the message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value
from flowcheck.flow.clearing import guarded
from flowcheck.flow.columns import names_in
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.documents import document_in, note_document
from flowcheck.flow.events import Cell, Stored, add_event
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items
from flowcheck.flow.rule_names import is_allowed_here, plain_name
from flowcheck.flow.sinks import reach, whole_sink
from flowcheck.flow.texts import HOLE
from flowcheck.flow.values import (
    ELEMENT,
    NO_TAINTS,
    NOTHING,
    UNKNOWN_VALUE,
    Below,
    Chain,
    Const,
    Content,
    ObjectId,
    Taint,
    Taints,
    Value,
    attr,
    const,
    derived,
    join,
    join_all,
    joined_taints,
    key,
    result_name,
    with_hop,
)
from flowcheck.rules.model import TopicTarget
from flowcheck.rules.texts import TextPattern


@dataclass(frozen=True, slots=True)
class Client:
    """A method of a client: `topic` and `messages` are positions or names of its arguments."""

    library: str
    method: str
    topic: tuple[int | str, ...]
    messages: tuple[int | str, ...]


SENDERS = (
    Client("kafka", "send", (0, "topic"), (1, 2, "value", "key", "headers")),
    Client("aiokafka", "send", (0, "topic"), (1, 2, "value", "key", "headers")),
    Client("aiokafka", "send_and_wait", (0, "topic"), (1, 2, "value", "key", "headers")),
    Client("confluent_kafka", "produce", (0, "topic"), (1, 2, "value", "key", "headers")),
    Client("faust", "send", (0, "topic"), (1, 2, "value", "key")),
    Client("redis", "publish", (0, "channel"), (1, "message")),
    Client("redis", "spublish", (0, "shard_channel"), (1, "message")),
    Client("redis", "lpush", (0, "name"), (1, 2, 3, 4)),
    Client("redis", "rpush", (0, "name"), (1, 2, 3, 4)),
    Client("redis", "sadd", (0, "name"), (1, 2, 3, 4)),
    Client("redis", "xadd", (0, "name"), (1, "fields")),
    Client("boto3", "send_message", ("QueueUrl",), ("MessageBody", "MessageAttributes")),
    Client("boto3", "send_message_batch", ("QueueUrl",), ("Entries",)),
    Client("boto3", "publish", ("TopicArn", "TargetArn"), ("Message", "Subject", "MessageAttributes")),
    Client("boto3", "put_record", ("StreamName", "DeliveryStreamName"), ("Data", "Record", "PartitionKey")),
    Client("boto3", "put_records", ("StreamName",), ("Records",)),
    Client("boto3", "put_record_batch", ("DeliveryStreamName",), ("Records",)),
    Client("aioboto3", "send_message", ("QueueUrl",), ("MessageBody", "MessageAttributes")),
    Client("google.cloud.pubsub", "publish", (0, "topic"), (1, "data", "*")),
    Client("google.cloud.pubsub_v1", "publish", (0, "topic"), (1, "data", "*")),
    Client("pika", "basic_publish", ("routing_key", 1), ("body", 2)),
    Client("aio_pika", "publish", ("routing_key", 1), (0, "message")),
    Client("kombu", "publish", ("routing_key",), (0, "body")),
    Client("nats", "publish", (0, "subject"), (1, "payload")),
    Client("paho", "publish", (0, "topic"), (1, "payload")),
    Client("stomp", "send", (0, "destination"), (1, "body")),
    Client("azure.servicebus", "send_messages", (), (0, "message")),
    Client("celery", "send_task", (0, "name"), (1, 2, "args", "kwargs")),
    Client("rq", "enqueue", (), (1, 2, 3, 4, "args", "kwargs")),
    Client("zmq", "send_multipart", (), (0,)),
)

RECEIVERS = (
    Client("redis", "lpop", (0, "name"), ()),
    Client("redis", "rpop", (0, "name"), ()),
    Client("redis", "blpop", (0, "keys"), ()),
    Client("redis", "brpop", (0, "keys"), ()),
    Client("redis", "lrange", (0, "name"), ()),
    Client("redis", "smembers", (0, "name"), ()),
    Client("redis", "spop", (0, "name"), ()),
    Client("redis", "xrange", (0, "name"), ()),
    Client("redis", "xread", (0, "streams"), ()),
    Client("boto3", "receive_message", ("QueueUrl",), ()),
    Client("kafka", "KafkaConsumer", (0, 1, 2, 3), ()),
    Client("aiokafka", "AIOKafkaConsumer", (0, 1, 2, 3), ()),
    Client("confluent_kafka", "subscribe", (0, "topics"), ()),
    Client("kafka", "subscribe", (0, "topics"), ()),
    Client("redis", "subscribe", (0, 1, 2, 3), ()),
    Client("pika", "basic_consume", ("queue", 0), ()),
    Client("pika", "basic_get", ("queue", 0), ()),
    Client("google.cloud.pubsub_v1", "pull", ("subscription", 0), ()),
    Client("google.cloud.pubsub_v1", "subscribe", (0, "subscription"), ()),
    Client("google.cloud.pubsub", "subscribe", (0, "subscription"), ()),
)

KEPT = (
    Client("redis", "set", (0, "name"), (1, "value")),
    Client("redis", "setex", (0, "name"), (2, "value")),
    Client("redis", "hset", (0, "name"), (1, 2, "value", "mapping", "key")),
    Client("redis", "hmset", (0, "name"), (1, "mapping")),
    Client("redis", "append", (0, "key"), (1, "value")),
    Client("redis", "getset", (0, "name"), (1, "value")),
    Client("redis", "setnx", (0, "name"), (1, "value")),
    Client("redis", "psetex", (0, "name"), (2, "value")),
    Client("redis", "zadd", (0, "name"), (1, "mapping")),
    Client("django.core.cache", "set", (0, "key"), (1, "value")),
    Client("django.core.cache", "add", (0, "key"), (1, "value")),
    Client("flask_caching", "set", (0, "key"), (1, "value")),
)
READ = (
    Client("redis", "get", (0, "name"), ()),
    Client("redis", "getdel", (0, "name"), ()),
    Client("redis", "getex", (0, "name"), ()),
    Client("redis", "mget", (0, 1, 2, 3, "keys"), ()),
    Client("redis", "zrange", (0, "name"), ()),
    Client("redis", "zrevrange", (0, "name"), ()),
    Client("redis", "zrangebyscore", (0, "name"), ()),
    Client("redis", "zpopmin", (0, "name"), ()),
    Client("django.core.cache", "get_many", (0, "keys"), ()),
    Client("flask_caching", "get_many", (0, 1, 2, 3), ()),
    Client("redis", "hget", (0, "name"), ()),
    Client("redis", "hgetall", (0, "name"), ()),
    Client("redis", "hmget", (0, "name"), ()),
    Client("redis", "hvals", (0, "name"), ()),
    Client("django.core.cache", "get", (0, "key"), ()),
    Client("django.core.cache", "get_or_set", (0, "key"), ()),
    Client("flask_caching", "get", (0, "key"), ()),
)

WRITING_FIELDS = frozenset({"hset", "hmset"})
READING_FIELDS = frozenset({"hget", "hgetall", "hmget"})
SENDING_ONE = frozenset({"send", "send_and_wait", "produce", "publish", "send_message", "lpush", "rpush", "sadd"})
"""Methods that send a message as it is, not within an envelope."""
HOLDING_OBJECTS = frozenset({"django.core.cache", "flask_caching"})
"""Libraries that give back what they were given, not the text of it."""

IN_PROJECT = re.compile(r"^projects/[^/]*/(?:topics|subscriptions)/")
"""What stands before the names of Pub/Sub; a subscription is taken for one to the topic of its name."""

PATHS = {"topic_path": "topics", "subscription_path": "subscriptions"}

TOPICS = "(topics)"
NO_NAME = "*"
"""Stands in a name for what is not known of it: `otp:*`."""


def topic_id() -> ObjectId:
    """The storage that all topics, queues and cache keys are, each a content of its own."""
    return ("G", "external", TOPICS)


def call_queue(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """A call of a message client; None for any other."""
    method = name.rpartition(".")[2]
    if method in PATHS and name.startswith("google."):
        return path_named(frame, PATHS[method], arguments)
    if method not in METHODS:
        return None
    for client in clients(SENDERS, name, method):
        send(frame, client, name, arguments, at)
        return frame.make(at, Obj("external", detail=result_name(name)), "queue:sent")
    if method == "get_or_set":
        return kept_or_made(frame, name, receiver, arguments, at)
    if method in SEVERAL:
        return kept_each(frame, name, arguments.get(0) or NOTHING, at) if SEVERAL[method] in name else None
    for client in clients(KEPT, name, method):
        topics = topics_of(frame, client, arguments)
        keep(frame, topics, messages_of(frame, client, arguments), at)
        if method in WRITING_FIELDS:
            keep_fields(frame, topics, arguments, at)
        else:
            keep_parts(frame, topics, values_of(client, arguments), at)
        return frame.make(at, Obj("external", detail=result_name(name)), "queue:kept")
    for client in clients(READ, name, method):
        if method in READING_FIELDS or (client.library in HOLDING_OBJECTS and method == "get"):
            return part_kept(frame, method, topics_of(frame, client, arguments), arguments, at)
    for client in clients((*RECEIVERS, *READ), name, method):
        message = received(frame, name, receiver, topics_of(frame, client, arguments), at)
        callback = arguments.get(1, "callback") if "pubsub" in client.library else None
        if callback is not None and message is not None:
            call_value(frame, callback, Arguments([message]), at)
        if method == "basic_consume" and message is not None:
            given = [UNKNOWN_VALUE, UNKNOWN_VALUE, UNKNOWN_VALUE, derived(message.taints)]
            call_value(frame, arguments.get(1, "on_message_callback") or NOTHING, Arguments(given), at)
            return UNKNOWN_VALUE
        reader = arguments.keywords.get("value_deserializer")
        return message if message is None or reader is None else deserialized(frame, name, message, reader, at)
    return None


def deserialized(frame: Frame, name: str, message: Value, reader: Value, at: Span) -> Value:
    """`KafkaConsumer("logins", value_deserializer=json.loads)`: messages whose value a function has made."""
    held = derived(message.taints)
    fields = {attr("value"): call_value(frame, reader, Arguments([held]), at)}
    record = frame.make(at, Obj("external", fields, detail="kafka.ConsumerRecord()", rest=held), "queue:record")
    consumer = Obj("external", detail=result_name(name), rest=record)
    return frame.make(at, consumer, "queue:consumer")


def path_named(frame: Frame, kind: str, arguments: Arguments) -> Value:
    """`publisher.topic_path("project", "login")`: `projects/project/topics/login`"""
    names = [names_in(frame, argument) for argument in arguments.positional]
    names += [names_in(frame, each) for each in arguments.keywords.values()]
    last = names[-1] if names else []
    return Value(tuple(const(f"projects/{HOLE}/{kind}/{name}") for name in last)) if last else UNKNOWN_VALUE


def kept_or_made(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """`cache.get_or_set(key, make)`: what is kept, else what the function gives, which is kept then."""
    for client in clients(READ, name, "get_or_set"):
        topics = topics_of(frame, client, arguments)
        default = arguments.get(1, "default") or NOTHING
        functions = [ref for ref, obj in frame.objects(default) if obj.kind in {"function", "method"}]
        made = call_value(frame, Value(tuple(functions)), Arguments(), at) if functions else default
        keep(frame, topics, [(1, frame.deep_taints(made))], at)
        keep_parts(frame, topics, [made], at)
        return join(received(frame, name, receiver, topics, at) or NOTHING, made)
    return None


def clients(table: tuple[Client, ...], name: str, method: str) -> Iterator[Client]:
    """The rows of a table that a call's name fits."""
    for client in table:
        if client.method == method and f".{name}".startswith((f".{client.library}.", f".{client.library}(")):
            yield client


SEVERAL = {"mset": "redis", "msetnx": "redis", "set_many": "django.core.cache", "aset_many": "django.core.cache"}
"""Methods that keep each value of a mapping under its key, of which library."""
METHODS = frozenset((*(client.method for client in (*SENDERS, *RECEIVERS, *KEPT, *READ)), *SEVERAL))


def topics_of(frame: Frame, client: Client, arguments: Arguments) -> list[str]:
    """The constant names that the topic may have; addresses and paths also by their last part."""
    found: dict[str, None] = {}
    for place in client.topic:
        value = argument_at(arguments, place)
        if value is not None and frame.objects(value):
            value = frame.machine.iterate_values(frame, value, frame.code.at)
        if value is not None:
            for atom in frame.constants(value):
                if isinstance(atom, Const) and isinstance(atom.value, str) and atom.value.strip(HOLE):
                    found[IN_PROJECT.sub("", atom.value).replace(HOLE, NO_NAME)] = None
    return list(found)


def argument_at(arguments: Arguments, place: int | str) -> Value | None:
    """An argument by position or by keyword."""
    if isinstance(place, int):
        return arguments.positional[place] if place < len(arguments.positional) else None
    return arguments.keywords.get(place)


def messages_of(frame: Frame, client: Client, arguments: Arguments) -> list[tuple[str | int, Taints]]:
    """What is sent, argument by argument."""
    found: list[tuple[str | int, Taints]] = []
    for place in client.messages:
        value = argument_at(arguments, place)
        if value is not None:
            found.append((place, frame.deep_taints(frame.machine.forced(frame, value))))
    if "*" in client.messages:
        found.extend((n, frame.deep_taints(v)) for n, v in arguments.keywords.items() if n not in client.messages)
    others = [value for value in (arguments.more, arguments.extra) if value is not None]
    return [*found, *(("*", frame.deep_taints(value)) for value in others)]


def send(frame: Frame, client: Client, name: str, arguments: Arguments, at: Span) -> None:
    """A message is sent: is that a use? Its consumers read it."""
    topics, messages = topics_of(frame, client, arguments), messages_of(frame, client, arguments)
    labels, shown = frame.machine.labels, plain_name(name)
    for place, rule in enumerate(labels.rules.sinks):
        if isinstance(rule.target, TopicTarget) and any(
            is_topic(rule.target.topic, topic) and is_allowed_here(frame, rule.narrowing, topic) for topic in topics
        ):
            given = [(argument, derived(taints)) for argument, taints in messages]
            reach(frame, whole_sink(frame, place, shown), shown, given, at)
    keep(frame, topics, messages, at)
    if client.method in SENDING_ONE:
        keep_parts(frame, topics, values_of(client, arguments), at)
    else:
        keep_parts(frame, topics, [derived(taints) for _, taints in messages], at)


def is_topic(pattern: TextPattern, topic: str) -> bool:
    """Whether a rule speaks of a topic, by its whole name or by the last part of an address."""
    last = topic.replace(":", "/").rpartition("/")[2]
    return pattern.matches(topic) or pattern.matches(last)


def keep(frame: Frame, topics: list[str], messages: list[tuple[str | int, Taints]], at: Span) -> None:
    """What was sent under a name is read under it."""
    taints: Taints = NO_TAINTS
    for _, each in messages:
        taints = joined_taints(taints, each)
    if not taints:
        return
    for topic in topics:
        hop = frame.hop("write", at, f"sent to `{topic}`")
        add_event(frame.events, Stored(Cell(topic_id(), (attr(topic),)), with_hop(taints, hop), frame.state.pending))


# --- part by part ----------------------------------------------------------------------------------


def values_of(client: Client, arguments: Arguments) -> list[Value]:
    """What is sent or kept, as it is."""
    return [value for place in client.messages if (value := argument_at(arguments, place)) is not None]


def keep_parts(frame: Frame, topics: list[str], values: list[Value], at: Span) -> None:
    """What was kept under a name is read part by part."""
    for topic in topics:
        for value in values:
            note_document(frame, topic_id(), topic, value, frame.hop("write", at, f"kept under `{topic}`"))


def kept_each(frame: Frame, name: str, mapping: Value, at: Span) -> Value:
    """`cache.set_many({"last": user.phone})`, `client.mset({...})`"""
    for _, obj in frame.objects(frame.machine.forced(frame, mapping)):
        for content, value in obj.fields.items():
            if content.kind == "key" and isinstance(content.name, str):
                keep(frame, [content.name], [(content.name, frame.deep_taints(value))], at)
                keep_parts(frame, [content.name], [value], at)
    return frame.make(at, Obj("external", detail=result_name(name)), "queue:kept")


def fields_of(topic: str) -> str:
    """The name under which the fields of a hash are kept, beside all that it holds."""
    return f"{topic}[*]"


def keep_fields(frame: Frame, topics: list[str], arguments: Arguments, at: Span) -> None:
    """`store.hset("login:1", "phone", user.phone)`, `store.hset("login:1", mapping={...})`"""
    mapping, value = arguments.keywords.get("mapping"), arguments.get(2, "value")
    if value is None and mapping is None:
        mapping = arguments.get(1, "mapping")
    given = [each for each in (mapping, value) if each is not None]
    whole = [derived(frame.deep_taints(frame.machine.forced(frame, each))) for each in given]
    keep_parts(frame, topics, whole, at)
    fields = [mapping] if mapping is not None else []
    if value is not None:
        held = {key(name): value for name in names_in(frame, arguments.get(1, "key"))}
        fields.append(frame.make(at, Obj("dict", held, rest=None if held else value), "queue:field"))
    keep_parts(frame, [fields_of(topic) for topic in topics], fields, at)


def part_kept(frame: Frame, method: str, topics: list[str], arguments: Arguments, at: Span) -> Value | None:
    """What is read of an object, or of the fields of a hash, kept under a name."""
    if not topics:
        return None
    is_hash = method in READING_FIELDS
    kept = join_all(document_in(topic_id(), fields_of(topic) if is_hash else topic) for topic in topics)
    if method == "hget":
        names = names_in(frame, arguments.get(1, "key"))
        return join_all(frame.content(kept, key(name)) for name in names) if names else frame.content(kept, ELEMENT)
    if method == "hmget":
        given = [*arguments.positional[1:], *arguments.keywords.values()]
        names = [name for value in given for name in names_in(frame, value)]
        return fresh_list(frame, Items([frame.content(kept, key(name)) for name in names], None), at, "list", "hmget")
    return kept


def received(frame: Frame, name: str, receiver: Value | None, topics: list[str], at: Span) -> Value | None:
    """What is consumed from a topic; of a consumer that is told its topics later, what it will yield."""
    if not topics:
        return None
    taints: Taints = NO_TAINTS
    for topic in topics:
        hop = frame.hop("library", at, f"received from `{topic}`")
        path = (Content("obj", topic_id()), attr(topic))
        taints = joined_taints(taints, guarded(frame, {Taint(Below(path)): Chain(None, hop)}))
    if name.endswith(".subscribe") and receiver is not None and not name.startswith("google."):
        for ref, _ in frame.objects(receiver):
            frame.own(ref)
            frame.state.write(ref.id, ELEMENT, derived(taints), is_strong=False)
        return None
    message = derived(taints)
    return Value(
        frame.make(at, Obj("external", detail=result_name(name), rest=message), "queue:received").atoms, taints
    )
