import { createContext, use } from 'react';
import type { Chat, Message } from '@/api/types';

/** What the parts of an open chat ask of each other. */
export interface OpenChat {
  chat: Chat;
  title: string;
  /** I take part and the chat is not archived. */
  canWrite: boolean;
  editingId: string | null;
  edit: (messageId: string | null) => void;
  reply: (message: Message) => void;
  jump: (messageId: string) => void;
  markUnreadFrom: (message: Message) => void;
}

export const OpenChatContext = createContext<OpenChat | null>(null);

export function useOpenChat(): OpenChat {
  const open = use(OpenChatContext);
  if (!open) throw new Error('used outside of an open chat');
  return open;
}
