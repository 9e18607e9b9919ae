import { CloudOff } from 'lucide-react';
import { clock } from '@/lib/dates';
import { useTranslation } from '@/lib/i18n';
import { useOutbox } from '@/realtime/outbox';
import { hurry, useLink } from '@/realtime/socket';

/** One bar while there is no connection; everything else goes on. */
export function OfflineBar() {
  const { t, locale } = useTranslation();
  const { link, lastOnline } = useLink();
  const waiting = useOutbox((state) => state.rows.filter((row) => row.state !== 'failed').length);
  if (link !== 'offline') return null;
  return (
    <div
      role="status"
      className="appear flex min-h-9 shrink-0 flex-wrap items-center justify-center gap-x-3 bg-mention px-4 py-1 text-mention-fg text-sm"
      data-offline
    >
      <CloudOff className="size-4" aria-hidden />
      <span>
        {t('offline.title')}
        {lastOnline &&
          ` ${t('offline.since', { time: clock(locale, new Date(lastOnline).toISOString()) })}`}
        {waiting > 0 && ` ${t('offline.waiting', { count: waiting })}`}
      </span>
      <button type="button" onClick={hurry} className="font-semibold underline underline-offset-2">
        {t('offline.now')}
      </button>
    </div>
  );
}
