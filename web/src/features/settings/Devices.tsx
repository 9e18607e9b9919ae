import { useQuery } from '@tanstack/react-query';
import { Laptop, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { queries } from '@/api/queries';
import { usersApi } from '@/api/users';
import { moment } from '@/lib/dates';
import { useTranslation } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { ErrorLine, Failed, SkeletonRows } from '@/ui/States';
import { deviceOf } from './device';

/** Where I am signed in, and a way to end it from here. */
export function Devices() {
  const { t, locale } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(queries.sessions());
  const [busy, setBusy] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  if (isPending) return <SkeletonRows tall count={3} />;
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  const end = async (id: string) => {
    setBusy(id);
    setFailure(null);
    try {
      await usersApi.endSession(id);
    } catch (cause) {
      setFailure(cause);
    }
    await refetch();
    setBusy(null);
  };
  return (
    <>
      <p className="mb-3 text-muted text-sm">{t('settings.devices_hint')}</p>
      <ErrorLine error={failure} />
      <ul>
        {data.map((session) => {
          const device = deviceOf(session.user_agent);
          const Icon = device.isPhone ? Smartphone : Laptop;
          return (
            <li key={session.id} className="flex items-center gap-3 border-line border-b py-3">
              <Icon className="size-5 shrink-0 text-muted" aria-hidden />
              <div className="min-w-0 flex-1 text-sm">
                <p className="truncate font-medium" title={session.user_agent}>
                  {device.name || t('settings.unknown_device')}
                </p>
                <p className="text-muted">
                  {session.current
                    ? t('settings.this_device')
                    : t('settings.last_seen', {
                        when: moment(locale, session.last_seen_at),
                      })}
                </p>
              </div>
              {!session.current && (
                <Button small busy={busy === session.id} onClick={() => void end(session.id)}>
                  {t('settings.end_session')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
