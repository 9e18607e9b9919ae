import { useState } from 'react';
import { useTranslation } from '@/lib/i18n';
import { Button } from './Button';
import { Dialog, DialogBody, DialogFoot } from './Dialog';
import { ErrorLine } from './States';

interface ConfirmProps {
  title: string;
  text: string;
  action: string;
  onConfirm: () => Promise<unknown> | undefined;
  onClose: () => void;
}

/** Asks before what can't be undone. */
export function Confirm({ title, text, action, onConfirm, onClose }: ConfirmProps) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose} width="small">
      <DialogBody>
        <p className="text-muted text-sm">{text}</p>
        <ErrorLine error={error} />
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button tone="danger" busy={busy} onClick={run}>
          {action}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
