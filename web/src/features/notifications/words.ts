import type { Notification } from '@/api/types';
import type { Translate } from '@/lib/i18n';
import { plain } from '@/lib/md';

/** What happened, as a sentence, and what was said. */
export function wordsOf(
  t: Translate,
  notification: Notification,
): { text: string; detail: string } {
  const name = notification.actor?.display_name ?? t('notifications.somebody');
  switch (notification.kind) {
    case 'connection_request':
      return { text: t('notifications.connection_request', { name }), detail: '' };
    case 'connection_accepted':
      return { text: t('notifications.connection_accepted', { name }), detail: '' };
    case 'mention':
      return { text: t('notifications.mention', { name }), detail: plain(notification.text) };
    case 'direct_message':
      return {
        text: t('notifications.direct_message', { name }),
        detail: plain(notification.text),
      };
    case 'reply':
      return { text: t('notifications.reply', { name }), detail: plain(notification.text) };
    case 'reaction':
      return { text: t('notifications.reaction', { name, emoji: notification.text }), detail: '' };
    case 'chat_invite':
      return { text: t('notifications.chat_invite', { name }), detail: notification.text };
    case 'system':
      return { text: t('notifications.system'), detail: notification.text };
  }
}
