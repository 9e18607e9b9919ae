import { useTranslation } from '@/lib/i18n';
import { Dialog, DialogBody } from '@/ui/Dialog';
import { PersonCard } from './PersonCard';

export function PersonDialog({ userId, onClose }: { userId: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('people.profile')} onClose={onClose} width="small">
      <DialogBody>
        <PersonCard userId={userId} />
      </DialogBody>
    </Dialog>
  );
}
