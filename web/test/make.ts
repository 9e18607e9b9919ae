import type { Chat, LogEvent, Message, MessagePage, User } from '@/api/types';

const AT = '2026-03-02T10:00:00.000Z';

export const me = '0195c000-0000-7000-8000-0000000000aa';
export const ana = '0195c000-0000-7000-8000-0000000000bb';
export const chatId = '0195c000-0000-7000-8000-0000000000cc';

export function makeMessage(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    chat_id: chatId,
    seq,
    version: seq,
    client_id: `c${seq}`,
    sender_id: ana,
    kind: 'text',
    text: `text ${seq}`,
    reply_to: null,
    thread_root_id: null,
    also_in_chat: false,
    thread: null,
    attachments: [],
    mentions: [],
    reactions: [],
    created_at: AT,
    edited_at: null,
    deleted_at: null,
    ...more,
  };
}

type Change = LogEvent extends infer E
  ? E extends LogEvent
    ? Omit<E, 'chat_id' | 'seq' | 'id' | 'actor_id' | 'at'>
    : never
  : never;

export function makeEvent(seq: number, change: Change): LogEvent {
  return { chat_id: chatId, seq, id: `e${seq}`, actor_id: ana, at: AT, ...change } as LogEvent;
}

export function posted(seq: number, more: Partial<Message> = {}): LogEvent {
  return makeEvent(seq, { kind: 'message_posted', message: makeMessage(seq, more) });
}

export function makePage(items: Message[], more: Partial<MessagePage> = {}): MessagePage {
  return {
    items,
    as_of_seq: items.at(-1)?.seq ?? 0,
    epoch: 'one',
    has_before: false,
    has_after: false,
    next_cursor: null,
    ...more,
  };
}

export function makeChat(more: Partial<Chat> = {}): Chat {
  return {
    id: chatId,
    kind: 'group',
    visibility: 'private',
    name: 'Garden',
    topic: '',
    epoch: 'one',
    created_by: ana,
    created_at: AT,
    archived_at: null,
    last_seq: 0,
    last_message: null,
    participant_count: 2,
    participant_ids: [me, ana],
    my: { role: 'member', read_seq: 0, unread_count: 0, mention_count: 0, notify: 'all' },
    ...more,
  };
}

export function makeUser(id: string, username: string, more: Partial<User> = {}): User {
  return {
    id,
    username,
    display_name: username.charAt(0).toUpperCase() + username.slice(1),
    bio: '',
    avatar_url: null,
    status: null,
    created_at: AT,
    ...more,
  };
}

/** A repeatable source of chance (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
