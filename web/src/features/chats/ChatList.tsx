import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Pencil, Plus } from 'lucide-react';
import { type KeyboardEvent, memo, useMemo, useRef } from 'react';
import type { Chat } from '@/api/types';
import { classes } from '@/lib/classes';
import { openDialog } from '@/lib/dialogs';
import { useDrafts } from '@/lib/drafts';
import { useTranslation } from '@/lib/i18n';
import { loadChats, useChats } from '@/realtime/chats';
import { useOutbox } from '@/realtime/outbox';
import { useTyping } from '@/realtime/typing';
import { Button, IconButton } from '@/ui/Button';
import { Failed, SkeletonRows } from '@/ui/States';
import { ChatIcon } from './ChatIcon';
import { inOrder, isUnread, sectionsOf } from './order';
import { useChatTitle } from './title';

/** My chats with what is unread in them: one tab stop, the arrows move inside. */
export function ChatList() {
  const { t } = useTranslation();
  const { byId, status, error } = useChats();
  const { chatId } = useParams({ strict: false });
  const navigate = useNavigate();
  const ref = useRef<HTMLDivElement>(null);
  const sections = useMemo(() => sectionsOf(byId.values()), [byId]);
  const ordered = inOrder(sections);
  const stop = ordered.some((chat) => chat.id === chatId) ? chatId : ordered[0]?.id;

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step && event.key !== 'Home' && event.key !== 'End') return;
    if (event.altKey) return;
    const links = [...(ref.current?.querySelectorAll<HTMLElement>('a[data-chat]') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    const next =
      event.key === 'Home' ? 0 : event.key === 'End' ? links.length - 1 : at + (step ?? 0);
    links[next]?.focus();
    event.preventDefault();
  };

  if (status === 'loading') return <SkeletonRows count={7} />;
  if (status === 'error') {
    return <Failed error={error} onRetry={() => void loadChats().catch(() => undefined)} />;
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows move between the links inside.
    <div ref={ref} onKeyDown={onKeyDown} className="pb-4">
      <Section
        title={t('chats.channels')}
        addLabel={t('chats.new_channel')}
        onAdd={() => openDialog({ kind: 'new_channel' })}
      >
        {sections.channels.length === 0 && (
          <Hint
            text={t('chats.no_channels')}
            action={t('chats.browse')}
            onAction={() => navigate({ to: '/discover' })}
          />
        )}
        {sections.channels.map((chat) => (
          <Row key={chat.id} chat={chat} current={chat.id === chatId} stop={chat.id === stop} />
        ))}
      </Section>
      <Section
        title={t('chats.conversations')}
        addLabel={t('chats.new_chat')}
        onAdd={() => openDialog({ kind: 'new_chat' })}
      >
        {sections.conversations.length === 0 && (
          <Hint
            text={t('chats.no_conversations')}
            action={t('chats.find_people')}
            onAction={() => navigate({ to: '/people' })}
          />
        )}
        {sections.conversations.map((chat) => (
          <Row key={chat.id} chat={chat} current={chat.id === chatId} stop={chat.id === stop} />
        ))}
      </Section>
    </div>
  );
}

function Section(props: {
  title: string;
  addLabel: string;
  onAdd: () => void;
  children: React.ReactNode;
}) {
  return (
    <section className="mt-3">
      <div className="flex h-8 items-center justify-between pr-2 pl-4">
        <h2 className="font-medium text-muted text-sm">{props.title}</h2>
        <IconButton small label={props.addLabel} onClick={props.onAdd}>
          <Plus className="size-4" aria-hidden />
        </IconButton>
      </div>
      {props.children}
    </section>
  );
}

function Hint({ text, action, onAction }: { text: string; action: string; onAction: () => void }) {
  return (
    <div className="mx-2 px-2 py-1 text-muted text-sm">
      <p className="mb-2">{text}</p>
      <Button small onClick={onAction}>
        {action}
      </Button>
    </div>
  );
}

interface RowProps {
  chat: Chat;
  current: boolean;
  stop: boolean;
}

const Row = memo(function Row({ chat, current, stop }: RowProps) {
  const { t } = useTranslation();
  const title = useChatTitle(chat);
  const hasDraft = useDrafts((state) => chat.id in state.byChat);
  const hasFailed = useOutbox((state) =>
    state.rows.some((row) => row.chat_id === chat.id && row.state === 'failed'),
  );
  const isTyping = useTyping((state) => (state.byChat.get(chat.id)?.length ?? 0) > 0);
  const unread = isUnread(chat);
  const muted = chat.my?.notify === 'none' && !unread;
  const count = chat.my?.unread_count ?? 0;
  const mentions = chat.my?.mention_count ?? 0;
  return (
    <Link
      to="/c/$chatId"
      params={{ chatId: chat.id }}
      data-chat={chat.id}
      tabIndex={stop ? 0 : -1}
      aria-current={current ? 'page' : undefined}
      className={classes(
        'mx-2 flex h-8 items-center gap-2.5 rounded-sm px-2 text-sm outline-offset-[-2px] touch:h-11',
        current ? 'bg-selected' : 'hover:bg-hover',
        unread && 'font-semibold',
        unread || current ? 'text-fg' : 'text-muted',
        muted && !current && 'opacity-80',
      )}
    >
      <ChatIcon chat={chat} />
      <span className="min-w-0 flex-1 truncate">{title}</span>
      {isTyping && (
        <span className="flex gap-0.5" role="img" aria-label={t('chats.typing')}>
          <i className="typing-dot size-1 rounded-full bg-muted" />
          <i className="typing-dot size-1 rounded-full bg-muted" />
          <i className="typing-dot size-1 rounded-full bg-muted" />
        </span>
      )}
      {hasFailed && (
        <span className="font-medium text-danger text-xs">{t('messages.failed_short')}</span>
      )}
      {hasDraft && !current && (
        <Pencil className="size-3.5 text-muted" role="img" aria-label={t('chats.draft')} />
      )}
      {unread && <Count count={count} mentions={mentions} direct={chat.kind === 'direct'} />}
    </Link>
  );
});

function Count({ count, mentions, direct }: { count: number; mentions: number; direct: boolean }) {
  const { t } = useTranslation();
  const loud = mentions > 0 || direct;
  const shown = loud && !direct ? mentions : count;
  return (
    <span
      className={classes(
        'min-w-5 rounded-full px-1.5 text-center font-semibold text-xs leading-5 tabular-nums',
        loud ? 'bg-accent text-accent-fg' : 'bg-line text-fg',
      )}
    >
      <span aria-hidden>{shown > 99 ? '99+' : shown}</span>
      <span className="sr-only">
        {mentions > 0 && !direct
          ? t('chats.mentions', { count: mentions })
          : t('chats.unread', { count })}
      </span>
    </span>
  );
}
