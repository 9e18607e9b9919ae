import { useQuery } from '@tanstack/react-query';
import { queries } from '@/api/queries';
import { useTranslation } from '@/lib/i18n';
import { plain } from '@/lib/md';
import { usePerson } from '@/realtime/people';
import { useTimelines } from '@/realtime/timelines';
import { Avatar } from '@/ui/Avatar';
import { useOpenChat } from './context';

/** The message that another one answers; it leads there. */
export function ReplyQuote({ chatId, messageId }: { chatId: string; messageId: string }) {
  const { t } = useTranslation();
  const { jump } = useOpenChat();
  const held = useTimelines((all) => all.byChat.get(chatId)?.byId.get(messageId));
  const asked = useQuery({ ...queries.message(chatId, messageId), enabled: !held });
  const message = held ?? asked.data;
  const sender = usePerson(message?.sender_id);
  const text = !message
    ? asked.isError
      ? t('messages.reply_gone')
      : '…'
    : message.deleted_at
      ? t('messages.deleted')
      : plain(message.text);
  return (
    <button
      type="button"
      disabled={!message}
      onClick={() => jump(messageId)}
      className="group/quote mb-0.5 flex max-w-full items-center gap-1.5 rounded-sm text-left text-muted text-sm hover:text-fg"
    >
      <span className="sr-only">{t('messages.in_reply_to')}</span>
      <span
        aria-hidden
        className="ml-1 h-2.5 w-4 shrink-0 self-end rounded-tl-md border-line-strong/70 border-t-2 border-l-2"
      />
      {sender && (
        <>
          <Avatar id={sender.id} name={sender.display_name} url={sender.avatar_url} size="small" />
          <span className="shrink-0 font-medium">{sender.display_name}</span>
        </>
      )}
      <span className="truncate">{text}</span>
    </button>
  );
}
