import { Pencil } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { chatsApi } from '@/api/chats';
import { Refusal } from '@/api/problem';
import type { Chat, Visibility } from '@/api/types';
import { useChatTitle } from '@/features/chats';
import { dayName } from '@/lib/dates';
import { useTranslation } from '@/lib/i18n';
import { takeRows } from '@/realtime/chats';
import { usePerson } from '@/realtime/people';
import { Button } from '@/ui/Button';
import { SelectField, TextArea, TextField } from '@/ui/Field';
import { ErrorLine } from '@/ui/States';

/** Name and topic, to read or, for those who may, to change. */
export function About({ chat }: { chat: Chat }) {
  const { t, locale } = useTranslation();
  const title = useChatTitle(chat);
  const maker = usePerson(chat.created_by);
  const [editing, setEditing] = useState(false);
  const mayEdit = (chat.my?.role === 'owner' || chat.my?.role === 'admin') && !chat.archived_at;
  if (editing) return <AboutForm chat={chat} onClose={() => setEditing(false)} />;
  return (
    <div className="mb-5">
      <p className="break-words font-semibold text-lg">{title}</p>
      <p className="mt-1 whitespace-pre-wrap break-words text-sm">
        {chat.topic || <span className="text-muted">{t('members.no_topic')}</span>}
      </p>
      <p className="mt-2 text-muted text-sm">
        {t('members.made_by', {
          name: maker?.display_name ?? '…',
          date: dayName(locale, chat.created_at),
        })}
      </p>
      {chat.archived_at && (
        <p className="mt-2 font-medium text-sm text-warn">{t('members.archived')}</p>
      )}
      {mayEdit && (
        <Button small className="mt-3" onClick={() => setEditing(true)}>
          <Pencil className="size-3.5" aria-hidden />
          {t('members.edit')}
        </Button>
      )}
    </div>
  );
}

function AboutForm({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(chat.name ?? '');
  const [topic, setTopic] = useState(chat.topic);
  const [visibility, setVisibility] = useState(chat.visibility);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const fieldError = (field: string) =>
    error instanceof Refusal
      ? error.errors.find((each) => each.field === field)?.message
      : undefined;

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await chatsApi.update(chat.id, {
        topic,
        ...(name.trim() ? { name: name.trim() } : {}),
        ...(chat.kind === 'channel' && visibility !== chat.visibility ? { visibility } : {}),
      });
      takeRows([await chatsApi.get(chat.id)]);
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };

  return (
    <form onSubmit={save} className="mb-5">
      <TextField
        label={t('members.name')}
        value={name}
        maxLength={80}
        required={chat.kind === 'channel'}
        error={fieldError('name')}
        onChange={(event) => setName(event.target.value)}
      />
      <TextArea
        label={t('members.topic')}
        value={topic}
        maxLength={250}
        error={fieldError('topic')}
        onChange={(event) => setTopic(event.target.value)}
      />
      {chat.kind === 'channel' && (
        <SelectField
          label={t('chats.visibility')}
          value={visibility}
          onChange={(event) => setVisibility(event.target.value as Visibility)}
          options={[
            { value: 'public', label: t('chats.public') },
            { value: 'private', label: t('chats.private') },
          ]}
        />
      )}
      <ErrorLine error={error} />
      <div className="flex gap-2">
        <Button small tone="primary" type="submit" busy={busy}>
          {t('common.save')}
        </Button>
        <Button small onClick={onClose}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
