import { useParams } from '@tanstack/react-router';
import { Bell } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { notificationsKey, queryClient } from '@/api/queries';
import type { Notification } from '@/api/types';
import { useTranslation } from '@/lib/i18n';
import { takePeople } from '@/realtime/people';
import { on, onConnected } from '@/realtime/socket';
import { toast } from '@/ui/toast';
import { useGoTo } from './useGoTo';
import { readNotifications, takeNotification } from './useNotifications';
import { wordsOf } from './words';

/** Shows what arrives while the app is open, unless one is looking at it already. */
export function useArrivals(): void {
  const { t } = useTranslation();
  const goTo = useGoTo();
  const { chatId } = useParams({ strict: false });
  const latest = useRef({ t, goTo, chatId });
  latest.current = { t, goTo, chatId };

  useEffect(() => {
    const offs = [
      on<Notification & { unread_count: number }>('new_notification', (payload) => {
        const { unread_count: _all, ...notification } = payload;
        const now = latest.current;
        takeNotification(notification);
        if (notification.actor) takePeople([notification.actor]);
        const isOnScreen =
          notification.chat_id === now.chatId &&
          now.chatId !== undefined &&
          document.visibilityState === 'visible' &&
          document.hasFocus();
        if (isOnScreen) {
          readNotifications({ ids: [notification.id] }).catch(() => undefined);
          return;
        }
        const { text, detail } = wordsOf(now.t, notification);
        toast({
          text,
          detail,
          icon: <Bell className="size-4 text-link" aria-hidden />,
          action: { label: now.t('notifications.show'), run: () => now.goTo(notification) },
        });
        if (notification.kind.startsWith('connection')) refreshConnections();
      }),
      on('new_connection_request', refreshConnections),
      onConnected(() => {
        void queryClient.invalidateQueries({ queryKey: notificationsKey });
        refreshConnections();
      }),
    ];
    return () => {
      for (const off of offs) off();
    };
  }, []);
}

function refreshConnections(): void {
  void queryClient.invalidateQueries({ queryKey: ['connections'] });
}
