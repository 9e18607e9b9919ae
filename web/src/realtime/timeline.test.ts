import { describe, expect, it } from 'vitest';
import { makeEvent, makeMessage, makePage, posted } from '../../test/make';
import {
  applyEvents,
  emptyTimeline,
  hasGap,
  mergeMessages,
  mergePage,
  type TimelineState,
  tailOf,
} from './timeline';

const loaded = (upTo: number): TimelineState => {
  const items = Array.from({ length: upTo }, (_, at) => makeMessage(at + 1));
  return mergePage(emptyTimeline, makePage(items, { as_of_seq: upTo }), {
    at: 'newest',
  }) as TimelineState;
};
const ids = (state: TimelineState) => tailOf(state)?.ids ?? [];

describe('events', () => {
  it('are applied in the order of seq', () => {
    const state = applyEvents(loaded(2), [posted(3), posted(4)]);
    expect(state.hi).toBe(4);
    expect(ids(state)).toEqual(['m1', 'm2', 'm3', 'm4']);
  });

  it('that were seen before change nothing, not even the object', () => {
    const state = applyEvents(loaded(2), [posted(3)]);
    expect(applyEvents(state, [posted(3), posted(1)])).toBe(state);
  });

  it('that come too early wait for the missing one', () => {
    const early = applyEvents(loaded(2), [posted(4), posted(5)]);
    expect(hasGap(early)).toBe(true);
    expect(ids(early)).toEqual(['m1', 'm2']);
    const whole = applyEvents(early, [posted(3)]);
    expect(hasGap(whole)).toBe(false);
    expect(ids(whole)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
  });

  it('that come before the first page wait for it', () => {
    const waiting = applyEvents(emptyTimeline, [posted(3), posted(2)]);
    const state = mergePage(waiting, makePage([makeMessage(1), makeMessage(2)]), { at: 'newest' });
    expect(state?.hi).toBe(3);
    expect(ids(state as TimelineState)).toEqual(['m1', 'm2', 'm3']);
  });

  it('edit, delete and react', () => {
    const state = applyEvents(loaded(2), [
      makeEvent(3, {
        kind: 'message_edited',
        message: makeMessage(1, { text: 'new', version: 3, edited_at: 'then' }),
      }),
      makeEvent(4, { kind: 'reaction_added', message_id: 'm1', emoji: '👍', user_id: 'u1' }),
      makeEvent(5, { kind: 'reaction_added', message_id: 'm1', emoji: '👍', user_id: 'u2' }),
      makeEvent(6, { kind: 'reaction_removed', message_id: 'm1', emoji: '👍', user_id: 'u1' }),
      makeEvent(7, { kind: 'message_deleted', message_id: 'm2' }),
      makeEvent(8, { kind: 'participant_joined', user_id: 'u3', role: 'member' }),
    ]);
    expect(state.hi).toBe(8);
    expect(state.byId.get('m1')).toMatchObject({
      text: 'new',
      version: 6,
      reactions: [{ emoji: '👍', count: 1, user_ids: ['u2'] }],
    });
    expect(state.byId.get('m2')?.deleted_at).not.toBeNull();
    expect(state.byId.get('m2')?.text).toBe('');
  });

  it('of a thread stay out of the timeline and are counted at the root', () => {
    const state = applyEvents(loaded(1), [posted(2, { thread_root_id: 'm1' })]);
    expect(ids(state)).toEqual(['m1']);
    expect(state.byId.get('m1')?.thread?.reply_count).toBe(1);
    const both = applyEvents(state, [posted(3, { thread_root_id: 'm1', also_in_chat: true })]);
    expect(ids(both)).toEqual(['m1', 'm3']);
  });
});

describe('an acknowledged message', () => {
  it('is shown before its event, and once', () => {
    const acked = mergeMessages(loaded(1), [makeMessage(3)]);
    expect(ids(acked)).toEqual(['m1', 'm3']);
    const whole = applyEvents(acked, [posted(2), posted(3)]);
    expect(ids(whole)).toEqual(['m1', 'm2', 'm3']);
  });

  it('does not undo a newer state', () => {
    const edited = applyEvents(loaded(1), [
      makeEvent(2, { kind: 'message_edited', message: makeMessage(1, { text: 'b', version: 2 }) }),
    ]);
    expect(mergeMessages(edited, [makeMessage(1)])).toBe(edited);
  });
});

describe('pages', () => {
  it('join when they touch', () => {
    const first = mergePage(
      emptyTimeline,
      makePage([makeMessage(10), makeMessage(11)], { has_before: true, as_of_seq: 11 }),
      { at: 'newest' },
    ) as TimelineState;
    const jumped = mergePage(
      first,
      makePage([makeMessage(3), makeMessage(4)], {
        has_before: true,
        has_after: true,
        as_of_seq: 11,
      }),
      { at: 'around', seq: 3 },
    ) as TimelineState;
    expect(jumped.segments).toHaveLength(2);
    const joined = mergePage(
      jumped,
      makePage(
        [5, 6, 7, 8, 9].map((seq) => makeMessage(seq)),
        {
          has_before: true,
          has_after: true,
          as_of_seq: 11,
        },
      ),
      { at: 'after', seq: 4 },
    ) as TimelineState;
    const whole = mergePage(
      joined,
      makePage([makeMessage(9)], { has_before: true, has_after: true, as_of_seq: 11 }),
      { at: 'before', seq: 10 },
    ) as TimelineState;
    expect(whole.segments).toHaveLength(1);
    expect(ids(whole)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11].map((seq) => `m${seq}`));
  });

  it('that were under way while something happened get it too', () => {
    const state = mergePage(
      emptyTimeline,
      makePage([makeMessage(5)], { has_before: true, as_of_seq: 5 }),
      { at: 'newest' },
    ) as TimelineState;
    const later = applyEvents(state, [
      makeEvent(6, { kind: 'message_edited', message: makeMessage(2, { text: 'b', version: 6 }) }),
      posted(7),
    ]);
    const old = makePage(
      [1, 2, 3, 4].map((seq) => makeMessage(seq)),
      {
        has_after: true,
        as_of_seq: 5,
      },
    );
    const whole = mergePage(later, old, { at: 'before', seq: 5 }) as TimelineState;
    expect(whole.byId.get('m2')?.text).toBe('b');
    expect(ids(whole)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm7']);
  });

  it('of another epoch replace everything', () => {
    const page = makePage([makeMessage(1, { text: 'other' })], { epoch: 'two' });
    const state = mergePage(loaded(3), page, { at: 'newest' });
    expect(state?.epoch).toBe('two');
    expect(state?.hi).toBe(1);
    expect(ids(state as TimelineState)).toEqual(['m1']);
  });

  it('that are too old to be brought up to date are refused', () => {
    const many = Array.from({ length: 2_000 }, (_, at) => posted(at + 2));
    const state = applyEvents(loaded(1), many);
    const old = makePage([makeMessage(1)], { as_of_seq: 1 });
    expect(mergePage(state, old, { at: 'newest' })).toBeNull();
  });
});
