import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { chatsApi } from '@/api/chats';
import type { User } from '@/api/types';
import { useTranslation } from '@/lib/i18n';
import { takeRows } from '@/realtime/chats';
import { takePeople } from '@/realtime/people';
import { Button } from '@/ui/Button';
import { Dialog, DialogBody, DialogFoot } from '@/ui/Dialog';
import { TextField } from '@/ui/Field';
import { ErrorLine } from '@/ui/States';
import { PeoplePicker } from './PeoplePicker';

/** One person makes a direct chat, more make a group. */
export function NewChat({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const isGroup = chosen.length > 1;

  const create = async () => {
    setBusy(true);
    setError(null);
    try {
      const chat = await chatsApi.create({
        kind: isGroup ? 'group' : 'direct',
        participant_ids: chosen.map((person) => person.id),
        ...(isGroup && name.trim() ? { name: name.trim() } : {}),
      });
      takePeople(chosen);
      takeRows([chat]);
      onClose();
      await navigate({ to: '/c/$chatId', params: { chatId: chat.id } });
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };

  return (
    <Dialog title={t('chats.new_chat')} onClose={onClose}>
      <DialogBody>
        <p className="mb-3 text-muted text-sm">{t('chats.new_chat_hint')}</p>
        <PeoplePicker chosen={chosen} onChange={setChosen} />
        {isGroup && (
          <TextField
            label={t('chats.group_name')}
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
        <ErrorLine error={error} />
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button tone="primary" busy={busy} disabled={chosen.length === 0} onClick={create}>
          {t(isGroup ? 'chats.create_group' : 'chats.start')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
