import { QueryClient, queryOptions } from '@tanstack/react-query';
import { chatsApi } from './chats';
import { isTransient } from './problem';
import type { Participant } from './types';
import { usersApi } from './users';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && isTransient(error),
      // Being offline is told once, by the bar: a screen says what it could not load.
      networkMode: 'always',
      refetchOnWindowFocus: false,
    },
    mutations: { networkMode: 'always' },
  },
});

/** Members of a chat that are listed and completed; a larger chat is searched, not scrolled. */
const MEMBERS_MAX = 500;

export const queries = {
  profile: () => queryOptions({ queryKey: ['profile'], queryFn: usersApi.profile }),
  chat: (id: string) => queryOptions({ queryKey: ['chat', id], queryFn: () => chatsApi.get(id) }),
  message: (chatId: string, id: string) =>
    queryOptions({
      queryKey: ['message', chatId, id],
      queryFn: async () => (await chatsApi.message(chatId, id)).message,
    }),
  participants: (chatId: string) =>
    queryOptions({
      queryKey: ['participants', chatId],
      queryFn: async () => {
        const all: Participant[] = [];
        let cursor: string | undefined;
        do {
          const page = await chatsApi.participants(chatId, cursor);
          all.push(...page.items);
          cursor = page.next_cursor ?? undefined;
        } while (cursor && all.length < MEMBERS_MAX);
        return all;
      },
    }),
  connections: () =>
    queryOptions({
      queryKey: ['connections'],
      queryFn: async () => (await usersApi.connections()).items,
    }),
  blocks: () =>
    queryOptions({ queryKey: ['blocks'], queryFn: async () => (await usersApi.blocks()).items }),
  searchPeople: (query: string) =>
    queryOptions({
      queryKey: ['people', query],
      queryFn: async ({ signal }) => (await usersApi.search(query, signal)).items,
      enabled: query !== '',
    }),
  discover: (query: string) =>
    queryOptions({
      queryKey: ['discover', query],
      queryFn: ({ signal }) => chatsApi.discover(query, undefined, signal),
    }),
  sessions: () =>
    queryOptions({
      queryKey: ['sessions'],
      queryFn: async () => (await usersApi.sessions()).items,
      staleTime: 0,
    }),
};

export const notificationsKey = ['notifications'] as const;
