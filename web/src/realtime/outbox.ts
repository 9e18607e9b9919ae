import { create } from 'zustand';
import { isTransient, isUnauthenticated, Refusal } from '@/api/problem';
import type { Message } from '@/api/types';
import { type LocalDb, openLocalDb, wipeLocalDb } from '@/lib/idb';
import { jitter } from '@/lib/time';
import { uuidv7 } from '@/lib/uuid';
import { deliverMessage } from './deliver';
import { takeMessages } from './timelines';

/** A message on its way. Its `client_id` is made once, so that repeating it never doubles it. */
export interface OutboxRow {
  client_id: string;
  chat_id: string;
  text: string;
  reply_to: string | null;
  created_at: string;
  attempts: number;
  state: 'queued' | 'sending' | 'failed';
  error: { code: string; message: string } | null;
}

interface OutboxState {
  /** Ordered by `client_id`, which is the order of writing. */
  rows: readonly OutboxRow[];
}

/** What this browser has still to send, the same in every tab. */
export const useOutbox = create<OutboxState>(() => ({ rows: [] }));

type Word =
  | { kind: 'put'; row: OutboxRow }
  | { kind: 'gone'; clientId: string; message: Message | null };

type Deliver = (row: OutboxRow) => Promise<Message>;

const BACKOFF_MS = 1_000;
const BACKOFF_MAX_MS = 30_000;

/**
 * Keeps what was written until the server has it. One tab sends, one message of a chat after the
 * other; the row leaves with the echo or the acknowledgement, whichever comes first.
 */
export class Outbox {
  readonly #deliver: Deliver;
  #userId: string | null = null;
  #db: LocalDb | null = null;
  #channel: BroadcastChannel | null = null;
  #release: (() => void) | null = null;
  #waiting: AbortController | null = null;
  #leads = false;
  #pumping = new Set<string>();
  #wake = new Set<() => void>();

  constructor(deliver: Deliver) {
    this.#deliver = deliver;
  }

  async start(userId: string): Promise<void> {
    if (this.#userId === userId) return;
    this.#userId = userId;
    this.#channel = new BroadcastChannel(`thread-outbox-${userId}`);
    this.#channel.onmessage = (event: MessageEvent<Word>) => this.#hear(event.data);
    const db = await openLocalDb(userId);
    if (this.#userId !== userId) return;
    this.#db = db;
    // What was written before the database was open is not in it yet.
    for (const row of useOutbox.getState().rows) await this.#save(row);
    await this.#load();
    this.#campaign(userId);
  }

  /** Stops sending; with `wipe` also forgets, as signing out does. */
  async stop(wipe: boolean): Promise<void> {
    const userId = this.#userId;
    this.#userId = null;
    this.#leads = false;
    this.#waiting?.abort();
    this.#release?.();
    this.#release = null;
    this.#channel?.close();
    this.#channel = null;
    this.#db?.close();
    this.#db = null;
    useOutbox.setState({ rows: [] });
    if (wipe && userId) await wipeLocalDb(userId);
  }

  /** Takes a message to send. It is on screen before this returns. */
  add(message: { chat_id: string; text: string; reply_to: string | null }): OutboxRow {
    const row: OutboxRow = {
      ...message,
      client_id: uuidv7(),
      created_at: new Date().toISOString(),
      attempts: 0,
      state: 'queued',
      error: null,
    };
    this.#put(row);
    this.kick();
    return row;
  }

  retry(clientId: string): void {
    const row = this.#find(clientId);
    if (!row) return;
    this.#put({ ...row, state: 'queued', attempts: 0, error: null });
    this.kick();
  }

  /** Gives up on a message, to delete it or to write it anew. */
  drop(clientId: string): void {
    this.#remove(clientId, null);
  }

  /** The server has the message: it told so by an event or an acknowledgement. */
  settle(clientId: string, message: Message | null = null): void {
    if (this.#find(clientId)) this.#remove(clientId, message);
  }

  /** Tries now: something was written, or the connection is back. */
  kick(): void {
    for (const wake of this.#wake) wake();
    if (!this.#leads) return;
    const chats = new Set(useOutbox.getState().rows.map((row) => row.chat_id));
    for (const chatId of chats) void this.#pump(chatId);
  }

  /** Becomes the tab that sends, when no other one is. */
  #campaign(userId: string): void {
    const lead = async () => {
      // The tab that sent before may have stopped in the middle.
      await this.#load();
      if (this.#userId !== userId) return;
      this.#leads = true;
      for (const row of useOutbox.getState().rows) {
        if (row.state === 'sending') this.#put({ ...row, state: 'queued' });
      }
      this.kick();
      await new Promise<void>((resolve) => {
        this.#release = resolve;
      });
    };
    if (!navigator.locks) {
      void lead();
      return;
    }
    this.#waiting = new AbortController();
    navigator.locks
      .request(`outbox:${userId}`, { signal: this.#waiting.signal }, lead)
      .catch(() => undefined);
  }

  async #pump(chatId: string): Promise<void> {
    if (this.#pumping.has(chatId)) return;
    this.#pumping.add(chatId);
    try {
      while (this.#leads) {
        const row = useOutbox
          .getState()
          .rows.find((each) => each.chat_id === chatId && each.state !== 'failed');
        if (!row) return;
        if (!(await this.#try(row))) return;
      }
    } finally {
      this.#pumping.delete(chatId);
    }
  }

  /** Sends one row once; false when the chat has to pause until somebody kicks. */
  async #try(row: OutboxRow): Promise<boolean> {
    this.#put({ ...row, state: 'sending' });
    try {
      const message = await this.#deliver(row);
      this.settle(row.client_id, message);
      return true;
    } catch (error) {
      // The echo may have come although the acknowledgement did not.
      const held = this.#find(row.client_id);
      if (!held || !this.#leads) return this.#leads;
      const attempts = row.attempts + 1;
      if (isUnauthenticated(error)) {
        this.#put({ ...held, state: 'queued' });
        return false;
      }
      if (!isTransient(error)) {
        const code = error instanceof Refusal ? error.code : 'unknown';
        const message = error instanceof Error ? error.message : '';
        this.#put({ ...held, state: 'failed', attempts, error: { code, message } });
        return true;
      }
      this.#put({ ...held, state: 'queued', attempts });
      await this.#pause(waitOf(attempts, error));
      return true;
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wake.add(done);
    });
  }

  #find(clientId: string): OutboxRow | undefined {
    return useOutbox.getState().rows.find((row) => row.client_id === clientId);
  }

  #put(row: OutboxRow): void {
    show(row);
    // Others hear of it once it is stored: had they sent it by then, storing it would undo that.
    void this.#save(row).then(() => {
      if (this.#find(row.client_id)) this.#channel?.postMessage({ kind: 'put', row } as Word);
    });
  }

  #remove(clientId: string, message: Message | null): void {
    this.#hear({ kind: 'gone', clientId, message });
    void this.#db?.delete('outbox', clientId).catch(() => undefined);
    this.#channel?.postMessage({ kind: 'gone', clientId, message } as Word);
  }

  #hear(word: Word): void {
    if (word.kind === 'put') {
      show(word.row);
      if (this.#leads && word.row.state === 'queued') this.kick();
      return;
    }
    if (word.message) takeMessages(word.message.chat_id, [word.message]);
    useOutbox.setState(({ rows }) => ({
      rows: rows.filter((row) => row.client_id !== word.clientId),
    }));
  }

  async #save(row: OutboxRow): Promise<void> {
    // Without storage the message still goes out; only a reload would lose it.
    await this.#db?.put('outbox', row).catch(() => undefined);
  }

  async #load(): Promise<void> {
    const stored = (await this.#db?.getAll('outbox').catch(() => [])) ?? [];
    const held = new Set(useOutbox.getState().rows.map((row) => row.client_id));
    for (const row of stored) if (!held.has(row.client_id)) show(row);
  }
}

function show(row: OutboxRow): void {
  useOutbox.setState(({ rows }) => {
    const at = rows.findIndex((each) => each.client_id === row.client_id);
    if (at >= 0) return { rows: rows.with(at, row) };
    return { rows: [...rows, row].sort((a, b) => (a.client_id < b.client_id ? -1 : 1)) };
  });
}

function waitOf(attempts: number, error: unknown): number {
  const asked = error instanceof Refusal && error.retryAfter ? error.retryAfter * 1_000 : 0;
  return Math.max(asked, jitter(Math.min(BACKOFF_MS * 2 ** (attempts - 1), BACKOFF_MAX_MS)));
}

export const outbox = new Outbox(deliverMessage);
