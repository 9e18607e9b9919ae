import { Hand } from 'lucide-react';
import { moment } from '@/lib/dates';
import { useTranslation } from '@/lib/i18n';
import { useOpenChat } from './context';

/** Above the first message of a chat: what this place is. */
export function Beginning() {
  const { t, locale } = useTranslation();
  const { chat, title } = useOpenChat();
  const text =
    chat.kind === 'direct'
      ? t('messages.begin_direct', { name: title })
      : t('messages.begin', { date: moment(locale, chat.created_at) });
  return (
    <div className="px-5 pt-10 pb-4 max-sm:px-3">
      <div className="mb-3 flex size-11 items-center justify-center rounded-lg bg-accent-soft text-link">
        <Hand className="size-5" aria-hidden />
      </div>
      <p className="break-words font-semibold text-xl">{title}</p>
      <p className="mt-1 max-w-prose text-muted text-sm">{text}</p>
      {chat.topic && <p className="mt-1 max-w-prose break-words text-sm">{chat.topic}</p>}
      {!chat.last_message && chat.my && (
        <p className="mt-3 text-muted text-sm">{t('messages.say_hi')}</p>
      )}
    </div>
  );
}
