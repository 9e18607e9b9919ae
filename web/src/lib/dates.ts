import { localeOf } from './i18n';

const cache = new Map<string, Intl.DateTimeFormat>();

/** The language as it is written where the reader is: en-GB has other hours than en-US. */
function regional(locale: string): string {
  return navigator.languages.find((tag) => localeOf(tag) === locale) ?? locale;
}

function format(locale: string, name: string, options: Intl.DateTimeFormatOptions, at: Date) {
  const key = `${locale} ${name}`;
  let formatter = cache.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(regional(locale), options);
    cache.set(key, formatter);
  }
  return formatter.format(at);
}

export function clock(locale: string, iso: string): string {
  return format(locale, 'clock', { hour: '2-digit', minute: '2-digit' }, new Date(iso));
}

/** The whole moment, for a title or a list that goes far back. */
export function moment(locale: string, iso: string): string {
  return format(locale, 'moment', { dateStyle: 'long', timeStyle: 'short' }, new Date(iso));
}

/** One text per calendar day, the same for all moments of it. */
export function dayKey(iso: string): string {
  const at = new Date(iso);
  return `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`;
}

/** "Today", "Yesterday", or the date. */
export function dayName(locale: string, iso: string, now = new Date()): string {
  const days = daysBetween(new Date(iso), now);
  if (days === 0 || days === 1) {
    const name = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day');
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
  }
  const sameYear = new Date(iso).getFullYear() === now.getFullYear();
  const options: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
  if (!sameYear) options.year = 'numeric';
  return format(locale, sameYear ? 'day' : 'day-year', options, new Date(iso));
}

/** As short as it can be said: the time of today, a weekday, a date. */
export function shortWhen(locale: string, iso: string, now = new Date()): string {
  const days = daysBetween(new Date(iso), now);
  if (days <= 0) return clock(locale, iso);
  if (days < 7) return format(locale, 'weekday', { weekday: 'short' }, new Date(iso));
  const options: Intl.DateTimeFormatOptions = { day: '2-digit', month: '2-digit' };
  if (now.getFullYear() === new Date(iso).getFullYear()) {
    return format(locale, 'date', options, new Date(iso));
  }
  return format(locale, 'date-year', { ...options, year: '2-digit' }, new Date(iso));
}

function daysBetween(then: Date, now: Date): number {
  const midnight = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
  return Math.round((midnight(now) - midnight(then)) / 86_400_000);
}

export function list(locale: string, words: readonly string[]): string {
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(words);
}
