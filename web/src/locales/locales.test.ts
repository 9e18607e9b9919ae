import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { translator } from '@/lib/i18n';
import en from './en';
import ptBR from './pt-BR';

const bundles = { en, 'pt-BR': ptBR };
const plural = /_(zero|one|two|few|many|other)$/;
const keysOf = (bundle: object) =>
  Object.entries(bundle).flatMap(([feature, words]) =>
    Object.keys(words as object).map((key) => `${feature}.${key}`),
  );
const baseKeys = (bundle: object) =>
  [...new Set(keysOf(bundle).map((key) => key.replace(plural, '')))].sort();
const sources = (function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return walk(path);
    return /\.tsx?$/.test(name) && !/\.test\./.test(name) ? [path] : [];
  });
})(join(import.meta.dirname, '..'));

describe('the languages', () => {
  it('have the same texts', () => {
    expect(baseKeys(ptBR)).toEqual(baseKeys(en));
  });

  it.each(['en', 'pt-BR'] as const)('%s has every plural form that it needs', (locale) => {
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    const keys = new Set(keysOf(bundles[locale]));
    for (const key of keys) {
      if (!plural.test(key)) continue;
      for (const form of forms) expect(keys).toContain(key.replace(plural, `_${form}`));
    }
  });

  it('fill in the same values', () => {
    const valuesOf = (bundle: object, key: string) => {
      const [feature = '', name = ''] = key.split('.');
      const words = (bundle as Record<string, Record<string, string>>)[feature] ?? {};
      const text = words[name] ?? words[`${name}_other`] ?? '';
      return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
    };
    for (const key of baseKeys(en)) expect(valuesOf(ptBR, key), key).toEqual(valuesOf(en, key));
  });

  it('have no text that nobody shows', () => {
    const code = sources.map((path) => readFileSync(path, 'utf8')).join('\n');
    // Keys such as `presence.${state}` are put together: their feature counts as used as a whole.
    const dynamic = [...code.matchAll(/`(\w+)\.(\w*)\$\{/g)].map(
      (match) => `${match[1]}.${match[2]}`,
    );
    for (const key of baseKeys(en)) {
      const used = code.includes(`'${key}'`) || dynamic.some((prefix) => key.startsWith(prefix));
      expect(used, `${key} is not used`).toBe(true);
    }
  });

  it('hold all that people read: no sentence is written in the components', () => {
    const words = /[\p{L}]{2,}/u;
    const allowed = new Set(['Thread', 'F6', 'Alt', 'Shift', 'Enter', 'Esc']);
    for (const path of sources.filter((each) => each.endsWith('.tsx'))) {
      const code = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      for (const match of code.matchAll(/>([^<>{}=;()]+)<\//g)) {
        const text = (match[1] ?? '').trim();
        if (words.test(text) && !allowed.has(text)) {
          throw new Error(`${path} says "${text}" in one language only`);
        }
      }
      for (const match of code.matchAll(
        /\b(?:aria-label|title|placeholder|alt|label)="([^"]+)"/g,
      )) {
        throw new Error(`${path} says "${match[1]}" in one language only`);
      }
    }
  });
});

describe('a translation', () => {
  const say = translator(
    { a: { n_one: '{{count}} thing', n_other: '{{count}} things', x: 'Hi {{who}}' } },
    'en',
  );
  it('chooses the plural form and fills in values', () => {
    expect(say('a.n' as never, { count: 1 })).toBe('1 thing');
    expect(say('a.n' as never, { count: 3 })).toBe('3 things');
    expect(say('a.x' as never, { who: '{{count}}' })).toBe('Hi {{count}}');
  });
  it('of a missing key is the key', () => {
    expect(say('a.none' as never)).toBe('a.none');
  });
});
