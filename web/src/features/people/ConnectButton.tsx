import { useQuery } from '@tanstack/react-query';
import { Check, UserPlus } from 'lucide-react';
import { queries } from '@/api/queries';
import { useTranslation } from '@/lib/i18n';
import { useMyId } from '@/lib/useMe';
import { Button } from '@/ui/Button';
import { usePersonActions } from './usePersonActions';

/** Where the two of us stand, and the next step. */
export function ConnectButton({ userId }: { userId: string }) {
  const { t } = useTranslation();
  const me = useMyId();
  const { data, isPending } = useQuery(queries.connections());
  const { connect, respond } = usePersonActions();
  if (userId === me || isPending) return null;
  const connection = data?.find((each) => each.user.id === userId);
  if (!connection) {
    return (
      <Button small onClick={() => void connect(userId)}>
        <UserPlus className="size-4" aria-hidden />
        {t('people.connect')}
      </Button>
    );
  }
  if (connection.status === 'accepted') {
    return (
      <span className="inline-flex h-8 items-center gap-1.5 px-1 text-muted text-sm">
        <Check className="size-4" aria-hidden />
        {t('people.connected')}
      </span>
    );
  }
  if (connection.direction === 'incoming') {
    return (
      <Button small tone="primary" onClick={() => void respond(connection.id, true)}>
        {t('people.accept')}
      </Button>
    );
  }
  return (
    <span className="inline-flex h-8 items-center text-muted text-sm">{t('people.asked')}</span>
  );
}
