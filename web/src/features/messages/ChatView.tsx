import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { chatsApi } from '@/api/chats';
import { queries } from '@/api/queries';
import type { Chat, Message } from '@/api/types';
import { useChatTitle } from '@/features/chats';
import { Composer } from '@/features/composer';
import { draftOf, setDraft, useDrafts } from '@/lib/drafts';
import { useTranslation } from '@/lib/i18n';
import { sentenceOf } from '@/lib/sentence';
import { useMyId } from '@/lib/useMe';
import { markRead } from '@/realtime/actions';
import { useAnnouncer } from '@/realtime/announcer';
import { onConnected, tell } from '@/realtime/socket';
import { tailOf } from '@/realtime/timeline';
import { timelineOf, useTimelines } from '@/realtime/timelines';
import { toast } from '@/ui/toast';
import { ChatHeader } from './ChatHeader';
import { type OpenChat, OpenChatContext } from './context';
import { Timeline } from './Timeline';
import { TypingLine } from './TypingLine';
import type { Anchor } from './useWindow';

/** With more unread than this, the visit begins where reading stopped rather than at the end. */
const MANY_UNREAD = 35;

interface ChatViewProps {
  chat: Chat;
  /** A message that the address points at. */
  messageId: string | null;
  detailsOpen: boolean;
}

/** An open chat. It is mounted anew for each chat: what it remembers is of one visit. */
export function ChatView({ chat, messageId, detailsOpen }: ChatViewProps) {
  const { t } = useTranslation();
  const me = useMyId();
  const navigate = useNavigate();
  const title = useChatTitle(chat);
  const [begin] = useState(() => {
    const my = chat.my;
    const divider = my && my.unread_count > 0 ? my.read_seq : null;
    const anchor: Anchor =
      divider !== null && (my?.unread_count ?? 0) > MANY_UNREAD
        ? { at: 'seq', seq: Math.max(divider, 1) }
        : { at: 'end' };
    return { divider, anchor };
  });
  const [dividerSeq, setDividerSeq] = useState(begin.divider);
  const [anchor, setAnchor] = useState<Anchor>(begin.anchor);
  const [holdsUnread, setHoldsUnread] = useState(false);
  const [targetId, setTargetId] = useState<string | null>(null);
  const [editingId, setEditingId] = useState<string | null>(null);
  const [toEnd, setToEnd] = useState(0);
  const canWrite = chat.my !== null && !chat.archived_at;

  useEffect(() => {
    const join = () => tell('join_chat', { chat_id: chat.id });
    join();
    const off = onConnected(join);
    useAnnouncer.setState({ chatId: chat.id });
    return () => {
      off();
      tell('leave_chat', { chat_id: chat.id });
      useAnnouncer.setState({ chatId: null });
    };
  }, [chat.id]);

  const jump = useCallback(
    async (id: string) => {
      try {
        const held = timelineOf(chat.id).byId.get(id);
        const message = held ?? (await chatsApi.message(chat.id, id)).message;
        setAnchor({ at: 'seq', seq: message.seq });
        // Asking twice for the same message points it out twice.
        setTargetId(null);
        requestAnimationFrame(() => setTargetId(id));
      } catch (error) {
        toast({ text: sentenceOf(t, error), urgent: true });
      }
    },
    [chat.id, t],
  );

  useEffect(() => {
    if (!messageId) return;
    void jump(messageId);
    void navigate({ to: '.', search: (before) => ({ ...before, m: undefined }), replace: true });
  }, [messageId, jump, navigate]);

  const showEnd = useCallback(() => {
    setTargetId(null);
    setAnchor((now) => (now.at === 'end' ? now : { at: 'end' }));
    setToEnd((count) => count + 1);
  }, []);

  const replyId = useDrafts((state) => state.byChat[chat.id]?.replyTo ?? null);
  const replyHeld = useTimelines((all) =>
    replyId ? all.byChat.get(chat.id)?.byId.get(replyId) : undefined,
  );
  const replyAsked = useQuery({
    ...queries.message(chat.id, replyId ?? ''),
    enabled: replyId !== null && !replyHeld,
  });

  const editLast = () => {
    const state = timelineOf(chat.id);
    const ids = tailOf(state)?.ids ?? [];
    for (const id of ids.slice(-100).reverse()) {
      const message = state.byId.get(id);
      if (message?.sender_id === me && !message.deleted_at && message.kind === 'text') {
        setEditingId(id);
        return;
      }
    }
  };

  const open = useMemo<OpenChat>(
    () => ({
      chat,
      title,
      canWrite,
      editingId,
      edit: (id) => {
        setEditingId(id);
        if (id === null)
          document.querySelector<HTMLElement>('[data-region="composer"] textarea')?.focus();
      },
      reply: (message: Message) => {
        setDraft(chat.id, { ...draftOf(chat.id), replyTo: message.id });
      },
      jump: (id) => void jump(id),
      markUnreadFrom: (message: Message) => {
        setHoldsUnread(true);
        setDividerSeq(message.seq - 1);
        markRead(chat.id, message.seq - 1, true).catch((error) =>
          toast({ text: sentenceOf(t, error), urgent: true }),
        );
      },
    }),
    [chat, title, canWrite, editingId, jump, t],
  );

  return (
    <OpenChatContext value={open}>
      <div className="flex h-full min-w-0 flex-1 flex-col">
        <ChatHeader detailsOpen={detailsOpen} />
        <Timeline
          anchor={anchor}
          targetId={targetId}
          toEnd={toEnd}
          dividerSeq={dividerSeq}
          holdsUnread={holdsUnread}
          onToEnd={showEnd}
        />
        <div className="safe-bottom shrink-0 px-5 max-sm:px-3">
          {canWrite ? (
            <>
              <Composer
                chat={chat}
                title={title}
                replyTo={replyHeld ?? replyAsked.data}
                onSent={showEnd}
                onEditLast={editLast}
              />
              <TypingLine chatId={chat.id} />
            </>
          ) : (
            <p className="mb-4 rounded-lg border border-line bg-panel px-4 py-3 text-center text-muted text-sm">
              {chat.archived_at ? t('composer.archived') : t('composer.not_in_chat')}
            </p>
          )}
        </div>
      </div>
    </OpenChatContext>
  );
}
