import { describe, expect, it } from 'vitest';
import { makeUser } from '../../../test/make';
import { candidatesFor, mentionAt } from './completion';

const people = [
  makeUser('1', 'ana.lucia', { display_name: 'Ana Lúcia' }),
  makeUser('2', 'bruno', { display_name: 'Bruno Álvares' }),
  makeUser('3', 'joana', { display_name: 'Joana' }),
];
const words = (query: string, groups = true) =>
  candidatesFor(query, people, groups).map((candidate) => candidate.word);

describe('completing a mention', () => {
  it('begins at an @ that begins a word', () => {
    expect(mentionAt('hi @an', 6)).toEqual({ from: 3, query: 'an' });
    expect(mentionAt('@', 1)).toEqual({ from: 0, query: '' });
    expect(mentionAt('mail@an', 7)).toBeNull();
    expect(mentionAt('hi @an there', 12)).toBeNull();
  });

  it('finds people by the beginning of any of their names, whatever the accents', () => {
    expect(words('an')[0]).toBe('ana.lucia');
    expect(words('alva')).toEqual(['bruno']);
    expect(words('lucia')).toEqual(['ana.lucia']);
    expect(words('zzz')).toEqual([]);
  });

  it('offers everybody at once only where there are more than two', () => {
    expect(words('al')).toContain('all');
    expect(words('he', false)).toEqual([]);
    expect(words('')).toEqual(['ana.lucia', 'bruno', 'joana', 'all', 'here']);
  });
});
