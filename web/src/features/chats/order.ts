import type { Chat } from '@/api/types';
import { activityOf } from '@/realtime/chat-row';

export interface Sections {
  channels: Chat[];
  conversations: Chat[];
}

/** My chats as the list shows them: channels, then people, latest activity first. */
export function sectionsOf(chats: Iterable<Chat>): Sections {
  const mine = [...chats].filter((chat) => chat.my !== null);
  mine.sort((a, b) => activityOf(b).localeCompare(activityOf(a)) || (a.id < b.id ? 1 : -1));
  return {
    channels: mine.filter((chat) => chat.kind === 'channel' && !chat.archived_at),
    conversations: mine.filter((chat) => chat.kind !== 'channel' && !chat.archived_at),
  };
}

/** All of them, in the order of the list. */
export function inOrder(sections: Sections): Chat[] {
  return [...sections.channels, ...sections.conversations];
}

export function isUnread(chat: Chat): boolean {
  const my = chat.my;
  if (!my) return false;
  return my.notify === 'none' ? my.mention_count > 0 : my.unread_count > 0;
}
