import { list } from '@/lib/dates';
import { useTranslation } from '@/lib/i18n';
import { useAnnouncer } from '@/realtime/announcer';
import { usePeople } from '@/realtime/people';

const none: readonly string[] = [];

/** What a screen reader hears of the open chat: who wrote, at most once a second. */
export function LiveRegion() {
  const { t, locale } = useTranslation();
  const said = useAnnouncer((state) => state.said);
  const senders = said?.senders ?? none;
  const people = usePeople([...new Set(senders)]);
  const names = list(
    locale,
    people.map((person) => person.display_name),
  );
  return (
    <div aria-live="polite" className="sr-only" data-announcer>
      {senders.length > 0 && t('messages.announced', { count: senders.length, names })}
    </div>
  );
}
