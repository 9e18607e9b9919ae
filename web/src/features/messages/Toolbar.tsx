import {
  Copy,
  Link2,
  MailOpen,
  MoreHorizontal,
  Pencil,
  Reply,
  SmilePlus,
  Trash2,
} from 'lucide-react';
import { useState } from 'react';
import type { Message } from '@/api/types';
import { useTranslation } from '@/lib/i18n';
import { useMyId } from '@/lib/useMe';
import { deleteMessage } from '@/realtime/actions';
import { IconButton } from '@/ui/Button';
import { Confirm } from '@/ui/Confirm';
import { EmojiPopover } from '@/ui/EmojiPopover';
import { Menu, MenuItem, MenuLine } from '@/ui/Menu';
import { toast } from '@/ui/toast';
import { useOpenChat } from './context';
import { useReact } from './useReact';

export const QUICK = ['👍', '❤️', '😂'] as const;

interface ToolbarProps {
  message: Message;
  menuOpen: boolean;
  onMenuOpen: (open: boolean) => void;
  /** Something of it is open: it must stay although the pointer has left. */
  onHold: (held: boolean) => void;
}

/** What can be done with a message; shown for the one under the pointer or the focus. */
export function Toolbar({ message, menuOpen, onMenuOpen, onHold }: ToolbarProps) {
  const { t } = useTranslation();
  const me = useMyId();
  const { chat, canWrite, edit, reply, markUnreadFrom } = useOpenChat();
  const react = useReact(message);
  const [asking, setAsking] = useState(false);
  const isMine = message.sender_id === me;
  const mayDelete = canWrite && (isMine || chat.my?.role === 'owner' || chat.my?.role === 'admin');
  const isGone = message.deleted_at !== null;
  const mayReact = canWrite && !isGone;

  const copy = (text: string, done: string) => {
    navigator.clipboard.writeText(text).then(
      () => toast({ text: done }),
      () => toast({ text: t('errors.clipboard'), urgent: true }),
    );
  };

  return (
    <div
      className="absolute -top-4 right-3 z-10 flex items-center rounded-md border border-line bg-raised p-0.5 shadow-sm"
      role="toolbar"
      aria-label={t('messages.actions')}
    >
      {mayReact && (
        <>
          {QUICK.map((emoji) => (
            <IconButton
              key={emoji}
              small
              className="max-sm:hidden"
              label={t('messages.react_with', { emoji })}
              onClick={() => react(emoji, true)}
            >
              <span className="text-base">{emoji}</span>
            </IconButton>
          ))}
          <EmojiPopover
            onOpenChange={onHold}
            onPick={(emoji) => react(emoji, true)}
            trigger={
              <button
                type="button"
                aria-label={t('messages.add_reaction')}
                title={t('messages.add_reaction')}
                className="inline-flex size-7 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-fg touch:size-9"
              >
                <SmilePlus className="size-4" aria-hidden />
              </button>
            }
          />
          <IconButton small label={t('messages.reply')} hint="R" onClick={() => reply(message)}>
            <Reply className="size-4" aria-hidden />
          </IconButton>
        </>
      )}
      <Menu
        open={menuOpen}
        onOpenChange={onMenuOpen}
        trigger={
          <button
            type="button"
            aria-label={t('messages.more')}
            title={t('messages.more')}
            className="inline-flex size-7 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-fg aria-expanded:bg-hover touch:size-9"
          >
            <MoreHorizontal className="size-4" aria-hidden />
          </button>
        }
      >
        {mayReact && (
          <MenuItem icon={<Reply className="size-4" />} hint="R" onSelect={() => reply(message)}>
            {t('messages.reply')}
          </MenuItem>
        )}
        {mayReact && isMine && (
          <MenuItem icon={<Pencil className="size-4" />} hint="E" onSelect={() => edit(message.id)}>
            {t('messages.edit')}
          </MenuItem>
        )}
        {!isGone && (
          <MenuItem
            icon={<Copy className="size-4" />}
            onSelect={() => copy(message.text, t('messages.copied'))}
          >
            {t('messages.copy')}
          </MenuItem>
        )}
        <MenuItem
          icon={<Link2 className="size-4" />}
          onSelect={() =>
            copy(`${location.origin}/c/${chat.id}?m=${message.id}`, t('messages.link_copied'))
          }
        >
          {t('messages.copy_link')}
        </MenuItem>
        {chat.my && (
          <MenuItem
            icon={<MailOpen className="size-4" />}
            hint="U"
            onSelect={() => markUnreadFrom(message)}
          >
            {t('messages.mark_unread')}
          </MenuItem>
        )}
        {mayDelete && !isGone && (
          <>
            <MenuLine />
            <MenuItem
              danger
              icon={<Trash2 className="size-4" />}
              onSelect={() => {
                setAsking(true);
                onHold(true);
              }}
            >
              {t('messages.delete')}
            </MenuItem>
          </>
        )}
      </Menu>
      {asking && (
        <Confirm
          title={t('messages.delete_title')}
          text={t('messages.delete_text')}
          action={t('messages.delete')}
          onConfirm={() => deleteMessage(message)}
          onClose={() => {
            setAsking(false);
            onHold(false);
          }}
        />
      )}
    </div>
  );
}
