import { useCallback } from 'react';
import type { Message } from '@/api/types';
import { useTranslation } from '@/lib/i18n';
import { sentenceOf } from '@/lib/sentence';
import { react } from '@/realtime/actions';
import { toast } from '@/ui/toast';

/** Gives or takes back a reaction, and says so if it did not work. */
export function useReact(message: Message) {
  const { t } = useTranslation();
  return useCallback(
    (emoji: string, given: boolean) => {
      react(message, emoji, given).catch((error) =>
        toast({ text: sentenceOf(t, error), urgent: true }),
      );
    },
    [message, t],
  );
}
