import { useSyncExternalStore } from 'react';
import type en from '@/locales/en';

// The files are what every translation tool reads (i18next's JSON: `_one`, `_other`, `{{name}}`).
// Reading them takes these lines; the library would be a tenth of all that is loaded first.

type Words = typeof en;
type Plain<K> = K extends `${infer Base}_${'one' | 'other'}` ? Base : K;

/** `feature.key` of every text there is: a key that is missing does not compile. */
export type Key = {
  [F in keyof Words & string]: `${F}.${Plain<keyof Words[F]> & string}`;
}[keyof Words & string];

type Values = Record<string, string | number>;
export type Translate = (key: Key, values?: Values) => string;

export type Locale = 'en' | 'pt-BR';
export const locales: readonly Locale[] = ['en', 'pt-BR'];

type Bundle = Record<string, Record<string, string>>;

interface Spoken {
  t: Translate;
  locale: Locale;
}

const STORED = 'thread.locale';

const loaders: Record<Locale, () => Promise<{ default: object }>> = {
  en: () => import('@/locales/en'),
  'pt-BR': () => import('@/locales/pt-BR'),
};

let spoken: Spoken = { t: (key) => key, locale: 'en' };
const listeners = new Set<() => void>();

/** The words of a language, as a function from keys to texts. */
export function translator(bundle: object, locale: Locale): Translate {
  const plurals = new Intl.PluralRules(locale);
  const words = bundle as Bundle;
  return (key, values) => {
    const [feature = '', name = ''] = key.split('.');
    const of = words[feature];
    const count = values?.count;
    const text =
      (typeof count === 'number' ? of?.[`${name}_${plurals.select(count)}`] : undefined) ??
      of?.[name] ??
      key;
    if (!values) return text;
    return text.replace(/\{\{(\w+)\}\}/g, (_, value: string) => String(values[value] ?? ''));
  };
}

/** The language a tag stands for, if we speak it. */
export function localeOf(tag: string | null | undefined): Locale | null {
  const language = tag?.toLowerCase().split('-')[0];
  if (language === 'pt') return 'pt-BR';
  return language === 'en' ? 'en' : null;
}

function firstLocale(): Locale {
  for (const tag of [readStored(), ...navigator.languages]) {
    const locale = localeOf(tag);
    if (locale) return locale;
  }
  return 'en';
}

/** Speaks a language from now on, without a reload. */
export async function speak(locale: Locale): Promise<void> {
  const bundle = (await loaders[locale]()).default;
  spoken = { t: translator(bundle, locale), locale };
  document.documentElement.lang = locale;
  for (const listener of listeners) listener();
}

export function startI18n(): Promise<void> {
  return speak(firstLocale());
}

/** Speaks the language that the person chose, here and at the next visit. */
export async function changeLocale(locale: Locale): Promise<void> {
  await speak(locale);
  try {
    localStorage.setItem(STORED, locale);
  } catch {
    // It holds for this visit only.
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The words in the language of the moment. */
export function useTranslation(): Spoken {
  return useSyncExternalStore(subscribe, () => spoken);
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}
