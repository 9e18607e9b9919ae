import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { chatsApi } from '@/api/chats';
import { Refusal } from '@/api/problem';
import type { Visibility } from '@/api/types';
import { useTranslation } from '@/lib/i18n';
import { takeRows } from '@/realtime/chats';
import { Button } from '@/ui/Button';
import { Dialog, DialogBody, DialogFoot } from '@/ui/Dialog';
import { SelectField, TextArea, TextField } from '@/ui/Field';
import { ErrorLine } from '@/ui/States';

export function NewChannel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [topic, setTopic] = useState('');
  const [visibility, setVisibility] = useState<Visibility>('public');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const fieldError = (field: string) =>
    error instanceof Refusal
      ? error.errors.find((each) => each.field === field)?.message
      : undefined;

  const create = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const chat = await chatsApi.create({
        kind: 'channel',
        name: name.trim(),
        visibility,
        ...(topic.trim() ? { topic: topic.trim() } : {}),
      });
      takeRows([chat]);
      onClose();
      await navigate({ to: '/c/$chatId', params: { chatId: chat.id } });
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };

  return (
    <Dialog title={t('chats.new_channel')} onClose={onClose}>
      <form onSubmit={create} className="contents">
        <DialogBody>
          <TextField
            data-autofocus
            required
            label={t('members.name')}
            placeholder={t('chats.name_example')}
            maxLength={80}
            value={name}
            error={fieldError('name')}
            onChange={(event) => setName(event.target.value)}
          />
          <TextArea
            label={t('members.topic')}
            hint={t('chats.topic_hint')}
            maxLength={250}
            rows={2}
            value={topic}
            error={fieldError('topic')}
            onChange={(event) => setTopic(event.target.value)}
          />
          <SelectField
            label={t('chats.visibility')}
            hint={t(visibility === 'public' ? 'chats.public_hint' : 'chats.private_hint')}
            value={visibility}
            onChange={(event) => setVisibility(event.target.value as Visibility)}
            options={[
              { value: 'public', label: t('chats.public') },
              { value: 'private', label: t('chats.private') },
            ]}
          />
          <ErrorLine error={error} />
        </DialogBody>
        <DialogFoot>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button tone="primary" type="submit" busy={busy} disabled={!name.trim()}>
            {t('chats.create')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
