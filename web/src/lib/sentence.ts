import { Refusal, Unreachable } from '@/api/problem';
import type { Translate } from '@/lib/i18n';

/** Codes that deserve words of their own; the others are told by what kind of failure they are. */
const known = [
  'not_a_participant',
  'chat_not_found',
  'message_not_found',
  'user_not_found',
  'participant_not_found',
  'connection_not_found',
  'session_not_found',
  'already_connected',
  'already_answered',
  'chat_archived',
  'last_owner',
  'message_deleted',
  'too_large',
  'rate_limited',
  'client_id_reused',
  'invalid',
] as const;

type Known = (typeof known)[number];

/** What went wrong, in the reader's language. */
export function sentenceOf(t: Translate, error: unknown): string {
  if (error instanceof Unreachable) return t('errors.away');
  if (!(error instanceof Refusal)) return t('errors.unknown');
  return sentenceOfCode(t, error.code, error.status);
}

export function sentenceOfCode(t: Translate, code: string, status = 400): string {
  if ((known as readonly string[]).includes(code)) return t(`errors.${code as Known}`);
  if (status === 401) return t('errors.unauthenticated');
  if (status === 403) return t('errors.forbidden');
  if (status === 404) return t('errors.not_found');
  if (status >= 500) return t('errors.server');
  return t('errors.refused');
}
