import type { User } from '@/api/types';
import { likeness } from '@/lib/fold';

export interface Candidate {
  /** What is written after the `@`. */
  word: string;
  person: User | null;
}

const SHOWN = 8;

/** The `@word` that the caret stands at the end of. */
export function mentionAt(text: string, caret: number): { from: number; query: string } | null {
  const match = /(^|[\s(])@([\p{L}\p{N}._-]{0,32})$/u.exec(text.slice(0, caret));
  if (!match) return null;
  const query = match[2] ?? '';
  return { from: caret - query.length - 1, query };
}

/** Who may be meant, the best fit first. */
export function candidatesFor(
  query: string,
  people: readonly User[],
  groups: boolean,
): Candidate[] {
  const found: { candidate: Candidate; score: number }[] = [];
  for (const person of people) {
    const score = Math.max(
      likeness(query, person.username) ?? 0,
      likeness(query, person.display_name) ?? 0,
    );
    if (score > 1 || query === '') {
      found.push({ candidate: { word: person.username, person }, score });
    }
  }
  if (groups) {
    for (const word of ['here', 'all']) {
      if (word.startsWith(query.toLowerCase())) {
        found.push({ candidate: { word, person: null }, score: query ? 3 : -1 });
      }
    }
  }
  found.sort((a, b) => b.score - a.score || a.candidate.word.localeCompare(b.candidate.word));
  return found.slice(0, SHOWN).map(({ candidate }) => candidate);
}
