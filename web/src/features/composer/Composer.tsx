import { ArrowUp, Smile, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Chat, Message } from '@/api/types';
import { classes } from '@/lib/classes';
import { draftOf, setDraft, useDrafts } from '@/lib/drafts';
import { useTranslation } from '@/lib/i18n';
import { isComposing, withMod } from '@/lib/keyboard';
import { plain } from '@/lib/md';
import { useMedia } from '@/lib/useMedia';
import { outbox } from '@/realtime/outbox';
import { usePerson } from '@/realtime/people';
import { useLink } from '@/realtime/socket';
import { tellTyping, tellTypingStopped } from '@/realtime/typing';
import { IconButton } from '@/ui/Button';
import { EmojiPopover } from '@/ui/EmojiPopover';
import { CompletionList } from './CompletionList';
import { insert, wrap } from './insert';
import { useCompletion } from './useCompletion';

const TEXT_MAX = 8_000;
const COUNTED_FROM = TEXT_MAX * 0.9;
const emptyDraft = { text: '', replyTo: null };

interface ComposerProps {
  chat: Chat;
  title: string;
  /** The message that the draft answers, once it is known. */
  replyTo: Message | undefined;
  onSent: () => void;
  onEditLast: () => void;
}

export function Composer({ chat, title, replyTo, onSent, onEditLast }: ComposerProps) {
  const { t } = useTranslation();
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const draft = useDrafts((state) => state.byChat[chat.id]) ?? emptyDraft;
  const isAway = useLink((state) => state.link === 'offline');
  const isTouch = useMedia('(pointer: coarse)');
  const [caret, setCaret] = useState(0);
  const completion = useCompletion(chat, draft.text, caret);
  const length = [...draft.text].length;
  const isTooLong = length > TEXT_MAX;
  const canSend = draft.text.trim() !== '' && !isTooLong;

  // A chat is opened to write in it; on a touch screen that would raise the keyboard.
  // biome-ignore lint/correctness/useExhaustiveDependencies: also when another chat is opened.
  useEffect(() => {
    if (!isTouch) box.current?.focus();
  }, [chat.id, draft.replyTo, isTouch]);

  const write = (text: string) => {
    setDraft(chat.id, { ...draftOf(chat.id), text });
    if (text.trim()) tellTyping(chat.id);
    else tellTypingStopped(chat.id);
  };

  const send = () => {
    if (!canSend) return;
    outbox.add({ chat_id: chat.id, text: draft.text.trim(), reply_to: draft.replyTo });
    setDraft(chat.id, emptyDraft);
    tellTypingStopped(chat.id);
    onSent();
  };

  const complete = (index: number) => {
    const candidate = completion?.candidates[index];
    if (!candidate || !box.current) return;
    box.current.setSelectionRange(completion.from, caret);
    insert(box.current, `@${candidate.word} `);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(event)) return;
    if (completion && completing(event)) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey && !isTouch) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && draft.text === '') {
      event.preventDefault();
      onEditLast();
    } else if (event.key === 'Escape' && draft.replyTo) {
      event.stopPropagation();
      setDraft(chat.id, { ...draft, replyTo: null });
    } else if (withMod(event) && (event.key === 'b' || event.key === 'i')) {
      event.preventDefault();
      wrap(event.currentTarget, event.key === 'b' ? '**' : '_');
    }
  };

  const completing = (event: KeyboardEvent): boolean => {
    if (!completion) return false;
    if (event.key === 'ArrowDown') completion.move(1);
    else if (event.key === 'ArrowUp') completion.move(-1);
    else if (event.key === 'Enter' || event.key === 'Tab') complete(completion.index);
    else if (event.key === 'Escape') completion.dismiss();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  return (
    <div className="relative" data-region="composer">
      {completion && (
        <CompletionList id={`${id}-list`} completion={completion} onChoose={complete} />
      )}
      <div
        className={classes(
          'rounded-lg border bg-bg transition-colors focus-within:border-accent focus-within:ring-3 focus-within:ring-accent/15',
          isTooLong ? 'border-danger' : 'border-line-strong/60',
        )}
      >
        {draft.replyTo && (
          <ReplyBar
            message={replyTo}
            onCancel={() => setDraft(chat.id, { ...draft, replyTo: null })}
          />
        )}
        <div className="flex items-end gap-1 p-1.5">
          <textarea
            ref={box}
            rows={1}
            value={draft.text}
            aria-label={t('composer.label', { title })}
            placeholder={isAway ? t('composer.offline') : t('composer.label', { title })}
            aria-describedby={length > COUNTED_FROM ? `${id}-count` : undefined}
            aria-autocomplete="list"
            aria-controls={completion ? `${id}-list` : undefined}
            aria-activedescendant={completion ? `${id}-list-${completion.index}` : undefined}
            onChange={(event) => write(event.target.value)}
            onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
            onKeyDown={onKeyDown}
            onBlur={() => tellTypingStopped(chat.id)}
            className="field-sizing-content max-h-[40dvh] min-h-8 min-w-0 flex-1 resize-none bg-transparent px-2 py-[5px] placeholder:truncate focus-visible:outline-none touch:min-h-10 touch:py-[9px]"
          />
          <EmojiPopover
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              box.current?.focus();
            }}
            onPick={(emoji) => {
              // The popover gives the focus back first.
              requestAnimationFrame(() => box.current && insert(box.current, emoji));
            }}
            trigger={
              <button
                type="button"
                aria-label={t('composer.emoji')}
                title={t('composer.emoji')}
                className="inline-flex size-8 shrink-0 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-fg touch:size-10"
              >
                <Smile className="size-[18px]" aria-hidden />
              </button>
            }
          />
          <button
            type="button"
            aria-label={t('composer.send')}
            title={t('composer.send')}
            aria-disabled={!canSend}
            // Tapping it must not lower the keyboard.
            onMouseDown={(event) => event.preventDefault()}
            onClick={send}
            className={classes(
              'inline-flex size-8 shrink-0 items-center justify-center rounded-md transition-colors touch:size-10',
              canSend ? 'bg-accent text-accent-fg hover:bg-accent-hover' : 'bg-sunken text-muted',
            )}
          >
            <ArrowUp className="size-[18px]" aria-hidden />
          </button>
        </div>
        {length > COUNTED_FROM && (
          <p
            id={`${id}-count`}
            role={isTooLong ? 'alert' : undefined}
            className={classes(
              'px-3 pb-1.5 text-right text-xs tabular-nums',
              isTooLong ? 'text-danger' : 'text-muted',
            )}
          >
            {isTooLong
              ? t('composer.too_long', { count: length - TEXT_MAX })
              : t('composer.left', { count: TEXT_MAX - length })}
          </p>
        )}
      </div>
    </div>
  );
}

function ReplyBar({ message, onCancel }: { message: Message | undefined; onCancel: () => void }) {
  const { t } = useTranslation();
  const sender = usePerson(message?.sender_id);
  return (
    <div className="flex items-center gap-2 border-line border-b py-0.5 pr-1 pl-3.5 text-sm">
      <p className="min-w-0 flex-1 truncate text-muted">
        <span className="font-medium text-fg">
          {t('composer.replying', { name: sender?.display_name ?? '…' })}
        </span>{' '}
        {message && plain(message.text)}
      </p>
      <IconButton small label={t('composer.cancel_reply')} hint="Esc" onClick={onCancel}>
        <X className="size-4" aria-hidden />
      </IconButton>
    </div>
  );
}
