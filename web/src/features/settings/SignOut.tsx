import { leaveApp } from '@/app/lifecycle';
import { useTranslation } from '@/lib/i18n';
import { useOutbox } from '@/realtime/outbox';
import { Confirm } from '@/ui/Confirm';

/** Asks first: what was not sent is forgotten with everything else. */
export function SignOut({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const unsent = useOutbox((state) => state.rows.length);
  return (
    <Confirm
      title={t('settings.sign_out_title')}
      text={
        unsent > 0 ? t('settings.sign_out_unsent', { count: unsent }) : t('settings.sign_out_text')
      }
      action={t('settings.sign_out')}
      onConfirm={leaveApp}
      onClose={onClose}
    />
  );
}
