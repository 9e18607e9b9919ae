import { useNavigate } from '@tanstack/react-router';
import { Bell, Megaphone } from 'lucide-react';
import type { Notification } from '@/api/types';
import { classes } from '@/lib/classes';
import { moment, shortWhen } from '@/lib/dates';
import { useTranslation } from '@/lib/i18n';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { Page } from '@/ui/Page';
import { Empty, Failed, SkeletonRows } from '@/ui/States';
import { useGoTo } from './useGoTo';
import { readNotifications, useNotifications } from './useNotifications';
import { wordsOf } from './words';

export function NotificationsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const found = useNotifications();
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const unread = found.data?.pages[0]?.unread_count ?? 0;
  const readAll = (
    <Button
      small
      tone="quiet"
      disabled={unread === 0}
      onClick={() => void readNotifications({ all: true }).catch(() => undefined)}
    >
      {t('notifications.read_all')}
    </Button>
  );
  return (
    <Page title={t('notifications.title')} actions={readAll}>
      {found.isPending && <SkeletonRows tall />}
      {found.isError && items.length === 0 && (
        <Failed error={found.error} onRetry={() => void found.refetch()} />
      )}
      {found.isSuccess && items.length === 0 && (
        <Empty
          icon={<Bell className="size-5" aria-hidden />}
          title={t('notifications.none')}
          text={t('notifications.none_text')}
        >
          <Button onClick={() => void navigate({ to: '/people' })}>{t('chats.find_people')}</Button>
        </Empty>
      )}
      <ul className="-mx-2">
        {items.map((item) => (
          <Row key={item.id} notification={item} />
        ))}
      </ul>
      {found.hasNextPage && (
        <Button
          className="mt-4"
          busy={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t('common.more')}
        </Button>
      )}
    </Page>
  );
}

function Row({ notification }: { notification: Notification }) {
  const { t, locale } = useTranslation();
  const goTo = useGoTo();
  const { text, detail } = wordsOf(t, notification);
  const isUnread = !notification.read_at;
  return (
    <li>
      <button
        type="button"
        onClick={() => goTo(notification)}
        className={classes(
          'flex w-full items-start gap-3 rounded-md px-2 py-2.5 text-left hover:bg-hover',
          isUnread && 'bg-accent-soft',
        )}
      >
        {notification.actor ? (
          <Avatar
            id={notification.actor.id}
            name={notification.actor.display_name}
            url={notification.actor.avatar_url}
          />
        ) : (
          <span className="flex size-9 shrink-0 items-center justify-center rounded-md bg-panel">
            <Megaphone className="size-4 text-muted" aria-hidden />
          </span>
        )}
        <span className="min-w-0 flex-1 text-sm">
          <span className={classes('block break-words', isUnread && 'font-semibold')}>
            {isUnread && <span className="sr-only">{t('notifications.unread')} </span>}
            {text}
          </span>
          {detail && <span className="line-clamp-2 break-words text-muted">{detail}</span>}
        </span>
        <time
          dateTime={notification.created_at}
          title={moment(locale, notification.created_at)}
          className="shrink-0 text-muted text-xs leading-[18px]"
        >
          {shortWhen(locale, notification.created_at)}
        </time>
      </button>
    </li>
  );
}
