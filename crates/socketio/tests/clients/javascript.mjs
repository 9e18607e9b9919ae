// The official client against the echo server; the first argument is its address.
import assert from "node:assert/strict";
import { io } from "socket.io-client";

const url = process.argv[2];
const patience = 15_000;

function once(emitter, event) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no "${event}" in time`)), patience);
    emitter.once(event, (...args) => {
      clearTimeout(timer);
      resolve(args);
    });
  });
}

async function converse(name, options, transport) {
  const socket = io(url, { forceNew: true, auth: { token: "é" }, ...options });
  const [[auth]] = await Promise.all([once(socket, "auth"), once(socket, "connect")]);
  assert.deepEqual(auth, { token: "é" });

  // Twenty at once, some while the transport is being changed under them.
  const answers = [];
  for (let n = 0; n < 20; n++) {
    socket.emit("message-with-ack", n, (answer) => answers.push(answer));
  }
  const data = [Buffer.from([0, 1, 255]), Buffer.alloc(100_000, 7)];
  socket.emit("message", "text", { deep: [data[0], { bin: data[1] }] }, null);
  const back = await once(socket, "message-back");
  assert.deepEqual(back, ["text", { deep: [data[0], { bin: data[1] }] }, null]);
  assert.deepEqual(answers, [...Array(20).keys()]);

  const binary = await socket.timeout(patience).emitWithAck("message-with-ack", data[0]);
  assert.deepEqual(binary, data[0]);
  const long = "😀€é".repeat(20_000);
  assert.equal(await socket.timeout(patience).emitWithAck("message-with-ack", long), long);

  if (transport === "websocket" && socket.io.engine.transport.name !== "websocket") {
    await once(socket.io.engine, "upgrade");
  }
  assert.equal(socket.io.engine.transport.name, transport);

  const custom = socket.io.socket("/custom");
  const [customAuth] = await Promise.all([once(custom, "auth"), once(custom, "connect")]);
  assert.deepEqual(customAuth, [{}]);
  assert.equal(await custom.timeout(patience).emitWithAck("message-with-ack", 1), 1);
  custom.disconnect();

  const unknown = socket.io.socket("/unknown");
  const [error] = await once(unknown, "connect_error");
  assert.equal(error.message, "Invalid namespace");

  // Long enough for a few heartbeats, and then it still answers.
  let disconnected = false;
  socket.on("disconnect", () => (disconnected = true));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  assert.equal(await socket.timeout(patience).emitWithAck("message-with-ack", "alive"), "alive");
  assert.equal(disconnected, false);
  socket.disconnect();
  console.log(`ok: ${name}`);
}

await Promise.all([
  converse("default options", {}, "websocket"),
  converse("WebSocket only", { transports: ["websocket"] }, "websocket"),
  converse("polling only", { transports: ["polling"] }, "polling"),
]);
process.exit(0);
