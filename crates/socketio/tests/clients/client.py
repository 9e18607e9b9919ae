"""python-socketio against the echo server; the first argument is its address."""

import sys
import threading
import time

import socketio

PATIENCE = 15


def converse(name, url, transport, **options):
    client = socketio.Client(reconnection=False)
    seen = {"auth": [], "back": []}
    back = threading.Event()

    @client.on("auth")
    def on_auth(auth):
        seen["auth"].append(auth)

    @client.on("message-back")
    def on_back(*args):
        seen["back"].append(args)
        back.set()

    client.connect(url, auth={"token": "é"}, wait_timeout=PATIENCE, **options)
    for n in range(20):
        assert client.call("message-with-ack", n, timeout=PATIENCE) == n
    assert seen["auth"] == [{"token": "é"}], seen["auth"]

    data = bytes(range(256)) * 400
    client.emit("message", ("text", {"deep": [b"\x00\xff", {"bin": data}]}, None))
    assert back.wait(PATIENCE), "no message-back in time"
    assert seen["back"] == [("text", {"deep": [b"\x00\xff", {"bin": data}]}, None)]
    assert client.call("message-with-ack", b"\x01", timeout=PATIENCE) == b"\x01"
    long = "😀€é" * 20_000
    assert client.call("message-with-ack", long, timeout=PATIENCE) == long

    assert client.transport() == transport, client.transport()
    time.sleep(1.5)
    assert client.call("message-with-ack", "alive", timeout=PATIENCE) == "alive"
    client.disconnect()
    print(f"ok: {name}")


def refused(url):
    client = socketio.Client(reconnection=False)
    errors = []
    client.on("connect_error", lambda data: errors.append(data), namespace="/unknown")
    try:
        client.connect(url, namespaces=["/unknown"], wait_timeout=PATIENCE)
        raise AssertionError("connected to a namespace that does not exist")
    except socketio.exceptions.ConnectionError:
        pass
    assert errors == [{"message": "Invalid namespace"}], errors
    print("ok: unknown namespace")


if __name__ == "__main__":
    server = sys.argv[1]
    converse("default options", server, "websocket")
    converse("WebSocket only", server, "websocket", transports=["websocket"])
    converse("polling only", server, "polling", transports=["polling"])
    refused(server)
