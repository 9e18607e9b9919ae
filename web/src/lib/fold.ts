/** The text as one would type it into a search: without accents and case. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * How well `query` fits `text`, or null: the beginning of the text is best, then of a word, then
 * anywhere, then its letters in order.
 */
export function likeness(query: string, text: string): number | null {
  const wanted = fold(query.trim());
  const given = fold(text);
  if (!wanted) return 0;
  if (given.startsWith(wanted)) return 4;
  const at = given.indexOf(wanted);
  if (at > 0) return /[\s._#-]/.test(given[at - 1] ?? '') ? 3 : 2;
  let next = 0;
  for (const letter of given) if (letter === wanted[next]) next += 1;
  return next === wanted.length ? 1 : null;
}
