import { call } from './client';
import type {
  Connection,
  Notifications,
  Page,
  Presence,
  Profile,
  Session,
  UpdateProfile,
  User,
} from './types';

export const usersApi = {
  profile: () => call('get', '/api/users/profile', {}) as Promise<Profile>,
  updateProfile: (body: UpdateProfile) =>
    call('put', '/api/users/profile', { body }) as Promise<Profile>,
  get: (id: string) => call('get', '/api/users/{id}', { path: { id } }) as Promise<User>,
  byIds: (ids: string[]) =>
    call('get', '/api/users', { query: { ids: ids.join(',') } }) as Promise<{ items: User[] }>,
  search: (query: string, signal?: AbortSignal) =>
    call('get', '/api/users/search', { query: { query, limit: 20 }, signal }) as Promise<
      Page<User>
    >,

  connections: (status?: Connection['status'], cursor?: string) =>
    call('get', '/api/users/connections', { query: { status, limit: 100, cursor } }) as Promise<
      Page<Connection>
    >,
  connect: (user_id: string) => call('post', '/api/users/connect', { body: { user_id } }),
  respond: (id: string, accept: boolean) =>
    call('post', '/api/users/connections/{id}/respond', { path: { id }, body: { accept } }),
  disconnect: (id: string) => call('delete', '/api/users/connections/{id}', { path: { id } }),

  blocks: () => call('get', '/api/users/blocks', {}) as Promise<Page<User>>,
  block: (user_id: string) => call('put', '/api/users/blocks/{user_id}', { path: { user_id } }),
  unblock: (user_id: string) =>
    call('delete', '/api/users/blocks/{user_id}', { path: { user_id } }),

  notifications: (cursor?: string) =>
    call('get', '/api/users/notifications', {
      query: { limit: 50, cursor },
    }) as Promise<Notifications>,
  readNotifications: (body: { ids: string[] } | { all: true }) =>
    call('post', '/api/users/notifications/read', { body }),

  presence: (ids: string[]) =>
    call('get', '/api/users/presence', { query: { ids: ids.join(',') } }) as Promise<Presence[]>,

  sessions: () => call('get', '/api/users/sessions', {}) as Promise<Page<Session>>,
  endSession: (id: string) => call('delete', '/api/users/sessions/{id}', { path: { id } }),
};
