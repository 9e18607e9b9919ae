import { create } from 'zustand';
import { chatsApi } from '@/api/chats';
import type { Chat } from '@/api/types';

interface ChatsState {
  status: 'loading' | 'ready' | 'error';
  error: unknown;
  byId: ReadonlyMap<string, Chat>;
}

/** My chats, as their rows in the list show them. */
export const useChats = create<ChatsState>(() => ({
  status: 'loading',
  error: null,
  byId: new Map(),
}));

let loading: Promise<void> | null = null;

/** Loads the whole list, newest activity first, one page after the other. One load at a time. */
export function loadChats(): Promise<void> {
  loading ??= loadAll().finally(() => {
    loading = null;
  });
  return loading;
}

async function loadAll(): Promise<void> {
  const seen = new Set<string>();
  const knownBefore = new Set(useChats.getState().byId.keys());
  try {
    let cursor: string | undefined;
    do {
      const page = await chatsApi.list(cursor);
      for (const chat of page.items) seen.add(chat.id);
      takeRows(page.items);
      // The first page is enough to begin with.
      useChats.setState({ status: 'ready', error: null });
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    forgetChats([...knownBefore].filter((id) => !seen.has(id)));
  } catch (error) {
    if (useChats.getState().status === 'loading') useChats.setState({ status: 'error', error });
    throw error;
  }
}

/** Takes over rows, unless the held one has seen more of the log. */
export function takeRows(rows: readonly Chat[]): void {
  useChats.setState((state) => {
    const byId = new Map(state.byId);
    for (const row of rows) {
      const held = byId.get(row.id);
      if (held?.my && row.my && held.epoch === row.epoch && held.last_seq > row.last_seq) continue;
      byId.set(row.id, row);
    }
    return { byId };
  });
}

export function updateRow(id: string, change: (chat: Chat) => Chat): void {
  useChats.setState((state) => {
    const chat = state.byId.get(id);
    if (!chat) return state;
    const next = change(chat);
    return next === chat ? state : { byId: new Map(state.byId).set(id, next) };
  });
}

export function forgetChats(ids: readonly string[]): void {
  if (ids.length === 0) return;
  useChats.setState((state) => {
    const byId = new Map(state.byId);
    for (const id of ids) byId.delete(id);
    return { byId };
  });
}

const refreshing = new Set<string>();

/** Asks the server for one row, once for however many reasons there are at the moment. */
export function refreshRow(id: string): void {
  if (refreshing.has(id)) return;
  refreshing.add(id);
  setTimeout(() => {
    refreshing.delete(id);
    chatsApi.get(id).then(
      (chat) => takeRows([chat]),
      // The next event, or the next reconnection, asks again.
      () => undefined,
    );
  }, 150);
}

export function setPlace(
  id: string,
  place: { read_seq: number; unread_count?: number | null; mention_count?: number | null },
): void {
  updateRow(id, (chat) => {
    if (!chat.my) return chat;
    return {
      ...chat,
      my: {
        ...chat.my,
        read_seq: place.read_seq,
        unread_count: place.unread_count ?? chat.my.unread_count,
        mention_count: place.mention_count ?? chat.my.mention_count,
      },
    };
  });
}
