import { describe, expect, it } from 'vitest';
import { makeMessage, me } from '../../test/make';
import { overlay, settleOverlay, useOverlays, withOverlay } from './overlays';

describe('what I did and the server has not told yet', () => {
  it('is on the message at once, and gathers', () => {
    overlay('m1', { reactions: { '👍': true } });
    overlay('m1', { reactions: { '🎉': true } });
    overlay('m1', { text: 'better' });
    const mine = useOverlays.getState().byMessage.get('m1');
    const seen = withOverlay(makeMessage(1), mine, me);
    expect(seen.reactions.map((reaction) => reaction.emoji)).toEqual(['👍', '🎉']);
    expect(seen.text).toBe('better');
    expect(seen.edited_at).not.toBeNull();
  });

  it('changes nothing that the server says already', () => {
    const given = makeMessage(1, { reactions: [{ emoji: '👍', count: 1, user_ids: [me] }] });
    expect(withOverlay(given, { reactions: { '👍': true } }, me)).toBe(given);
    expect(withOverlay(given, { reactions: { '👍': false } }, me).reactions).toEqual([]);
  });

  it('is gone once the server has spoken', () => {
    overlay('m2', { deleted: true });
    settleOverlay('m2');
    expect(useOverlays.getState().byMessage.has('m2')).toBe(false);
  });
});
