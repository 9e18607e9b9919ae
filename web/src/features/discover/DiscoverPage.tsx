import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Check, Hash, Plus, Search, Users } from 'lucide-react';
import { useState } from 'react';
import { chatsApi } from '@/api/chats';
import type { Chat } from '@/api/types';
import { openDialog } from '@/lib/dialogs';
import { useTranslation } from '@/lib/i18n';
import { sentenceOf } from '@/lib/sentence';
import { useDebounced } from '@/lib/useDebounced';
import { takeRows, useChats } from '@/realtime/chats';
import { Button } from '@/ui/Button';
import { SearchField } from '@/ui/Field';
import { Page } from '@/ui/Page';
import { Empty, Failed, SkeletonRows } from '@/ui/States';
import { toast } from '@/ui/toast';

/** The channels that everybody may join. */
export function DiscoverPage() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const query = useDebounced(typed.trim());
  const found = useInfiniteQuery({
    queryKey: ['discover', query],
    queryFn: ({ pageParam, signal }) => chatsApi.discover(query, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: 0,
  });
  const channels = found.data?.pages.flatMap((page) => page.items) ?? [];
  const create = (
    <Button small tone="primary" onClick={() => openDialog({ kind: 'new_channel' })}>
      <Plus className="size-4" aria-hidden />
      {t('chats.new_channel')}
    </Button>
  );
  return (
    <Page title={t('discover.title')} actions={create}>
      <SearchField
        label={t('discover.search')}
        icon={<Search className="size-4" aria-hidden />}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="mb-4"
      />
      {found.isPending && <SkeletonRows tall />}
      {found.isError && <Failed error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && channels.length === 0 && (
        <Empty
          icon={<Hash className="size-5" aria-hidden />}
          title={query ? t('discover.nothing') : t('discover.none')}
          text={query ? t('discover.nothing_text') : t('discover.none_text')}
        />
      )}
      <ul>
        {channels.map((chat) => (
          <ChannelRow key={chat.id} chat={chat} onJoined={() => void found.refetch()} />
        ))}
      </ul>
      {found.hasNextPage && (
        <Button
          className="mt-4"
          busy={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t('common.more')}
        </Button>
      )}
    </Page>
  );
}

function ChannelRow({ chat, onJoined }: { chat: Chat; onJoined: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isMine = useChats((state) => state.byId.get(chat.id)?.my != null) || chat.my !== null;
  const [busy, setBusy] = useState(false);
  const open = () => navigate({ to: '/c/$chatId', params: { chatId: chat.id } });
  const join = async () => {
    setBusy(true);
    try {
      await chatsApi.join(chat.id);
      takeRows([await chatsApi.get(chat.id)]);
      onJoined();
      await open();
    } catch (error) {
      toast({ text: sentenceOf(t, error), urgent: true });
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className="flex items-center gap-3 border-line border-b py-3">
      <span className="flex size-9 shrink-0 items-center justify-center rounded-md bg-panel">
        <Hash className="size-4 text-muted" aria-hidden />
      </span>
      <button type="button" onClick={() => void open()} className="min-w-0 flex-1 text-left">
        <span className="block truncate font-medium">{chat.name}</span>
        <span className="flex min-w-0 items-center gap-2 text-muted text-sm">
          <span className="flex shrink-0 items-center gap-1 tabular-nums">
            <Users className="size-3.5" aria-hidden />
            {t('members.count', { count: chat.participant_count })}
          </span>
          {chat.topic && <span className="truncate">· {chat.topic}</span>}
        </span>
      </button>
      {isMine ? (
        <span className="flex items-center gap-1.5 text-muted text-sm">
          <Check className="size-4" aria-hidden />
          {t('discover.joined')}
        </span>
      ) : (
        <Button
          small
          busy={busy}
          onClick={join}
          aria-label={t('discover.join_named', { name: chat.name ?? '' })}
        >
          {t('discover.join')}
        </Button>
      )}
    </li>
  );
}
