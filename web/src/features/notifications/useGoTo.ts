import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Notification } from '@/api/types';
import { openDialog } from '@/lib/dialogs';
import { readNotifications } from './useNotifications';

/** Goes where a notification points, which reads it. */
export function useGoTo(): (notification: Notification) => void {
  const navigate = useNavigate();
  return useCallback(
    (notification) => {
      if (!notification.read_at) {
        readNotifications({ ids: [notification.id] }).catch(() => undefined);
      }
      if (notification.chat_id) {
        const search = notification.message_id ? { m: notification.message_id } : {};
        void navigate({ to: '/c/$chatId', params: { chatId: notification.chat_id }, search });
      } else if (notification.kind === 'connection_request') {
        void navigate({ to: '/people' });
      } else if (notification.actor) {
        openDialog({ kind: 'person', userId: notification.actor.id });
      }
    },
    [navigate],
  );
}
