import { useState } from 'react';
import { chatsApi } from '@/api/chats';
import { queryClient } from '@/api/queries';
import type { Chat, User } from '@/api/types';
import { useChatTitle } from '@/features/chats';
import { PeoplePicker } from '@/features/people';
import { useTranslation } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Dialog, DialogBody, DialogFoot } from '@/ui/Dialog';
import { ErrorLine } from '@/ui/States';

interface AddMembersProps {
  chat: Chat;
  present: readonly string[];
  onClose: () => void;
}

export function AddMembers({ chat, present, onClose }: AddMembersProps) {
  const { t } = useTranslation();
  const title = useChatTitle(chat);
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const add = async () => {
    setBusy(true);
    setError(null);
    try {
      await chatsApi.addParticipants(
        chat.id,
        chosen.map((person) => person.id),
      );
      await queryClient.invalidateQueries({ queryKey: ['participants', chat.id] });
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Dialog title={t('members.add_title', { title })} onClose={onClose}>
      <DialogBody>
        <PeoplePicker chosen={chosen} onChange={setChosen} without={present} />
        <ErrorLine error={error} />
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button tone="primary" busy={busy} disabled={chosen.length === 0} onClick={add}>
          {t('members.add')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
