import { call } from './client';
import type {
  Chat,
  CreateChat,
  EventPage,
  Message,
  MessagePage,
  Notify,
  Page,
  Participant,
  PostMessage,
  ReadPlace,
  Role,
  UpdateChat,
} from './types';

interface Window {
  before_seq?: number;
  after_seq?: number;
  around_seq?: number;
  limit?: number;
}

// The answers' types are told apart from the document's in one way only: what may be null is
// always there (see types.ts).

export const chatsApi = {
  list: (cursor?: string) =>
    call('get', '/api/chats', { query: { limit: 100, cursor } }) as Promise<Page<Chat>>,
  get: (id: string) => call('get', '/api/chats/{id}', { path: { id } }) as Promise<Chat>,
  create: (body: CreateChat) => call('post', '/api/chats', { body }) as Promise<Chat>,
  update: (id: string, body: UpdateChat) =>
    call('patch', '/api/chats/{id}', { path: { id }, body }) as Promise<Chat>,
  archive: (id: string) => call('delete', '/api/chats/{id}', { path: { id } }),
  discover: (query: string, cursor?: string, signal?: AbortSignal) =>
    call('get', '/api/chats/discover', {
      query: { query: query || undefined, limit: 50, cursor },
      signal,
    }) as Promise<Page<Chat>>,
  join: (id: string) => call('post', '/api/chats/{id}/join', { path: { id } }) as Promise<Chat>,
  leave: (id: string) => call('post', '/api/chats/{id}/leave', { path: { id } }),
  settings: (id: string, notify: Notify) =>
    call('put', '/api/chats/{id}/settings', { path: { id }, body: { notify } }) as Promise<Chat>,

  participants: (id: string, cursor?: string) =>
    call('get', '/api/chats/{id}/participants', {
      path: { id },
      query: { limit: 100, cursor },
    }) as Promise<Page<Participant>>,
  addParticipants: (id: string, user_ids: string[]) =>
    call('post', '/api/chats/{id}/participants', { path: { id }, body: { user_ids } }),
  changeRole: (id: string, user_id: string, role: Role) =>
    call('patch', '/api/chats/{id}/participants/{user_id}', {
      path: { id, user_id },
      body: { role },
    }),
  removeParticipant: (id: string, user_id: string) =>
    call('delete', '/api/chats/{id}/participants/{user_id}', { path: { id, user_id } }),

  messages: (id: string, query: Window) =>
    call('get', '/api/chats/{id}/messages', { path: { id }, query }) as Promise<MessagePage>,
  message: (id: string, message_id: string) =>
    call('get', '/api/chats/{id}/messages/{message_id}', {
      path: { id, message_id },
    }) as Promise<{ message: Message }>,
  post: (id: string, body: PostMessage) =>
    call('post', '/api/chats/{id}/messages', { path: { id }, body }) as Promise<{
      message: Message;
    }>,
  edit: (id: string, message_id: string, text: string) =>
    call('patch', '/api/chats/{id}/messages/{message_id}', {
      path: { id, message_id },
      body: { text },
    }) as Promise<{ message: Message }>,
  remove: (id: string, message_id: string) =>
    call('delete', '/api/chats/{id}/messages/{message_id}', { path: { id, message_id } }),
  react: (id: string, message_id: string, emoji: string) =>
    call('put', '/api/chats/{id}/messages/{message_id}/reactions/{emoji}', {
      path: { id, message_id, emoji },
    }),
  unreact: (id: string, message_id: string, emoji: string) =>
    call('delete', '/api/chats/{id}/messages/{message_id}/reactions/{emoji}', {
      path: { id, message_id, emoji },
    }),
  markRead: (id: string, seq: number, force: boolean): Promise<ReadPlace> =>
    call('put', '/api/chats/{id}/read', { path: { id }, body: { seq, force } }),
  events: (id: string, after_seq: number) =>
    call('get', '/api/chats/{id}/events', {
      path: { id },
      query: { after_seq, limit: 500 },
    }) as Promise<EventPage>,
};
