import { list } from '@/lib/dates';
import { useTranslation } from '@/lib/i18n';
import { usePeople } from '@/realtime/people';
import { useTyping } from '@/realtime/typing';

const none: readonly string[] = [];

/** Who is writing right now. It keeps its place, so that nothing jumps. */
export function TypingLine({ chatId }: { chatId: string }) {
  const { t, locale } = useTranslation();
  const ids = useTyping((state) => state.byChat.get(chatId)) ?? none;
  const people = usePeople(ids.slice(0, 3));
  const names = people.map((person) => person.display_name);
  const text =
    ids.length === 0 || names.length === 0
      ? ''
      : ids.length > 3
        ? t('messages.many_typing')
        : t('messages.typing', { count: names.length, names: list(locale, names) });
  return (
    <div className="flex h-5 items-center gap-1.5 px-1 text-muted text-xs" data-typing={ids.length}>
      {text && (
        <>
          <span className="flex gap-0.5" aria-hidden>
            <i className="typing-dot size-1 rounded-full bg-muted" />
            <i className="typing-dot size-1 rounded-full bg-muted" />
            <i className="typing-dot size-1 rounded-full bg-muted" />
          </span>
          <span className="truncate">{text}</span>
        </>
      )}
    </div>
  );
}
