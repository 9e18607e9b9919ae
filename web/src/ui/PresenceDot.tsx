import type { PresenceState } from '@/api/types';
import { classes } from '@/lib/classes';
import { useTranslation } from '@/lib/i18n';

const looks: Record<PresenceState, string> = {
  online: 'bg-ok border-ok',
  away: 'border-warn bg-bg',
  dnd: 'bg-danger border-danger',
  offline: 'border-line-strong bg-bg',
};

interface PresenceDotProps {
  state: PresenceState;
  className?: string;
  /** What it says is said beside it, or would only be in the way. */
  decorative?: boolean;
}

/** Told by shape as well as hue: full, hollow, crossed. */
export function PresenceDot({ state, className, decorative }: PresenceDotProps) {
  const { t } = useTranslation();
  const told = decorative
    ? { 'aria-hidden': true as const }
    : { role: 'img', 'aria-label': t(`presence.${state}`) };
  return (
    <span
      {...told}
      title={t(`presence.${state}`)}
      className={classes(
        'inline-flex size-2.5 shrink-0 items-center justify-center rounded-full border-2',
        looks[state],
        className,
      )}
    >
      {state === 'dnd' && <span className="h-0.5 w-1.5 rounded-full bg-bg" />}
    </span>
  );
}
