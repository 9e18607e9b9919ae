import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, PanelRight, Users } from 'lucide-react';
import { ChatIcon, otherOf } from '@/features/chats';
import { classes } from '@/lib/classes';
import { useTranslation } from '@/lib/i18n';
import { useMyId } from '@/lib/useMe';
import { useNarrow } from '@/lib/useMedia';
import { usePerson } from '@/realtime/people';
import { usePresence } from '@/realtime/presence';
import { IconButton } from '@/ui/Button';
import { useOpenChat } from './context';

export function ChatHeader({ detailsOpen }: { detailsOpen: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const narrow = useNarrow();
  const { chat, title } = useOpenChat();
  const toggle = () =>
    navigate({
      to: '.',
      search: (before) => ({ ...before, panel: detailsOpen ? undefined : 'details' }),
    });
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b pr-2 pl-5 max-sm:pl-1 touch:h-14">
      {narrow && (
        <Link
          to="/"
          aria-label={t('chats.back')}
          className="flex size-11 items-center justify-center rounded-sm text-muted"
        >
          <ArrowLeft className="size-5" aria-hidden />
        </Link>
      )}
      <ChatIcon chat={chat} />
      <h1 className="min-w-0 truncate font-semibold">{title}</h1>
      {chat.kind === 'direct' ? (
        <Whereabouts />
      ) : (
        chat.topic && (
          <p className="min-w-0 flex-1 truncate border-line border-l pl-3 text-muted text-sm max-md:hidden">
            {chat.topic}
          </p>
        )
      )}
      <span className="flex-1" />
      {chat.kind !== 'direct' && (
        <button
          type="button"
          onClick={toggle}
          aria-label={t('members.count', { count: chat.participant_count })}
          className="flex h-8 items-center gap-1.5 rounded-sm px-2 text-muted text-sm tabular-nums hover:bg-hover hover:text-fg touch:h-11"
        >
          <Users className="size-4" aria-hidden />
          {chat.participant_count}
        </button>
      )}
      <IconButton
        label={detailsOpen ? t('members.hide_details') : t('members.show_details')}
        aria-pressed={detailsOpen}
        onClick={toggle}
      >
        <PanelRight className="size-[18px]" aria-hidden />
      </IconButton>
    </header>
  );
}

/** Whether the other person is there, and what they say they do. */
function Whereabouts() {
  const { t } = useTranslation();
  const { chat } = useOpenChat();
  const other = otherOf(chat, useMyId());
  const person = usePerson(other);
  const presence = usePresence(other);
  const status = presence?.status ?? person?.status;
  const says = [status?.emoji, status?.text].filter(Boolean).join(' ');
  return (
    <p
      className={classes('min-w-0 truncate text-muted text-sm', says && 'max-sm:hidden')}
      data-presence={presence?.state}
    >
      {presence && t(`presence.${presence.state}`)}
      {says && ` · ${says}`}
    </p>
  );
}
