"""What a document cannot say: which ids exist, that a key is used once, and that nobody here has time to wait."""

import os
import random
import uuid

import schemathesis
from schemathesis.core.parameters import ParameterLocation

# The start of a path, with a method before it where that matters, a parameter of it, an id that exists.
with open(os.environ["MALL_FUZZ_IDS"], encoding="utf-8") as file:
    KNOWN = [line.split() for line in file]

# Fixed, so that a run can be repeated.
CHOICE = random.Random(0)


def known(operation, parameter):
    """The ids that exist for a parameter of this operation; those of the longest start that fits."""
    names = operation.path, f"{operation.method.upper()}:{operation.path}"
    fitting = [(start, id) for start, name, id in KNOWN
               if name == parameter and any(it.startswith(start) for it in names)]
    longest = max((start for start, _ in fitting), key=len, default=None)
    return [id for start, id in fitting if start == longest]


def fill(operation, values):
    """Puts ids that exist in the place of generated ones."""
    for name, value in values.items():
        choices = known(operation, name)
        if choices and isinstance(value, str):
            values[name] = CHOICE.choice(choices)


def new_key():
    return str(uuid.UUID(int=CHOICE.getrandbits(128), version=4))


@schemathesis.hook
def before_call(context, case, kwargs):
    """Only what was meant to be valid is replaced."""
    operation = case.operation
    wrong = case.meta.is_negative_at if case.meta else (lambda location: False)
    if case.path_parameters and not wrong(ParameterLocation.PATH):
        fill(operation, case.path_parameters)
    if isinstance(case.body, dict) and not wrong(ParameterLocation.BODY):
        fill(operation, case.body)
        if isinstance(case.body.get("target"), dict):
            fill(operation, case.body["target"])
    if case.query and str(case.query.get("wait")).isdigit() and not wrong(ParameterLocation.QUERY):
        case.query["wait"] = min(int(case.query["wait"]), 1)
    if case.headers and "Idempotency-Key" in case.headers and not wrong(ParameterLocation.HEADER):
        case.headers["Idempotency-Key"] = new_key()
    # Needed with some bodies only, which no document can say.
    elif isinstance(case.body, dict) and "lines" in case.body and not wrong(ParameterLocation.HEADER):
        if operation.path.endswith(("/parts/{seller_order_id}/cancel", "/orders/{seller_order_id}/ship")):
            case.headers = {**(case.headers or {}), "Idempotency-Key": new_key()}
