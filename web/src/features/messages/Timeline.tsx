import { ArrowDown } from 'lucide-react';
import { type KeyboardEvent, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from '@/lib/i18n';
import { useMyId } from '@/lib/useMe';
import { useOutbox } from '@/realtime/outbox';
import { Button } from '@/ui/Button';
import { Failed } from '@/ui/States';
import { type ListHandle, VirtualList } from '@/ui/VirtualList';
import { Beginning } from './Beginning';
import { useOpenChat } from './context';
import { itemsOf } from './items';
import { MessageRow } from './MessageRow';
import { TimelineSkeleton } from './TimelineSkeleton';
import { useReadMarker } from './useReadMarker';
import { type Anchor, useWindow } from './useWindow';

/** Closer to the end than this counts as being there. */
const NEAR_PX = 40;
/** Older and newer messages are fetched before they are needed. */
const AHEAD_PX = 1_000;

interface TimelineProps {
  anchor: Anchor;
  /** A message to show in the middle and to point out. */
  targetId: string | null;
  /** Rises when the newest message is to be shown. */
  toEnd: number;
  dividerSeq: number | null;
  /** Reading marks nothing: a message was marked unread in this visit. */
  holdsUnread: boolean;
  onToEnd: () => void;
}

export function Timeline(props: TimelineProps) {
  const { anchor, targetId, toEnd, dividerSeq, holdsUnread, onToEnd } = props;
  const { t } = useTranslation();
  const me = useMyId();
  const { chat, title } = useOpenChat();
  const { state, segment, error, retry, loadBefore, loadAfter } = useWindow(chat.id, anchor);
  const outboxRows = useOutbox((all) => all.rows);
  const items = useMemo(() => {
    if (!segment) return [];
    const rows = outboxRows.filter((row) => row.chat_id === chat.id);
    return itemsOf({ state, segment, rows, me, dividerSeq });
  }, [state, segment, outboxRows, chat.id, me, dividerSeq]);

  const handle = useRef<ListHandle>(null);
  const sticks = useRef(true);
  const lastOffset = useRef(0);
  const [atEnd, setAtEnd] = useState(true);
  const [stop, setStop] = useState<string | null>(null);
  const [active, setActive] = useState<string | null>(null);
  const stopIndex = items.findIndex((item) => item.key === stop);
  const stopAt = stopIndex < 0 ? items.length - 1 : stopIndex;

  const firstKey = items[0]?.key;
  const shownFirst = useRef(firstKey);
  const prepended =
    shownFirst.current !== undefined &&
    shownFirst.current !== firstKey &&
    items.some((item) => item.key === shownFirst.current);
  useLayoutEffect(() => {
    shownFirst.current = firstKey;
  });

  const marker = useReadMarker({ chatId: chat.id, items, handle, holdsUnread });

  const scrollToEnd = useCallback(() => {
    if (items.length > 0) handle.current?.scrollToIndex(items.length - 1, { align: 'end' });
  }, [items.length]);

  const isTail = segment?.hi === Number.POSITIVE_INFINITY;
  const onScroll = () => {
    const list = handle.current;
    if (!list) return;
    const below = list.scrollSize - list.scrollOffset - list.viewportSize;
    // Growing content moves the end away, but only a reader goes back.
    if (below <= NEAR_PX) sticks.current = isTail;
    else if (list.scrollOffset < lastOffset.current) sticks.current = false;
    lastOffset.current = list.scrollOffset;
    setAtEnd(isTail && (sticks.current || below <= NEAR_PX));
    if (list.scrollOffset < AHEAD_PX) loadBefore();
    if (below < AHEAD_PX) loadAfter();
    marker();
  };
  const onResize = () => {
    if (sticks.current) scrollToEnd();
    const list = handle.current;
    const below = list ? list.scrollSize - list.scrollOffset - list.viewportSize : 0;
    setAtEnd(isTail && (sticks.current || below <= NEAR_PX));
    marker();
  };

  // Where a visit begins: the message that was asked for, the first unread one, or the end.
  const hasItems = items.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only where the list begins, not as it grows.
  useLayoutEffect(() => {
    if (!hasItems) return;
    const list = handle.current;
    const target = items.findIndex((item) => item.message.id === targetId);
    const unread = items.findIndex((item) => item.startsUnread);
    if (target >= 0) {
      sticks.current = false;
      list?.scrollToIndex(target, { align: 'center' });
    } else if (targetId === null && unread >= 0) {
      sticks.current = false;
      list?.scrollToIndex(unread, { align: 'start', offset: -72 });
    } else if (targetId === null) {
      sticks.current = isTail;
      scrollToEnd();
    }
  }, [hasItems, targetId, anchor]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: also when an item was replaced.
  useLayoutEffect(() => {
    if (sticks.current) scrollToEnd();
    const list = handle.current;
    if (list && list.scrollSize - list.viewportSize < AHEAD_PX) loadBefore();
    marker();
  }, [items, scrollToEnd]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the wish is what matters.
  useLayoutEffect(() => {
    if (toEnd === 0) return;
    sticks.current = true;
    scrollToEnd();
  }, [toEnd]);

  const moveStop = (to: number) => {
    const item = items[Math.max(0, Math.min(items.length - 1, to))];
    if (!item) return;
    setStop(item.key);
    setActive(item.key);
    handle.current?.scrollToIndex(items.indexOf(item), { align: 'nearest' });
    // It may have to be drawn first.
    requestAnimationFrame(() => {
      document.querySelector<HTMLElement>(`[data-key="${item.key}"]`)?.focus();
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (!(event.target as HTMLElement).matches('[data-key], [role="log"]')) return;
    const moves: Record<string, number> = {
      ArrowUp: stopAt - 1,
      ArrowDown: stopAt + 1,
      PageUp: stopAt - 10,
      PageDown: stopAt + 10,
      Home: 0,
      End: items.length - 1,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    moveStop(to);
  };

  if (!segment) {
    return (
      <div className="min-h-0 flex-1">
        {error ? <Failed error={error} onRetry={retry} /> : <TimelineSkeleton />}
      </div>
    );
  }
  const unread = chat.my?.unread_count ?? 0;
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {items.length === 0 ? (
        <div role="log" aria-live="off" aria-label={title} className="scroller flex-1">
          <Beginning />
        </div>
      ) : (
        <VirtualList
          role="log"
          aria-live="off"
          aria-label={title}
          data-region="timeline"
          className="scroller flex flex-1 flex-col [overflow-anchor:none]"
          items={items}
          handle={handle}
          prepended={prepended}
          keepMounted={stopAt >= 0 ? [stopAt] : []}
          onScroll={onScroll}
          onResize={onResize}
          onKeyDown={onKeyDown}
          render={(item, index) => (
            <div key={item.key} className={index === items.length - 1 ? 'pb-4' : undefined}>
              {index === 0 && segment.lo === 0 && <Beginning />}
              <MessageRow
                item={item}
                isStop={index === stopAt}
                isActive={active === item.key}
                isTarget={item.message.id === targetId}
                onActivate={setActive}
                onStop={setStop}
              />
            </div>
          )}
        />
      )}
      {(!atEnd || !isTail) && items.length > 0 && (
        <div className="appear absolute inset-x-0 bottom-3 flex justify-center">
          <Button
            small
            tone={unread > 0 ? 'primary' : 'plain'}
            className="rounded-full shadow-float"
            onClick={onToEnd}
          >
            <ArrowDown className="size-4" aria-hidden />
            {unread > 0 ? t('messages.new_count', { count: unread }) : t('messages.to_latest')}
          </Button>
        </div>
      )}
    </div>
  );
}
