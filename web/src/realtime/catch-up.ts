import { chatsApi } from '@/api/chats';
import { hasCode, isTransient } from '@/api/problem';
import type { LogEvent } from '@/api/types';
import { jitter, sleep } from '@/lib/time';
import { loadChats, useChats } from './chats';
import { flush, receive } from './inbox';
import { isConnected, request } from './socket';
import { BEHIND_MAX, hasGap, isLoaded } from './timeline';
import { forgetTimeline, openChats, reloadTimeline, timelineOf, useTimelines } from './timelines';

/** A gap closes by itself most of the time: the missing event is on its way. */
const PATIENCE_MS = 150;

const patience = new Map<string, ReturnType<typeof setTimeout>>();
const running = new Map<string, Promise<void>>();

/** Fetches what is missing of a chat, unless it has come in the meantime. */
export function scheduleCatchUp(chatId: string): void {
  if (patience.has(chatId)) return;
  const seenHi = timelineOf(chatId).hi;
  const timer = setTimeout(() => {
    patience.delete(chatId);
    const state = timelineOf(chatId);
    if (hasGap(state) || state.hi === seenHi) void catchUp(chatId);
  }, PATIENCE_MS);
  patience.set(chatId, timer);
}

/** Brings a chat to its head; one run per chat at a time. */
export function catchUp(chatId: string): Promise<void> {
  const already = running.get(chatId);
  if (already) return already;
  const run = follow(chatId).finally(() => running.delete(chatId));
  running.set(chatId, run);
  return run;
}

async function follow(chatId: string): Promise<void> {
  for (let failures = 0; useTimelines.getState().byChat.has(chatId); ) {
    const state = timelineOf(chatId);
    if (!isLoaded(state)) return;
    try {
      const page = await chatsApi.events(chatId, state.hi);
      if (page.epoch !== state.epoch || page.head_seq - state.hi > BEHIND_MAX) {
        await reloadTimeline(chatId);
        return;
      }
      for (const event of page.items) receive(event);
      flush();
      if (!page.has_more || page.items.length === 0) return;
    } catch (error) {
      if (hasCode(error, 'log_truncated')) {
        await reloadTimeline(chatId).catch(() => undefined);
        return;
      }
      if (hasCode(error, 'chat_not_found', 'not_a_participant')) {
        forgetTimeline(chatId);
        return;
      }
      // Without a connection the next one begins with a catch-up anyway.
      if (!isTransient(error) || !isConnected()) return;
      failures += 1;
      await sleep(jitter(Math.min(500 * 2 ** failures, 15_000)));
    }
  }
}

interface Synced {
  heads: Record<string, { seq: number; epoch: string }>;
  events: Record<string, LogEvent[]>;
}

/** After a connection: brings the open chats to their heads, and the list where it is behind. */
export async function syncAll(): Promise<void> {
  const chats: Record<string, number> = {};
  for (const id of openChats()) chats[id] = timelineOf(id).hi;
  let synced: Synced;
  try {
    synced = await request<Synced>('sync', { chats });
  } catch {
    // The list and the open chats can be asked for one by one.
    await Promise.allSettled([loadChats(), ...openChats().map(catchUp)]);
    return;
  }
  for (const events of Object.values(synced.events)) for (const event of events) receive(event);
  flush();
  const behind: Promise<void>[] = [];
  for (const id of openChats()) {
    const head = synced.heads[id];
    const held = timelineOf(id);
    if (!head) continue;
    if (head.epoch !== held.epoch) behind.push(reloadTimeline(id));
    else if (held.hi < head.seq) behind.push(catchUp(id));
  }
  if (isListBehind(synced.heads)) behind.push(loadChats());
  await Promise.allSettled(behind);
}

function isListBehind(heads: Synced['heads']): boolean {
  const { byId, status } = useChats.getState();
  if (status !== 'ready') return true;
  const ids = Object.keys(heads);
  const mine = [...byId.values()].filter((chat) => chat.my);
  if (ids.length !== mine.length) return true;
  return ids.some((id) => {
    const row = byId.get(id);
    return !row || row.last_seq !== heads[id]?.seq || row.epoch !== heads[id]?.epoch;
  });
}
