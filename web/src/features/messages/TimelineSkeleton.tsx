import { classes } from '@/lib/classes';
import { useTranslation } from '@/lib/i18n';

const widths = ['w-3/5', 'w-2/5', 'w-4/5', 'w-1/2', 'w-1/3', 'w-2/3'];

export function TimelineSkeleton() {
  const { t } = useTranslation();
  return (
    <div
      className="skeleton flex h-full flex-col justify-end gap-5 overflow-hidden px-5 pb-5"
      role="status"
      aria-label={t('common.loading')}
    >
      {widths.map((width) => (
        <div key={width} className="flex gap-3">
          <div className="size-9 shrink-0 rounded-md bg-hover" />
          <div className="flex-1 space-y-2 pt-1">
            <div className="h-3 w-28 rounded bg-hover" />
            <div className={classes('h-3 rounded bg-hover', width)} />
          </div>
        </div>
      ))}
    </div>
  );
}
