import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusal, Unreachable } from '@/api/problem';
import type { Message } from '@/api/types';
import { openLocalDb } from '@/lib/idb';
import { chatId, makeMessage, me } from '../../test/make';
import { Outbox, type OutboxRow, useOutbox } from './outbox';

const other = '0195c000-0000-7000-8000-0000000000dd';
const texts = () => useOutbox.getState().rows.map((row) => row.text);
const states = () => useOutbox.getState().rows.map((row) => row.state);
const write = (outbox: Outbox, text: string, chat = chatId) =>
  outbox.add({ chat_id: chat, text, reply_to: null });
const arrived = (row: OutboxRow): Message =>
  makeMessage(1, { client_id: row.client_id, text: row.text, sender_id: me });
const stored = async (user: string) => {
  const db = await openLocalDb(user);
  const rows = (await db?.getAll('outbox')) ?? [];
  db?.close();
  return rows;
};

let user = 0;
let userId = '';
const running: Outbox[] = [];

function make(deliver: (row: OutboxRow) => Promise<Message>): Outbox {
  const outbox = new Outbox(deliver);
  running.push(outbox);
  return outbox;
}

describe('the outbox', () => {
  beforeEach(() => {
    user += 1;
    userId = `user-${user}`;
  });
  afterEach(async () => {
    for (const outbox of running.splice(0)) await outbox.stop(true);
    useOutbox.setState({ rows: [] });
  });

  it('shows a message before anything is sent', () => {
    const outbox = make(() => new Promise(() => undefined));
    write(outbox, 'hello');
    expect(texts()).toEqual(['hello']);
  });

  it('sends the messages of a chat one after the other, in the order of writing', async () => {
    const sent: string[] = [];
    let atOnce = 0;
    const outbox = make(async (row) => {
      atOnce += 1;
      expect(atOnce).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 2));
      atOnce -= 1;
      sent.push(row.text);
      return arrived(row);
    });
    await outbox.start(userId);
    for (let at = 0; at < 10; at += 1) write(outbox, `${at}`);
    await vi.waitFor(() =>
      expect(sent).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']),
    );
    await vi.waitFor(() => expect(texts()).toEqual([]));
    expect(await stored(userId)).toEqual([]);
  });

  it('does not let one chat wait for another', async () => {
    const sent: string[] = [];
    const outbox = make((row) => {
      if (row.chat_id === chatId) return new Promise(() => undefined);
      sent.push(row.text);
      return Promise.resolve(arrived(row));
    });
    await outbox.start(userId);
    write(outbox, 'stuck');
    write(outbox, 'free', other);
    await vi.waitFor(() => expect(sent).toEqual(['free']));
  });

  it('keeps the client id when it tries again, and the order', async () => {
    const tried: string[] = [];
    let failures = 2;
    const outbox = make(async (row) => {
      tried.push(row.client_id);
      if (failures > 0) {
        failures -= 1;
        throw new Unreachable();
      }
      return arrived(row);
    });
    await outbox.start(userId);
    const first = write(outbox, 'one');
    const second = write(outbox, 'two');
    await vi.waitFor(() => {
      outbox.kick();
      expect(texts()).toEqual([]);
    });
    expect(tried).toEqual([first.client_id, first.client_id, first.client_id, second.client_id]);
  });

  it('waits for as long as the server asks', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let tries = 0;
      const outbox = make(async (row) => {
        tries += 1;
        if (tries === 1) throw new Refusal({ status: 429, code: 'rate_limited', retry_after: 60 });
        return arrived(row);
      });
      await vi.waitFor(async () => outbox.start(userId));
      write(outbox, 'slowly');
      await vi.waitFor(() => expect(tries).toBe(1));
      await vi.waitFor(() => expect(states()).toEqual(['queued']));
      await vi.advanceTimersByTimeAsync(50_000);
      expect(tries).toBe(1);
      await vi.advanceTimersByTimeAsync(20_000);
      expect(tries).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('keeps what the server refuses, and goes on with the next', async () => {
    const sent: string[] = [];
    const outbox = make(async (row) => {
      if (row.text === 'bad') throw new Refusal({ status: 422, code: 'invalid' });
      sent.push(row.text);
      return arrived(row);
    });
    await outbox.start(userId);
    const bad = write(outbox, 'bad');
    write(outbox, 'good');
    await vi.waitFor(() => expect(sent).toEqual(['good']));
    expect(states()).toEqual(['failed']);
    expect(useOutbox.getState().rows[0]?.error?.code).toBe('invalid');
    outbox.drop(bad.client_id);
    expect(texts()).toEqual([]);
  });

  it('tries a refused message again by hand', async () => {
    let allowed = false;
    const outbox = make(async (row) => {
      if (!allowed) throw new Refusal({ status: 403, code: 'forbidden' });
      return arrived(row);
    });
    await outbox.start(userId);
    const row = write(outbox, 'please');
    await vi.waitFor(() => expect(states()).toEqual(['failed']));
    allowed = true;
    outbox.retry(row.client_id);
    await vi.waitFor(() => expect(texts()).toEqual([]));
  });

  it('pauses without failing while nobody is signed in', async () => {
    let signedIn = false;
    const outbox = make(async (row) => {
      if (!signedIn) throw new Refusal({ status: 401, code: 'unauthenticated' });
      return arrived(row);
    });
    await outbox.start(userId);
    write(outbox, 'later');
    await vi.waitFor(() => expect(states()).toEqual(['queued']));
    signedIn = true;
    outbox.kick();
    await vi.waitFor(() => expect(texts()).toEqual([]));
  });

  it('lets a message go when its echo comes before the acknowledgement', async () => {
    let acknowledge: (message: Message) => void = () => undefined;
    const sent: string[] = [];
    const outbox = make((row) => {
      sent.push(row.text);
      return new Promise((resolve) => {
        acknowledge = resolve;
      });
    });
    await outbox.start(userId);
    const row = write(outbox, 'echo');
    await vi.waitFor(() => expect(sent).toEqual(['echo']));
    outbox.settle(row.client_id);
    expect(texts()).toEqual([]);
    acknowledge(arrived(row));
    await Promise.resolve();
    expect(texts()).toEqual([]);
    write(outbox, 'next');
    await vi.waitFor(() => expect(sent).toEqual(['echo', 'next']));
  });

  it('lets a message go when its echo comes and the acknowledgement never does', async () => {
    let lose: () => void = () => undefined;
    const outbox = make(
      () =>
        new Promise((_, reject) => {
          lose = () => reject(new Unreachable());
        }),
    );
    await outbox.start(userId);
    const row = write(outbox, 'lost');
    await vi.waitFor(() => expect(states()).toEqual(['sending']));
    outbox.settle(row.client_id);
    lose();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(texts()).toEqual([]);
    expect(await stored(userId)).toEqual([]);
  });

  it('outlives the page: what was not sent is sent by the next one', async () => {
    const dying = make(() => new Promise(() => undefined));
    await dying.start(userId);
    for (let at = 0; at < 20; at += 1) write(dying, `${at}`);
    await vi.waitFor(async () => expect(await stored(userId)).toHaveLength(20));
    const written = useOutbox.getState().rows.map((row) => row.client_id);
    await dying.stop(false);

    const sent: OutboxRow[] = [];
    const next = make(async (row) => {
      sent.push(row);
      return arrived(row);
    });
    await next.start(userId);
    await vi.waitFor(() => expect(sent).toHaveLength(20));
    expect(sent.map((row) => row.client_id)).toEqual(written);
  });

  it('forgets everything when it is wiped', async () => {
    const outbox = make(() => new Promise(() => undefined));
    await outbox.start(userId);
    write(outbox, 'secret');
    await vi.waitFor(async () => expect(await stored(userId)).toHaveLength(1));
    await outbox.stop(true);
    expect(await stored(userId)).toEqual([]);
  });
});
