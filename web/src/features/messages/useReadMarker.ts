import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { markRead } from '@/realtime/actions';
import type { ListHandle } from '@/ui/VirtualList';
import type { Item } from './items';

const REST_MS = 250;

interface Options {
  chatId: string;
  items: readonly Item[];
  handle: RefObject<ListHandle | null>;
  holdsUnread: boolean;
}

/**
 * Marks as read what was seen, and nothing else: the lowest message on screen, while somebody is
 * looking. Call what it answers whenever that may have changed.
 */
export function useReadMarker({ chatId, items, handle, holdsUnread }: Options): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef({ items, holdsUnread });
  latest.current = { items, holdsUnread };

  const mark = useCallback(() => {
    const { items: shown, holdsUnread: holds } = latest.current;
    const list = handle.current;
    if (!list || holds || document.visibilityState !== 'visible' || !document.hasFocus()) return;
    const seq = lowestSeen(list, shown);
    // Losing it costs nothing: the next look marks again.
    if (seq !== null) markRead(chatId, seq).catch(() => undefined);
  }, [chatId, handle]);

  const soon = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(mark, REST_MS);
  }, [mark]);

  useEffect(() => {
    addEventListener('focus', soon);
    document.addEventListener('visibilitychange', soon);
    return () => {
      clearTimeout(timer.current);
      removeEventListener('focus', soon);
      document.removeEventListener('visibilitychange', soon);
    };
  }, [soon]);
  return soon;
}

/** The `seq` of the last message whose end is on screen. */
function lowestSeen(list: ListHandle, items: readonly Item[]): number | null {
  const bottom = list.scrollOffset + list.viewportSize;
  let index = Math.min(list.findItemIndex(bottom - 1), items.length - 1);
  if (list.getItemOffset(index) + list.getItemSize(index) > bottom + 24) index -= 1;
  for (; index >= 0; index -= 1) {
    const item = items[index];
    if (item && !item.row) return item.message.seq;
  }
  return null;
}
