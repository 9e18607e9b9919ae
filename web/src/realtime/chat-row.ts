import type { Chat, LogEvent, Message } from '@/api/types';

/** A row of the chat list after an event; `stale` when only the server can tell the rest. */
export interface NextRow {
  chat: Chat;
  stale: boolean;
}

/**
 * Applies the next event of a chat's log to its row in the list. `event.seq` must be
 * `chat.last_seq + 1`.
 */
export function applyToRow(chat: Chat, event: LogEvent, me: string): NextRow {
  const next: Chat = { ...chat, last_seq: event.seq };
  let stale = false;
  switch (event.kind) {
    case 'message_posted':
      if (!isInTimeline(event.message)) break;
      next.last_message = event.message;
      if (next.my && event.message.sender_id !== me && event.seq > next.my.read_seq) {
        next.my = {
          ...next.my,
          unread_count: next.my.unread_count + 1,
          mention_count: next.my.mention_count + (mentions(event.message, me) ? 1 : 0),
        };
      }
      break;
    case 'message_edited':
      if (next.last_message?.id === event.message.id) next.last_message = event.message;
      break;
    case 'message_deleted':
      // Whether it counted as unread, and what is last now, this side may not know.
      stale = next.last_message?.id === event.message_id || (next.my?.unread_count ?? 0) > 0;
      break;
    case 'reaction_added':
    case 'reaction_removed':
      break;
    case 'participant_joined':
      next.participant_count += 1;
      if (next.participant_ids.length < 10 && !next.participant_ids.includes(event.user_id)) {
        next.participant_ids = [...next.participant_ids, event.user_id];
      }
      break;
    case 'participant_left':
      next.participant_count = Math.max(0, next.participant_count - 1);
      next.participant_ids = next.participant_ids.filter((id) => id !== event.user_id);
      if (event.user_id === me) next.my = null;
      break;
    case 'participant_role_changed':
      if (event.user_id === me && next.my) next.my = { ...next.my, role: event.role };
      break;
    case 'chat_updated':
    case 'chat_archived':
      Object.assign(next, event.chat);
      break;
    default:
      event satisfies never;
  }
  return { chat: next, stale };
}

/** Shown in the chat itself, not only in a thread. */
export function isInTimeline(message: Message): boolean {
  return !message.thread_root_id || message.also_in_chat;
}

export function mentions(message: Message, me: string): boolean {
  return message.mentions.some((who) => who === me || who === 'here' || who === 'all');
}

/** When something last happened that people would look for. */
export function activityOf(chat: Chat): string {
  return chat.last_message?.created_at ?? chat.created_at;
}
