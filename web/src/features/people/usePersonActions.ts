import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { chatsApi } from '@/api/chats';
import { hasCode } from '@/api/problem';
import { queryClient } from '@/api/queries';
import { usersApi } from '@/api/users';
import { closeDialog } from '@/lib/dialogs';
import { useTranslation } from '@/lib/i18n';
import { sentenceOf } from '@/lib/sentence';
import { takeRows } from '@/realtime/chats';
import { toast } from '@/ui/toast';

/** What one can do with somebody. Each says so if it did not work. */
export function usePersonActions() {
  const { t } = useTranslation();
  const navigate = useNavigate();

  const guarded = useCallback(
    async (work: () => Promise<unknown>) => {
      try {
        await work();
      } catch (error) {
        // Somebody was faster: the list tells how it stands now.
        if (!hasCode(error, 'already_connected', 'already_answered', 'connection_not_found')) {
          toast({ text: sentenceOf(t, error), urgent: true });
        }
      }
      await queryClient.invalidateQueries({ queryKey: ['connections'] });
    },
    [t],
  );

  return {
    message: (userId: string) =>
      guarded(async () => {
        const chat = await chatsApi.create({ kind: 'direct', participant_ids: [userId] });
        takeRows([chat]);
        closeDialog();
        await navigate({ to: '/c/$chatId', params: { chatId: chat.id } });
      }),
    connect: (userId: string) => guarded(() => usersApi.connect(userId)),
    respond: (id: string, accept: boolean) => guarded(() => usersApi.respond(id, accept)),
    disconnect: (id: string) => guarded(() => usersApi.disconnect(id)),
    block: (userId: string) =>
      guarded(async () => {
        await usersApi.block(userId);
        await queryClient.invalidateQueries({ queryKey: ['blocks'] });
      }),
    unblock: (userId: string) =>
      guarded(async () => {
        await usersApi.unblock(userId);
        await queryClient.invalidateQueries({ queryKey: ['blocks'] });
      }),
  };
}
