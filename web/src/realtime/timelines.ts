import { create } from 'zustand';
import { chatsApi } from '@/api/chats';
import type { Message, MessagePage } from '@/api/types';
import {
  emptyTimeline,
  isLoaded,
  mergeMessages,
  mergePage,
  type PageRequest,
  snapshot,
  type TimelineState,
} from './timeline';

interface TimelinesState {
  byChat: ReadonlyMap<string, TimelineState>;
}

/** What is held of each chat that was opened. Written here and by the bridge, nowhere else. */
export const useTimelines = create<TimelinesState>(() => ({ byChat: new Map() }));

/** Chats whose messages are kept in memory; the one left longest ago goes first. */
const KEPT = 30;
const PAGE = 50;

export function timelineOf(chatId: string): TimelineState {
  return useTimelines.getState().byChat.get(chatId) ?? emptyTimeline;
}

export function openChats(): string[] {
  return [...useTimelines.getState().byChat]
    .filter(([, state]) => isLoaded(state))
    .map(([id]) => id);
}

export function updateTimeline(
  chatId: string,
  change: (state: TimelineState) => TimelineState,
): void {
  useTimelines.setState((all) => {
    const before = all.byChat.get(chatId) ?? emptyTimeline;
    const after = change(before);
    if (after === before && all.byChat.has(chatId)) return all;
    return { byChat: new Map(all.byChat).set(chatId, after) };
  });
}

/** Marks a chat as the one looked at last, and lets go of the ones not looked at for long. */
export function touchTimeline(chatId: string): void {
  useTimelines.setState((all) => {
    const byChat = new Map(all.byChat);
    const state = byChat.get(chatId) ?? emptyTimeline;
    byChat.delete(chatId);
    byChat.set(chatId, state);
    for (const id of byChat.keys()) {
      if (byChat.size <= KEPT) break;
      byChat.delete(id);
    }
    return { byChat };
  });
}

export function forgetTimeline(chatId: string): void {
  useTimelines.setState((all) => {
    if (!all.byChat.has(chatId)) return all;
    const byChat = new Map(all.byChat);
    byChat.delete(chatId);
    return { byChat };
  });
}

export function takeMessages(chatId: string, messages: readonly Message[]): void {
  if (useTimelines.getState().byChat.has(chatId)) {
    updateTimeline(chatId, (state) => mergeMessages(state, messages));
  }
}

const inFlight = new Map<string, Promise<void>>();

/** Fetches a page and merges it; the same page is not fetched twice at once. */
export function loadPage(chatId: string, request: PageRequest): Promise<void> {
  const key = `${chatId} ${JSON.stringify(request)}`;
  const running = inFlight.get(key);
  if (running) return running;
  const started = fetchPage(chatId, request).finally(() => inFlight.delete(key));
  inFlight.set(key, started);
  return started;
}

async function fetchPage(chatId: string, request: PageRequest): Promise<void> {
  // The chat counts as open from now: events that come before the page does wait for it.
  updateTimeline(chatId, (state) => state);
  // A page is refused only when very much happened while it was under way.
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const page = await ask(chatId, request);
    if (!useTimelines.getState().byChat.has(chatId)) return;
    const merged = mergePage(timelineOf(chatId), page, request);
    if (merged) {
      updateTimeline(chatId, () => merged);
      return;
    }
  }
  await reloadTimeline(chatId);
}

/** Forgets what is held and begins again from the newest page. */
export async function reloadTimeline(chatId: string): Promise<void> {
  const page = await ask(chatId, { at: 'newest' });
  updateTimeline(chatId, (state) => snapshot(state, page, { at: 'newest' }));
}

function ask(chatId: string, request: PageRequest): Promise<MessagePage> {
  switch (request.at) {
    case 'newest':
      return chatsApi.messages(chatId, { limit: PAGE });
    case 'before':
      return chatsApi.messages(chatId, { before_seq: request.seq, limit: PAGE });
    case 'after':
      return chatsApi.messages(chatId, { after_seq: request.seq, limit: PAGE });
    case 'around':
      return chatsApi.messages(chatId, { around_seq: request.seq, limit: PAGE });
  }
}
