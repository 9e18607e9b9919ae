import type { Chat } from '@/api/types';
import { list } from '@/lib/dates';
import { useTranslation } from '@/lib/i18n';
import { useMyId } from '@/lib/useMe';
import { usePeople } from '@/realtime/people';

/** The other person of a direct chat. */
export function otherOf(chat: Chat, me: string): string | undefined {
  if (chat.kind !== 'direct') return undefined;
  return chat.participant_ids.find((id) => id !== me) ?? me;
}

/** What a chat is called: its name, or who is in it. */
export function useChatTitle(chat: Chat | undefined): string {
  const { t, locale } = useTranslation();
  const me = useMyId();
  const needsPeople = chat && !chat.name;
  const others = needsPeople ? chat.participant_ids.filter((id) => id !== me).slice(0, 4) : [];
  const people = usePeople(others);
  if (!chat) return '';
  if (chat.name) return chat.name;
  if (people.length > 0) {
    return list(
      locale,
      people.map((person) => person.display_name),
    );
  }
  if (others.length > 0) return '…';
  return chat.kind === 'direct' ? t('chats.me') : t('chats.just_me');
}
