// Rooms on the official server, doing what the others do: a number per room, one broadcast, an
// acknowledgement. The argument is the port.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, {
  transports: ["websocket"],
  pingInterval: 3_600_000,
  perMessageDeflate: false,
  serveClient: false,
});
const numbers = new Map();

io.on("connection", (socket) => {
  socket.on("join", (room) => {
    socket.join(room);
    socket.emit("joined", 0);
  });
  socket.on("send", ({ room, text }, ack) => {
    const seq = (numbers.get(room) ?? 0) + 1;
    numbers.set(room, seq);
    io.to(room).emit("message", { room, seq, text });
    ack(seq);
  });
});

http.listen(Number(process.argv[2]), "127.0.0.1");
