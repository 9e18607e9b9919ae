import { useNavigate } from '@tanstack/react-router';
import { Archive, LogOut, X } from 'lucide-react';
import { useState } from 'react';
import { chatsApi } from '@/api/chats';
import type { Chat, Notify } from '@/api/types';
import { otherOf, useChatTitle } from '@/features/chats';
import { PersonCard } from '@/features/people';
import { useTranslation } from '@/lib/i18n';
import { sentenceOf } from '@/lib/sentence';
import { useMyId } from '@/lib/useMe';
import { forgetChats, takeRows, updateRow } from '@/realtime/chats';
import { Button, IconButton } from '@/ui/Button';
import { Confirm } from '@/ui/Confirm';
import { SelectField } from '@/ui/Field';
import { toast } from '@/ui/toast';
import { About } from './About';
import { Members } from './Members';

/** Beside a chat: what it is about, who is in it, and what I want of it. */
export function Details({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMyId();
  const other = otherOf(chat, me);
  return (
    <aside
      aria-label={t('members.details')}
      data-region="details"
      className="flex w-[340px] shrink-0 flex-col border-line border-l bg-bg max-lg:absolute max-lg:inset-y-0 max-lg:right-0 max-lg:z-20 max-lg:shadow-float max-sm:w-full max-sm:border-l-0"
    >
      <div className="flex h-12 shrink-0 items-center justify-between border-line border-b pr-2 pl-4 touch:h-14">
        <h2 className="font-semibold">{t('members.details')}</h2>
        <IconButton label={t('common.close')} onClick={onClose}>
          <X className="size-4" aria-hidden />
        </IconButton>
      </div>
      <div className="scroller flex-1 px-4 pt-4 pb-6">
        {other ? <PersonCard userId={other} compact /> : <About chat={chat} />}
        <NotifyChoice chat={chat} />
        {chat.kind !== 'direct' && (
          <>
            <Members chat={chat} />
            <Ways chat={chat} />
          </>
        )}
      </div>
    </aside>
  );
}

function NotifyChoice({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const notify = chat.my?.notify ?? 'all';
  const change = async (next: Notify) => {
    const set = (value: Notify) =>
      updateRow(chat.id, (row) => (row.my ? { ...row, my: { ...row.my, notify: value } } : row));
    set(next);
    try {
      await chatsApi.settings(chat.id, next);
    } catch (error) {
      set(notify);
      toast({ text: sentenceOf(t, error), urgent: true });
    }
  };
  return (
    <SelectField
      label={t('members.notify')}
      value={notify}
      onChange={(event) => void change(event.target.value as Notify)}
      options={[
        { value: 'all', label: t('members.notify_all') },
        { value: 'mentions', label: t('members.notify_mentions') },
        { value: 'none', label: t('members.notify_none') },
      ]}
    />
  );
}

/** The ways out: leaving, and closing the chat for everybody. */
function Ways({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const title = useChatTitle(chat);
  const [asking, setAsking] = useState<'leave' | 'archive' | null>(null);
  const isOwner = chat.my?.role === 'owner';
  const leave = async () => {
    await chatsApi.leave(chat.id);
    forgetChats([chat.id]);
    await navigate({ to: '/' });
  };
  const archive = async () => {
    await chatsApi.archive(chat.id);
    takeRows([await chatsApi.get(chat.id)]);
  };
  return (
    <div className="mt-6 flex flex-col items-start gap-2 border-line border-t pt-4">
      <Button small tone="quiet" onClick={() => setAsking('leave')}>
        <LogOut className="size-4" aria-hidden />
        {t('members.leave')}
      </Button>
      {isOwner && !chat.archived_at && (
        <Button
          small
          tone="quiet"
          className="text-danger hover:text-danger"
          onClick={() => setAsking('archive')}
        >
          <Archive className="size-4" aria-hidden />
          {t('members.archive')}
        </Button>
      )}
      {asking && (
        <Confirm
          title={t(asking === 'leave' ? 'members.leave_title' : 'members.archive_title', { title })}
          text={t(asking === 'leave' ? 'members.leave_text' : 'members.archive_text')}
          action={t(asking === 'leave' ? 'members.leave' : 'members.archive')}
          onConfirm={asking === 'leave' ? leave : archive}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}
