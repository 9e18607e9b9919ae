import { describe, expect, it } from 'vitest';
import type { OutboxRow } from '@/realtime/outbox';
import { emptyTimeline, mergePage, type TimelineState, tailOf } from '@/realtime/timeline';
import { ana, chatId, makeMessage, makePage, me } from '../../../test/make';
import { itemsOf } from './items';

const at = (minutes: number) => new Date(2026, 2, 2, 10, minutes).toISOString();
const build = (
  messages: Parameters<typeof makePage>[0],
  more: { rows?: OutboxRow[]; dividerSeq?: number | null; has_before?: boolean } = {},
) => {
  const page = makePage(messages, { has_before: more.has_before ?? false });
  const state = mergePage(emptyTimeline, page, { at: 'newest' }) as TimelineState;
  const segment = tailOf(state);
  if (!segment) throw new Error('no tail');
  return itemsOf({
    state,
    segment,
    rows: more.rows ?? [],
    me,
    dividerSeq: more.dividerSeq ?? null,
  });
};
const row = (client_id: string, text: string): OutboxRow => ({
  client_id,
  chat_id: chatId,
  text,
  reply_to: null,
  created_at: at(30),
  attempts: 0,
  state: 'queued',
  error: null,
});

describe('the timeline on screen', () => {
  it('groups what one person writes within five minutes, and begins anew after that', () => {
    const items = build([
      makeMessage(1, { created_at: at(0) }),
      makeMessage(2, { created_at: at(4) }),
      makeMessage(3, { created_at: at(10) }),
      makeMessage(4, { created_at: at(11), sender_id: me }),
      makeMessage(5, { created_at: at(12), sender_id: me, reply_to: 'm1' }),
    ]);
    expect(items.map((item) => item.grouped)).toEqual([false, true, false, false, false]);
  });

  it('begins every day with its name', () => {
    const items = build([
      makeMessage(1, { created_at: at(0) }),
      makeMessage(2, { created_at: at(1) }),
      makeMessage(3, { created_at: new Date(2026, 2, 3, 0, 1).toISOString() }),
    ]);
    expect(items.map((item) => item.startsDay)).toEqual([true, false, true]);
  });

  it('draws one line above the first unread message of somebody else', () => {
    const items = build(
      [1, 2, 3, 4].map((seq) =>
        makeMessage(seq, { sender_id: seq === 3 ? me : ana, created_at: at(0) }),
      ),
      { dividerSeq: 2 },
    );
    expect(items.map((item) => item.startsUnread)).toEqual([false, false, false, true]);
    expect(items[3]?.grouped).toBe(false);
  });

  it('draws no line where older unread messages are not held', () => {
    const items = build([makeMessage(50), makeMessage(51)], { dividerSeq: 2, has_before: true });
    expect(items.some((item) => item.startsUnread)).toBe(false);
  });

  it('shows what is on its way below, in the place that it will take', () => {
    const sent = makeMessage(1, { client_id: 'c-a', sender_id: me, created_at: at(29) });
    const items = build([sent], { rows: [row('c-a', 'a'), row('c-b', 'b')] });
    expect(items.map((item) => item.key)).toEqual(['c-a', 'c-b']);
    expect(items.map((item) => item.row !== null)).toEqual([false, true]);
    expect(items[1]?.grouped).toBe(true);
  });
});
