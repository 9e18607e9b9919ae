import { RotateCw, Trash2 } from 'lucide-react';
import { type KeyboardEvent, lazy, memo, Suspense, useRef, useState } from 'react';
import { classes } from '@/lib/classes';
import { clock, dayName, moment } from '@/lib/dates';
import { openDialog } from '@/lib/dialogs';
import { setDraft } from '@/lib/drafts';
import { useTranslation } from '@/lib/i18n';
import { sentenceOfCode } from '@/lib/sentence';
import { useMyId } from '@/lib/useMe';
import type { OutboxRow } from '@/realtime/outbox';
import { outbox } from '@/realtime/outbox';
import { useOverlays, withOverlay } from '@/realtime/overlays';
import { usePerson } from '@/realtime/people';
import { Avatar } from '@/ui/Avatar';
import { useOpenChat } from './context';
import type { Item } from './items';
import { MessageBody } from './MessageBody';
import { Reactions } from './Reactions';
import { ReplyQuote } from './ReplyQuote';

interface MessageRowProps {
  item: Item;
  /** The timeline's one tab stop is here. */
  isStop: boolean;
  isActive: boolean;
  isTarget: boolean;
  onActivate: (key: string | null) => void;
  onStop: (key: string) => void;
}

// Nobody points at a message before the first paint.
const Toolbar = lazy(async () => ({ default: (await import('./Toolbar')).Toolbar }));
const EditBox = lazy(async () => ({ default: (await import('./EditBox')).EditBox }));

const LONG_PRESS_MS = 450;

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { item, isStop, isActive, isTarget, onActivate, onStop } = props;
  const { t, locale } = useTranslation();
  const me = useMyId();
  const { chat, canWrite, editingId, edit, reply, markUnreadFrom } = useOpenChat();
  const mine = useOverlays((state) => state.byMessage.get(item.message.id));
  const message = withOverlay(item.message, mine, me);
  const sender = usePerson(message.sender_id);
  const name = sender?.display_name ?? '…';
  const [menuOpen, setMenuOpen] = useState(false);
  const [held, setHeld] = useState(false);
  const press = useRef<ReturnType<typeof setTimeout>>(undefined);

  const isEditing = editingId === message.id && !message.deleted_at;
  const isPending = item.row !== null;
  const hasTools = !isPending && !isEditing && (isActive || menuOpen || held);
  const time = clock(locale, message.created_at);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const actions: Record<string, (() => void) | false> = {
      Enter: !isPending && (() => setMenuOpen(true)),
      r: canWrite && !isPending && !message.deleted_at && (() => reply(message)),
      e: canWrite && message.sender_id === me && !message.deleted_at && (() => edit(message.id)),
      u: !isPending && chat.my !== null && (() => markUnreadFrom(message)),
    };
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    onActivate(item.key);
    action();
  };

  if (message.kind === 'system') {
    return (
      <Frame item={item}>
        <p className="px-5 py-1.5 text-center text-muted text-sm">{message.text}</p>
      </Frame>
    );
  }
  return (
    <Frame item={item}>
      <article
        data-message={message.id}
        data-key={item.key}
        tabIndex={isStop ? 0 : -1}
        aria-label={t('messages.label', { name, time, text: message.text.slice(0, 300) })}
        aria-busy={isPending || undefined}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          onStop(item.key);
          if (event.target !== event.currentTarget || event.currentTarget.matches(':focus-visible'))
            onActivate(item.key);
        }}
        onPointerEnter={(event) => event.pointerType === 'mouse' && onActivate(item.key)}
        onPointerLeave={(event) => {
          clearTimeout(press.current);
          if (event.pointerType === 'mouse') onActivate(null);
        }}
        onPointerDown={(event) => {
          if (event.pointerType === 'mouse' || isPending) return;
          press.current = setTimeout(() => {
            onActivate(item.key);
            setMenuOpen(true);
          }, LONG_PRESS_MS);
        }}
        onPointerUp={() => clearTimeout(press.current)}
        onPointerCancel={() => clearTimeout(press.current)}
        className={classes(
          'group relative grid grid-cols-[36px_minmax(0,1fr)] gap-x-3 px-5 outline-offset-[-2px] max-sm:px-3',
          item.grouped ? 'py-0.5' : 'pt-2 pb-0.5',
          (isActive || menuOpen || held) && 'bg-panel',
          isTarget && 'flash',
        )}
      >
        {message.reply_to && (
          <div className="col-start-2 min-w-0">
            <ReplyQuote chatId={message.chat_id} messageId={message.reply_to} />
          </div>
        )}
        {item.grouped ? (
          <time
            dateTime={message.created_at}
            title={moment(locale, message.created_at)}
            className="self-start whitespace-nowrap pt-[3px] text-right text-muted text-xs tabular-nums opacity-0 group-hover:opacity-100 group-focus:opacity-100"
          >
            {time}
          </time>
        ) : (
          <button
            type="button"
            tabIndex={-1}
            aria-label={t('people.open_profile', { name })}
            onClick={() => openDialog({ kind: 'person', userId: message.sender_id })}
            className="mt-0.5 size-9 self-start rounded-md"
          >
            <Avatar
              id={message.sender_id}
              name={sender?.display_name ?? ''}
              url={sender?.avatar_url}
            />
          </button>
        )}
        <div className={classes('min-w-0', isPending && 'opacity-60')}>
          {!item.grouped && (
            <div className="flex items-baseline gap-2">
              <button
                type="button"
                tabIndex={-1}
                onClick={() => openDialog({ kind: 'person', userId: message.sender_id })}
                className="truncate font-semibold hover:underline"
              >
                {name}
              </button>
              <time
                dateTime={message.created_at}
                title={moment(locale, message.created_at)}
                className="shrink-0 text-muted text-xs tabular-nums"
              >
                {time}
              </time>
            </div>
          )}
          {isEditing ? (
            <Suspense fallback={<MessageBody message={message} />}>
              <EditBox message={message} onClose={() => edit(null)} />
            </Suspense>
          ) : (
            <MessageBody message={message} />
          )}
        </div>
        <div className="col-start-2">
          {item.row && <Pending row={item.row} />}
          {!isEditing && <Reactions message={message} />}
        </div>
        {hasTools && (
          <Suspense fallback={null}>
            <Toolbar
              message={message}
              menuOpen={menuOpen}
              onMenuOpen={setMenuOpen}
              onHold={setHeld}
            />
          </Suspense>
        )}
      </article>
    </Frame>
  );
});

/** What stands above a message: its day, and where the unread begin. */
function Frame({ item, children }: { item: Item; children: React.ReactNode }) {
  const { t, locale } = useTranslation();
  return (
    <>
      {item.startsDay && (
        <div className="flex items-center gap-3 px-5 pt-4 pb-1 max-sm:px-3">
          <span className="h-px flex-1 bg-line" />
          <h3 className="font-medium text-muted text-xs">
            {dayName(locale, item.message.created_at)}
          </h3>
          <span className="h-px flex-1 bg-line" />
        </div>
      )}
      {item.startsUnread && (
        <div className="flex items-center gap-3 px-5 pt-2 pb-1 max-sm:px-3" data-unread-divider>
          <span className="h-px flex-1 bg-danger/60" />
          <h3 className="font-semibold text-danger text-xs">{t('messages.new')}</h3>
        </div>
      )}
      {children}
    </>
  );
}

/** What became of a message that is on its way. */
function Pending({ row }: { row: OutboxRow }) {
  const { t } = useTranslation();
  const { canWrite } = useOpenChat();
  if (row.state !== 'failed') {
    return (
      <span className="sr-only">
        {row.attempts > 0 ? t('messages.waiting') : t('messages.sending')}
      </span>
    );
  }
  return (
    <div role="alert" className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <span className="text-danger">
        {t('messages.failed', { reason: sentenceOfCode(t, row.error?.code ?? '') })}
      </span>
      {canWrite && (
        <button
          type="button"
          onClick={() => outbox.retry(row.client_id)}
          className="inline-flex items-center gap-1 font-medium text-link hover:underline"
        >
          <RotateCw className="size-3.5" aria-hidden />
          {t('common.retry')}
        </button>
      )}
      <button
        type="button"
        onClick={() => {
          outbox.drop(row.client_id);
          setDraft(row.chat_id, { text: row.text, replyTo: row.reply_to });
        }}
        className="font-medium text-link hover:underline"
      >
        {t('messages.edit')}
      </button>
      <button
        type="button"
        onClick={() => outbox.drop(row.client_id)}
        className="inline-flex items-center gap-1 font-medium text-danger hover:underline"
      >
        <Trash2 className="size-3.5" aria-hidden />
        {t('messages.delete')}
      </button>
    </div>
  );
}
