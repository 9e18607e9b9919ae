import { useQuery } from '@tanstack/react-query';
import { Ban, Mail, MessageSquare } from 'lucide-react';
import { queries } from '@/api/queries';
import { usersApi } from '@/api/users';
import { shortWhen } from '@/lib/dates';
import { useTranslation } from '@/lib/i18n';
import { useMyId } from '@/lib/useMe';
import { usePerson } from '@/realtime/people';
import { usePresence } from '@/realtime/presence';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { PresenceDot } from '@/ui/PresenceDot';
import { Failed, SkeletonRows } from '@/ui/States';
import { ConnectButton } from './ConnectButton';
import { usePersonActions } from './usePersonActions';

/** Who somebody is, and what one can do with them. `compact`: beside our chat already. */
export function PersonCard({ userId, compact }: { userId: string; compact?: boolean }) {
  const { t, locale } = useTranslation();
  const me = useMyId();
  const held = usePerson(userId);
  const asked = useQuery({ queryKey: ['person', userId], queryFn: () => usersApi.get(userId) });
  const presence = usePresence(userId);
  const blocks = useQuery(queries.blocks());
  const { message, block, unblock } = usePersonActions();
  const person = asked.data ?? held;
  if (!person) {
    if (asked.isError) return <Failed error={asked.error} onRetry={() => void asked.refetch()} />;
    return <SkeletonRows count={3} />;
  }
  const status = presence?.status ?? person.status;
  const isBlocked = blocks.data?.some((each) => each.id === userId) ?? false;
  const state = presence?.state ?? 'offline';
  return (
    <div className="mb-5">
      <div className="flex items-start gap-4">
        <Avatar id={person.id} name={person.display_name} url={person.avatar_url} size="large" />
        <div className="min-w-0 flex-1 pt-1">
          <p className="break-words font-semibold text-lg">{person.display_name}</p>
          <p className="truncate text-muted text-sm">@{person.username}</p>
          <p className="mt-1 flex items-center gap-1.5 text-sm">
            <PresenceDot decorative state={state} />
            <span aria-hidden>{t(`presence.${state}`)}</span>
            {state === 'offline' && presence?.last_seen_at && (
              <span className="text-muted">
                · {t('presence.seen', { when: shortWhen(locale, presence.last_seen_at) })}
              </span>
            )}
          </p>
        </div>
      </div>
      {status && (status.text || status.emoji) && (
        <p className="mt-3 rounded-md bg-panel px-3 py-2 text-sm">
          {status.emoji} {status.text}
        </p>
      )}
      {person.bio && <p className="mt-3 whitespace-pre-wrap break-words text-sm">{person.bio}</p>}
      {person.email && (
        <p className="mt-3 flex items-center gap-2 text-sm">
          <Mail className="size-4 text-muted" aria-hidden />
          <a href={`mailto:${person.email}`} className="truncate text-link hover:underline">
            {person.email}
          </a>
        </p>
      )}
      {userId !== me && (
        <div className="mt-4 flex flex-wrap gap-2">
          {!compact && (
            <Button small tone="primary" onClick={() => void message(userId)}>
              <MessageSquare className="size-4" aria-hidden />
              {t('people.message')}
            </Button>
          )}
          {!isBlocked && <ConnectButton userId={userId} />}
          <Button
            small
            tone="quiet"
            onClick={() => void (isBlocked ? unblock(userId) : block(userId))}
          >
            <Ban className="size-4" aria-hidden />
            {isBlocked ? t('people.unblock') : t('people.block')}
          </Button>
        </div>
      )}
    </div>
  );
}
