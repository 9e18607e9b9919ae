import { describe, expect, it } from 'vitest';
import type { LogEvent, Message, MessagePage } from '@/api/types';
import { makeEvent, makeMessage, makePage, posted, randomFrom } from '../../test/make';
import {
  applyEvents,
  emptyTimeline,
  hasGap,
  mergeMessages,
  mergePage,
  type PageRequest,
  type TimelineState,
} from './timeline';

const RUNS = 400;

type Random = () => number;
const below = (random: Random, max: number) => Math.floor(random() * max);

/** A log of everything that can happen to a chat. */
function randomLog(random: Random, length: number): LogEvent[] {
  const log: LogEvent[] = [];
  const messages: Message[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const target = messages[below(random, messages.length)];
    const user_id = `u${below(random, 4)}`;
    const emoji = ['👍', '🎉'][below(random, 2)] ?? '👍';
    const dice = random();
    if (!target || dice < 0.45) {
      const inThread = target && random() < 0.15;
      const also_in_chat = random() < 0.5;
      const event = posted(seq, inThread ? { thread_root_id: target.id, also_in_chat } : {});
      if (event.kind === 'message_posted') messages.push(event.message);
      log.push(event);
    } else if (dice < 0.6) {
      const message = { ...target, text: `edit ${seq}`, version: seq, edited_at: `${seq}` };
      messages[messages.indexOf(target)] = message;
      log.push(
        makeEvent(seq, {
          kind: 'message_edited',
          message: {
            ...message,
            reactions: reactionsAt(log, message.id),
            thread: threadAt(log, message.id),
          },
        }),
      );
    } else if (dice < 0.66) {
      log.push(makeEvent(seq, { kind: 'message_deleted', message_id: target.id }));
      messages.splice(messages.indexOf(target), 1);
    } else if (dice < 0.8) {
      log.push(makeEvent(seq, { kind: 'reaction_added', message_id: target.id, emoji, user_id }));
    } else if (dice < 0.92) {
      log.push(makeEvent(seq, { kind: 'reaction_removed', message_id: target.id, emoji, user_id }));
    } else {
      log.push(makeEvent(seq, { kind: 'participant_joined', user_id, role: 'member' }));
    }
  }
  return log;
}

/** The chat as a server that applied everything in order holds it. */
function serverAt(log: readonly LogEvent[], seq: number): TimelineState {
  const whole = mergePage(emptyTimeline, makePage([], { as_of_seq: 0 }), { at: 'newest' });
  return applyEvents(whole as TimelineState, log.slice(0, seq));
}
const reactionsAt = (log: readonly LogEvent[], id: string) =>
  serverAt(log, log.length).byId.get(id)?.reactions ?? [];
const threadAt = (log: readonly LogEvent[], id: string) =>
  serverAt(log, log.length).byId.get(id)?.thread ?? null;

function pageOf(server: TimelineState, request: PageRequest, limit: number): MessagePage {
  const all = [...server.byId.values()].sort((a, b) => a.seq - b.seq);
  const from = (() => {
    switch (request.at) {
      case 'newest':
        return Math.max(0, all.length - limit);
      case 'before': {
        const end = all.filter((message) => message.seq < request.seq).length;
        return Math.max(0, end - limit);
      }
      case 'after':
        return all.filter((message) => message.seq <= request.seq).length;
      case 'around': {
        const middle = all.filter((message) => message.seq < request.seq).length;
        return Math.max(0, middle - Math.floor(limit / 2));
      }
    }
  })();
  const end =
    request.at === 'before'
      ? all.filter((message) => message.seq < request.seq).length
      : Math.min(all.length, from + limit);
  return makePage(all.slice(from, end), {
    as_of_seq: server.hi,
    has_before: from > 0,
    has_after: end < all.length,
  });
}

function runOnce(seed: number): void {
  const random = randomFrom(seed);
  const log = randomLog(random, 20 + below(random, 60));
  const head = log.length;
  const begin = below(random, head);
  let state = mergePage(
    emptyTimeline,
    pageOf(serverAt(log, begin), { at: 'newest' }, 1 + below(random, 12)),
    { at: 'newest' },
  ) as TimelineState;

  let sent = begin;
  const onTheWay: LogEvent[] = [];
  while (sent < head || onTheWay.length > 0) {
    const dice = random();
    if (sent < head && dice < 0.5) {
      const event = log[sent] as LogEvent;
      sent += 1;
      if (random() < 0.25) continue;
      onTheWay.push(event);
      if (random() < 0.2) onTheWay.push(event);
    } else if (dice < 0.8) {
      const [event] = onTheWay.splice(below(random, onTheWay.length), 1);
      if (event) state = applyEvents(state, [event]);
    } else if (dice < 0.9) {
      const seq = 1 + below(random, sent + 1);
      const first = state.segments[0]?.lo ?? 1;
      const request: PageRequest =
        random() < 0.5 && first > 0 ? { at: 'before', seq: first } : { at: 'around', seq };
      // An answer may be older than what has been applied since it was asked for.
      const asOf = Math.max(begin, sent - below(random, 8));
      const merged = mergePage(
        state,
        pageOf(serverAt(log, asOf), request, 2 + below(random, 8)),
        request,
      );
      if (merged) state = merged;
    } else if (dice < 0.95) {
      const acked = log[below(random, sent)];
      if (acked?.kind === 'message_posted') state = mergeMessages(state, [acked.message]);
    } else if (hasGap(state)) {
      state = applyEvents(state, log.slice(state.hi, Math.min(sent, state.hi + 5)));
    }
  }
  state = applyEvents(state, log.slice(state.hi));

  const expected = serverAt(log, head);
  expect(state.hi).toBe(head);
  expect(hasGap(state)).toBe(false);
  for (const segment of state.segments) {
    const covered = [...expected.byId.values()]
      .filter((message) => segment.lo <= message.seq && message.seq <= segment.hi)
      .sort((a, b) => a.seq - b.seq);
    expect(segment.ids).toEqual(covered.map((message) => message.id));
    for (const message of covered) expect(state.byId.get(message.id)).toEqual(message);
  }
  for (let at = 1; at < state.segments.length; at += 1) {
    expect(state.segments[at - 1]?.hi ?? 0).toBeLessThan((state.segments[at]?.lo ?? 0) - 1);
  }
}

describe('the timeline', () => {
  it(`ends as the server does, after loss, repetition, disorder and pages (${RUNS} logs)`, () => {
    for (let seed = 1; seed <= RUNS; seed += 1) {
      try {
        runOnce(seed);
      } catch (error) {
        throw new Error(`with seed ${seed}`, { cause: error });
      }
    }
  });

  it('keeps the object when a repeated log changes nothing', () => {
    const log = randomLog(randomFrom(7), 40);
    const state = serverAt(log, 40);
    expect(applyEvents(state, log)).toBe(state);
    expect(makeMessage(1).seq).toBe(1);
  });
});
