import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Hash, SearchX } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { chatsApi } from '@/api/chats';
import { hasCode } from '@/api/problem';
import { queries } from '@/api/queries';
import type { Chat } from '@/api/types';
import { useTranslation } from '@/lib/i18n';
import { takeRows, useChats } from '@/realtime/chats';
import { Button } from '@/ui/Button';
import { Empty, ErrorLine, Failed } from '@/ui/States';
import { ChatView } from './ChatView';
import { TimelineSkeleton } from './TimelineSkeleton';

const Details = lazy(async () => ({ default: (await import('@/features/members')).Details }));

/** The chat that the address names: mine, one I may join, or none. */
export function ChatPage() {
  const { chatId } = useParams({ from: '/app/c/$chatId' });
  const { m, panel } = useSearch({ from: '/app/c/$chatId' });
  const navigate = useNavigate();
  const mine = useChats((state) => state.byId.get(chatId));
  const asked = useQuery({ ...queries.chat(chatId), enabled: !mine?.my, staleTime: 0 });
  const chat = mine?.my ? mine : (asked.data ?? mine);

  useEffect(() => {
    if (asked.data?.my) takeRows([asked.data]);
  }, [asked.data]);

  const closeDetails = () =>
    navigate({ to: '.', search: (before) => ({ ...before, panel: undefined }) });

  if (asked.isError && !mine?.my) {
    if (hasCode(asked.error, 'chat_not_found', 'malformed')) return <Gone />;
    return <Failed error={asked.error} onRetry={() => asked.refetch()} />;
  }
  if (!chat) return <TimelineSkeleton />;
  if (!chat.my) return <Join chat={chat} onJoined={() => asked.refetch()} />;
  return (
    <div className="relative flex h-full min-w-0 flex-1">
      <ChatView key={chat.id} chat={chat} messageId={m ?? null} detailsOpen={panel === 'details'} />
      <Suspense fallback={null}>
        {panel === 'details' && <Details chat={chat} onClose={closeDetails} />}
      </Suspense>
    </div>
  );
}

function Gone() {
  const { t } = useTranslation();
  return (
    <Empty
      icon={<SearchX className="size-5" aria-hidden />}
      title={t('messages.no_chat')}
      text={t('messages.no_chat_text')}
    >
      <Link to="/" className="font-medium text-link text-sm hover:underline">
        {t('chats.back')}
      </Link>
    </Empty>
  );
}

/** A public channel that I am not in. */
function Join({ chat, onJoined }: { chat: Chat; onJoined: () => void }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const join = async () => {
    setBusy(true);
    setError(null);
    try {
      await chatsApi.join(chat.id);
      takeRows([await chatsApi.get(chat.id)]);
      onJoined();
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Empty
      icon={<Hash className="size-5" aria-hidden />}
      title={chat.name ?? ''}
      text={chat.topic || t('members.count', { count: chat.participant_count })}
    >
      <ErrorLine error={error} />
      <Link
        to="/discover"
        className="inline-flex h-9 items-center rounded-md border border-line px-4 font-medium text-sm hover:bg-hover"
      >
        {t('common.cancel')}
      </Link>
      <Button tone="primary" busy={busy} onClick={join}>
        {t('discover.join')}
      </Button>
    </Empty>
  );
}
