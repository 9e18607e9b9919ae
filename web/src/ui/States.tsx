import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { requestIdOf, Unreachable } from '@/api/problem';
import { classes } from '@/lib/classes';
import { useTranslation } from '@/lib/i18n';
import { sentenceOf } from '@/lib/sentence';
import { Button } from './Button';

/** Nothing is here, why, and what one can do about it. */
export function Empty(props: {
  icon?: ReactNode;
  title: string;
  text?: string;
  children?: ReactNode;
}) {
  return (
    <div className="mx-auto flex max-w-sm flex-col items-center px-6 py-16 text-center">
      {props.icon && (
        <div className="mb-4 flex size-12 items-center justify-center rounded-lg bg-accent-soft text-link">
          {props.icon}
        </div>
      )}
      <p className="font-semibold text-lg">{props.title}</p>
      {props.text && <p className="mt-1 text-muted text-sm">{props.text}</p>}
      {props.children && (
        <div className="mt-5 flex flex-wrap justify-center gap-2">{props.children}</div>
      )}
    </div>
  );
}

/** It did not work: a sentence, a way to try again, and what to tell whoever runs the server. */
export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const requestId = requestIdOf(error);
  const away = error instanceof Unreachable;
  return (
    <div
      role="alert"
      className="mx-auto flex max-w-sm flex-col items-center px-6 py-12 text-center"
    >
      <CircleAlert className="mb-3 size-6 text-danger" aria-hidden />
      <p className="font-medium">{sentenceOf(t, error)}</p>
      {away && <p className="mt-1 text-muted text-sm">{t('errors.away_hint')}</p>}
      {requestId && (
        <p className="mt-2 text-muted text-xs">
          {t('errors.request_id')} <code className="select-all">{requestId}</code>
        </p>
      )}
      {onRetry && (
        <Button className="mt-4" onClick={onRetry}>
          {t('common.retry')}
        </Button>
      )}
    </div>
  );
}

export function ErrorLine({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!error) return null;
  const requestId = requestIdOf(error);
  return (
    <p role="alert" className="my-2 rounded-md bg-danger-soft px-3 py-2 text-danger text-sm">
      {sentenceOf(t, error)}
      {requestId && <span className="block text-xs opacity-80">{requestId}</span>}
    </p>
  );
}

const lines = ['w-40', 'w-56', 'w-32', 'w-48', 'w-36', 'w-52', 'w-44', 'w-28'];

/** Rows that will be there soon. */
export function SkeletonRows({ count = 6, tall }: { count?: number; tall?: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="skeleton" role="status" aria-label={t('common.loading')}>
      {lines.slice(0, count).map((width) => (
        <div key={width} className={classes('flex items-center gap-3 px-4', tall ? 'h-16' : 'h-9')}>
          <div className={classes('shrink-0 rounded-md bg-hover', tall ? 'size-9' : 'size-5')} />
          <div className="min-w-0 flex-1 space-y-2">
            <div className={classes('h-3 max-w-full rounded bg-hover', width)} />
            {tall && <div className="h-3 w-4/5 max-w-full rounded bg-hover" />}
          </div>
        </div>
      ))}
    </div>
  );
}
