import type { Socket } from 'socket.io-client';
import { create } from 'zustand';
import { Refusal, Unreachable } from '@/api/problem';
import type { Problem } from '@/api/types';
import { session, useSession } from '@/auth/session';
import { jitter } from '@/lib/time';

export type Link = 'connecting' | 'online' | 'offline';

interface LinkState {
  link: Link;
  /** When the connection was last whole: what the offline bar tells. */
  lastOnline: number | null;
}

export const useLink = create<LinkState>(() => ({ link: 'connecting', lastOnline: null }));

type Handler = (payload: never) => void;
type Acknowledgement = { ok: true } | { ok: false; error: Partial<Problem> & { code: string } };

const ACK_MS = 10_000;
/** A connection that mends itself this fast is nothing to tell anybody. */
const QUIET_MS = 1_500;

let socket: Socket | null = null;
let opening = false;
let quiet: ReturnType<typeof setTimeout> | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;
let refusals = 0;
const handlers = new Map<string, Set<Handler>>();
const onConnect = new Set<() => void>();

/** Listens to what the server sends, before or after the connection is made. */
export function on<T>(event: string, handler: (payload: T) => void): () => void {
  let all = handlers.get(event);
  if (!all) {
    all = new Set();
    handlers.set(event, all);
    if (socket) listen(socket, event);
  }
  all.add(handler as Handler);
  return () => void all.delete(handler as Handler);
}

/** Runs after each connection, the first too; answers how to stop. */
export function onConnected(run: () => void): () => void {
  onConnect.add(run);
  return () => void onConnect.delete(run);
}

export function isConnected(): boolean {
  return socket?.connected ?? false;
}

/** Opens the connection. The library is fetched now, so that it does not delay the first paint. */
export async function openSocket(): Promise<void> {
  if (socket || opening) return;
  opening = true;
  try {
    const { io } = await import('socket.io-client');
    socket = io({
      path: '/socket.io',
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: 400,
      reconnectionDelayMax: 10_000,
      randomizationFactor: 0.5,
      timeout: 10_000,
      auth: (give) => {
        session.token().then(
          (token) => give({ token }),
          () => give({}),
        );
      },
    });
    wire(socket);
  } catch {
    retry = setTimeout(() => void openSocket(), jitter(3_000));
  } finally {
    opening = false;
  }
}

export function closeSocket(): void {
  clearTimeout(retry);
  clearTimeout(quiet);
  socket?.close();
  socket = null;
  useLink.setState({ link: 'connecting', lastOnline: null });
}

/** Sends, and waits for the acknowledgement: throws a Refusal, or Unreachable when none comes. */
export async function request<T>(event: string, payload: unknown): Promise<T> {
  if (!socket?.connected) throw new Unreachable();
  let ack: Acknowledgement;
  try {
    ack = await socket.timeout(ACK_MS).emitWithAck(event, payload);
  } catch (cause) {
    throw new Unreachable(cause);
  }
  if (!ack.ok) throw new Refusal({ status: 400, ...ack.error });
  return ack as T;
}

/** Sends what needs no answer, and is of no use once the connection is another. */
export function tell(event: string, payload: unknown): void {
  if (socket?.connected) socket.emit(event, payload, () => undefined);
}

/** Tries to connect now rather than at the end of the wait. */
export function hurry(): void {
  if (!socket || socket.connected) return;
  clearTimeout(retry);
  socket.disconnect().connect();
}

function wire(made: Socket): void {
  for (const event of handlers.keys()) listen(made, event);
  made.on('connect', () => {
    refusals = 0;
    clearTimeout(quiet);
    quiet = undefined;
    useLink.setState({ link: 'online', lastOnline: Date.now() });
    for (const run of onConnect) run();
  });
  made.on('disconnect', (reason) => {
    lost();
    // The server closes sockets that fell behind or whose token ran out; the client library does
    // not come back from that by itself.
    if (reason === 'io server disconnect') again(made, null);
  });
  made.on('connect_error', (error) => {
    lost();
    const code = (error as { data?: { code?: string } }).data?.code;
    if (!made.active) again(made, code ?? null);
  });
}

function listen(made: Socket, event: string): void {
  made.on(event, (payload: unknown) => {
    for (const handler of handlers.get(event) ?? []) handler(payload as never);
  });
}

/** Comes back after the server refused or closed: later each time, with a new token if it asks. */
function again(made: Socket, code: string | null): void {
  const wait = jitter(Math.min(300 * 2 ** refusals, 15_000));
  refusals += 1;
  clearTimeout(retry);
  retry = setTimeout(async () => {
    if (made !== socket || made.connected) return;
    if (code === 'unauthenticated') {
      const stale = await session.token().catch(() => null);
      await session.renew(stale).catch(() => undefined);
    }
    if (useSession.getState().phase === 'signed_in') made.connect();
  }, wait);
}

function lost(): void {
  const { lastOnline, link } = useLink.getState();
  if (link === 'online') useLink.setState({ link: 'connecting', lastOnline: Date.now() });
  else if (lastOnline === null) useLink.setState({ link: 'connecting' });
  quiet ??= setTimeout(() => {
    quiet = undefined;
    if (!isConnected()) useLink.setState({ link: 'offline' });
  }, QUIET_MS);
}

session.onToken((token) => {
  if (socket?.connected) socket.emit('authenticate', { token }, () => undefined);
});

if (typeof window !== 'undefined') {
  addEventListener('online', hurry);
  addEventListener('offline', () => {
    // Without this the loss would be noticed only when a heartbeat fails to come.
    socket?.io.engine?.close();
    useLink.setState({ link: 'offline' });
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') hurry();
  });
}
