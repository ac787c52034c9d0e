"""Plays calls of clients from PyPI, each as its own documentation shows it.

Reads {"url", "key", "calls": [{"client", "args"}]} from standard input and writes one line of JSON for each call:
{"ok", "value"} where it succeeded, {"ok", "error"} where the client says that it failed.
"""

import contextlib
import importlib
import io
import json
import sys


def wiliot(url, key, args):
    """A command line of wiliot-hologram-api; its address is a constant of the module."""
    client = importlib.import_module("hologram_api.client")
    cli = importlib.import_module("hologram_api.cli")
    client.BASE_URL = url
    client.time.sleep = lambda _: None
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.main([*args, "--apikey", key])
    if code != 0:
        return {"ok": False, "error": err.getvalue().strip()}
    return {"ok": True, "value": json.loads(out.getvalue())}


def hologram_python(url, key, args):
    """A method of the class Api in Hologram's own SDK: a tuple of success and data."""
    module = importlib.import_module("Hologram.Api.Api")
    module.HOLOGRAM_REST_API_BASEURL = url
    method, options = args
    ok, value = getattr(module.Api(apikey=key), method)(**options)
    return {"ok": ok, "value": value} if ok else {"ok": False, "error": str(value)}


def python_hologram_api(url, key, args):
    """A method such as `cell.list_links`: the parsed answer, whatever it says."""
    module = importlib.import_module("python_hologram_api.client")
    client = module.HologramClient(key, base_url=url + "/")
    group, method, options = args
    answer = getattr(getattr(client, group), method)(**options)
    ok = bool(answer.get("success"))
    return {"ok": ok, "value": answer} if ok else {"ok": False, "error": str(answer.get("error"))}


CLIENTS = {
    "wiliot-hologram-api": wiliot,
    "hologram-python": hologram_python,
    "python-hologram-api": python_hologram_api,
}

task = json.load(sys.stdin)
for call in task["calls"]:
    try:
        result = CLIENTS[call["client"]](task["url"], task["key"], call["args"])
    except Exception as error:  # A client that fails in its own code is a result too.
        result = {"ok": False, "error": f"{type(error).__name__}: {error}"}
    print(json.dumps(result, default=str), flush=True)
