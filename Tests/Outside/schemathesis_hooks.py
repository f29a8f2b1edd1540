"""What schemathesis has to know of the service to get anywhere: who asks, and which identifiers there are.

Loaded by schema.py, which names the service and its users in the environment.
"""

import itertools
import json
import os
import random
import sys
import threading

import schemathesis
from hypothesis import strategies

sys.dont_write_bytecode = True
sys.path.insert(0, os.environ["GATEHOUSE_BENCH"])

# pylint: disable=wrong-import-position
from service import ADMINISTRATOR, PASSWORD, Client  # noqa: E402

PORT = int(os.environ["GATEHOUSE_PORT"])
# Users that may be changed and deleted, by identifier.
VICTIMS = json.loads(os.environ["GATEHOUSE_VICTIMS"])
ADMINISTRATOR_ID = os.environ["GATEHOUSE_ADMINISTRATOR"]
# They end a session or change who is signed in: each time somebody else asks.
OF_ONESELF = {"logout", "logoutAll", "changeProfile", "changePassword", "endSession"}
CALLER = Client(PORT)
LOCK = threading.Lock()
NUMBERS = itertools.count()
KEPT = {}


def access_token(operation):
    """The administrator's, or the one of a new user where the operation could end it."""
    with LOCK:
        if "administrator" not in KEPT:
            KEPT["administrator"] = CALLER.login()["access_token"]
        if operation not in OF_ONESELF:
            return KEPT["administrator"]
        name = f"guest-{next(NUMBERS)}"
        CALLER.make_user(KEPT["administrator"], name)
        return CALLER.login(name)["access_token"]


# The API reads times in UTC only, which the pattern of the document tells; of all times hardly one is.
schemathesis.openapi.format("date-time", strategies.datetimes().map(lambda time: f"{time:%Y-%m-%dT%H:%M:%S}".zfill(19) + "Z"))


@schemathesis.auth(refresh_interval=None)
class Bearer:
    """An access token on every request that does not bring one."""

    def get(self, case, _context):
        return access_token(case.operation.definition.raw.get("operationId"))

    def set(self, case, data, _context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Half of the time it is somebody who exists: of all identifiers hardly one is."""
    if path_parameters and "id" in path_parameters and random.random() < 0.5:
        path_parameters["id"] = random.choice(VICTIMS)
    return path_parameters


@schemathesis.hook
def before_call(_context, case, _arguments):
    """Keeps whoever asks from being changed. Half of the valid requests get names and passwords that are right."""
    if case.path_parameters and case.path_parameters.get("id") == ADMINISTRATOR_ID and case.method != "GET":
        case.path_parameters["id"] = random.choice(VICTIMS)
    if case.meta is None or not case.meta.generation.mode.is_positive or random.random() < 0.5:
        return
    body = case.body
    if not isinstance(body, dict):
        return
    operation = case.operation.definition.raw.get("operationId")
    if operation == "login":
        for name in ("username", "email", "username_or_email"):
            if isinstance(body.get(name), str):
                body[name] = ADMINISTRATOR
    for name in ("password", "current_password", "new_password"):
        if isinstance(body.get(name), str):
            body[name] = PASSWORD
    if operation == "refresh" and isinstance(body.get("refresh_token"), str):
        body["refresh_token"] = CALLER.login()["refresh_token"]
