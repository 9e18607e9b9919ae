import { useCallback, useEffect, useState } from 'react';
import { useLink } from '@/realtime/socket';
import { emptyTimeline, type PageRequest, segmentAt, tailOf } from '@/realtime/timeline';
import { loadPage, touchTimeline, useTimelines } from '@/realtime/timelines';

export type Anchor = { at: 'end' } | { at: 'seq'; seq: number };

/** The stretch of a chat that is on screen, and how to make it longer. */
export function useWindow(chatId: string, anchor: Anchor) {
  const state = useTimelines((all) => all.byChat.get(chatId)) ?? emptyTimeline;
  const link = useLink((all) => all.link);
  const [error, setError] = useState<unknown>(null);
  const segment = anchor.at === 'end' ? tailOf(state) : segmentAt(state, anchor.seq);
  const anchorSeq = anchor.at === 'seq' ? anchor.seq : null;

  const load = useCallback(
    async (request: PageRequest) => {
      setError(null);
      try {
        await loadPage(chatId, request);
      } catch (cause) {
        setError(cause);
      }
    },
    [chatId],
  );

  useEffect(() => touchTimeline(chatId), [chatId]);

  const missing = !segment;
  const loadAnchor = useCallback(
    () => load(anchorSeq === null ? { at: 'newest' } : { at: 'around', seq: anchorSeq }),
    [load, anchorSeq],
  );
  useEffect(() => {
    if (missing) void loadAnchor();
  }, [missing, loadAnchor]);

  // What failed while there was no connection is tried again with the next one.
  useEffect(() => {
    if (link === 'online' && missing) void loadAnchor();
  }, [link, missing, loadAnchor]);

  const lo = segment?.lo ?? 0;
  const hi = segment?.hi ?? Number.POSITIVE_INFINITY;
  const loadBefore = useCallback(() => {
    if (lo > 0) void load({ at: 'before', seq: lo });
  }, [lo, load]);
  const loadAfter = useCallback(() => {
    if (hi < Number.POSITIVE_INFINITY) void load({ at: 'after', seq: hi });
  }, [hi, load]);

  return { state, segment, error, retry: loadAnchor, loadBefore, loadAfter };
}
