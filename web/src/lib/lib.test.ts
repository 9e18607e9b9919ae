import { beforeEach, describe, expect, it, vi } from 'vitest';
import { dayKey, dayName, shortWhen } from './dates';
import { closeDrafts, draftOf, openDrafts, setDraft, useDrafts } from './drafts';
import { likeness } from './fold';
import { localeOf } from './i18n';

describe('drafts', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => {
      closeDrafts(true);
      vi.useRealTimers();
    };
  });

  it('are kept within half a second, and are there again at the next visit', () => {
    openDrafts('ana');
    setDraft('c1', { text: 'half a thought', replyTo: null });
    vi.advanceTimersByTime(500);
    closeDrafts(false);
    expect(useDrafts.getState().byChat).toEqual({});
    openDrafts('ana');
    expect(draftOf('c1').text).toBe('half a thought');
  });

  it('survive a page that is closed before that', () => {
    openDrafts('ana');
    setDraft('c1', { text: 'in a hurry', replyTo: 'm1' });
    dispatchEvent(new Event('pagehide'));
    expect(localStorage.getItem('thread.drafts.ana')).toContain('in a hurry');
  });

  it('are nobody else’s, and gone after signing out', () => {
    openDrafts('ana');
    setDraft('c1', { text: 'mine', replyTo: null });
    vi.advanceTimersByTime(500);
    closeDrafts(true);
    expect(localStorage.getItem('thread.drafts.ana')).toBeNull();
    openDrafts('bruno');
    expect(draftOf('c1').text).toBe('');
  });

  it('that are empty are none', () => {
    openDrafts('ana');
    setDraft('c1', { text: 'x', replyTo: null });
    setDraft('c1', { text: '  ', replyTo: null });
    expect(useDrafts.getState().byChat).toEqual({});
  });
});

describe('dates', () => {
  const now = new Date(2026, 4, 20, 12);
  it('are told as people tell them', () => {
    const day = (ago: number) => new Date(2026, 4, 20 - ago, 9).toISOString();
    expect(dayName('en', day(0), now)).toBe('Today');
    expect(dayName('pt-BR', day(1), now)).toBe('Ontem');
    expect(dayName('en', day(3), now)).toMatch(/17/);
    expect(shortWhen('en', day(2), now)).toMatch(/Mon/);
    expect(shortWhen('pt-BR', day(40), now)).toBe('10/04');
  });

  it('of one day share a key', () => {
    expect(dayKey(new Date(2026, 4, 20, 0, 1).toISOString())).toBe(dayKey(now.toISOString()));
    expect(dayKey(new Date(2026, 4, 19, 23, 59).toISOString())).not.toBe(dayKey(now.toISOString()));
  });
});

describe('finding by a few letters', () => {
  it('ranks the beginning over a word over the middle over scattered letters', () => {
    const ranks = ['garden', 'our garden', 'megarden', 'g a r d'].map((text) =>
      likeness('gard', text),
    );
    expect(ranks).toEqual([4, 3, 2, 1]);
    expect(likeness('gard', 'yard')).toBeNull();
    expect(likeness('joao', 'João')).toBe(4);
  });
});

describe('languages', () => {
  it.each([
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['en-GB', 'en'],
    ['fr', null],
    ['', null],
  ])('%s is %s', (tag, locale) => {
    expect(localeOf(tag)).toBe(locale);
  });
});
