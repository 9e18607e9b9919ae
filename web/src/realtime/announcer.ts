import { create } from 'zustand';
import type { Message } from '@/api/types';

interface AnnouncerState {
  /** The chat on screen: only its messages are read out. */
  chatId: string | null;
  /** Senders of the messages that came since the last announcement. */
  senders: readonly string[];
  said: { senders: readonly string[]; at: number } | null;
}

/** What a screen reader hears: new messages of the open chat, gathered for a second. */
export const useAnnouncer = create<AnnouncerState>(() => ({
  chatId: null,
  senders: [],
  said: null,
}));

let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(message: Message): void {
  const { chatId, senders } = useAnnouncer.getState();
  if (message.chat_id !== chatId) return;
  useAnnouncer.setState({ senders: [...senders, message.sender_id] });
  if (timer) return;
  timer = setTimeout(() => {
    timer = undefined;
    useAnnouncer.setState((state) => ({
      senders: [],
      said: { senders: state.senders, at: Date.now() },
    }));
  }, 1_000);
}
