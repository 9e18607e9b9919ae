import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import { notificationsKey, queryClient } from '@/api/queries';
import type { Notification, Notifications } from '@/api/types';
import { usersApi } from '@/api/users';

type Held = InfiniteData<Notifications, string | undefined>;

export function useNotifications() {
  return useInfiniteQuery({
    queryKey: notificationsKey,
    queryFn: ({ pageParam }) => usersApi.notifications(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function useUnreadNotifications(): number {
  return useNotifications().data?.pages[0]?.unread_count ?? 0;
}

/** Marks as read, on screen at once. */
export async function readNotifications(what: { ids: string[] } | { all: true }): Promise<void> {
  const now = new Date().toISOString();
  const isMeant = (each: Notification) => 'all' in what || what.ids.includes(each.id);
  queryClient.setQueryData<Held>(notificationsKey, (held) => {
    if (!held) return held;
    const all = held.pages.flatMap((page) => page.items);
    const newlyRead = all.filter((each) => !each.read_at && isMeant(each)).length;
    return {
      ...held,
      pages: held.pages.map((page) => ({
        ...page,
        unread_count: 'all' in what ? 0 : Math.max(0, page.unread_count - newlyRead),
        items: page.items.map((each) =>
          isMeant(each) ? { ...each, read_at: each.read_at ?? now } : each,
        ),
      })),
    };
  });
  try {
    await usersApi.readNotifications(what);
  } finally {
    await queryClient.invalidateQueries({ queryKey: notificationsKey });
  }
}

/** Puts one that has just come on top. */
export function takeNotification(notification: Notification): void {
  queryClient.setQueryData<Held>(notificationsKey, (held) => {
    const [first, ...rest] = held?.pages ?? [];
    if (!held || !first || first.items.some((each) => each.id === notification.id)) return held;
    const next = {
      ...first,
      unread_count: first.unread_count + (notification.read_at ? 0 : 1),
      items: [notification, ...first.items],
    };
    return { ...held, pages: [next, ...rest] };
  });
}
