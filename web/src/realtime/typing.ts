import { create } from 'zustand';
import { useSession } from '@/auth/session';
import { on, tell } from './socket';

interface TypingState {
  byChat: ReadonlyMap<string, readonly string[]>;
}

/** Who types where, the first to begin first. */
export const useTyping = create<TypingState>(() => ({ byChat: new Map() }));

/** The server ends it after 6 s without a word; this is for a word that was lost. */
const LASTS_MS = 7_000;
const REPEAT_MS = 3_000;

const timers = new Map<string, ReturnType<typeof setTimeout>>();

function startTyping(chatId: string, userId: string): void {
  if (userId === useSession.getState().userId) return;
  const key = `${chatId} ${userId}`;
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => stopTyping(chatId, userId), LASTS_MS),
  );
  useTyping.setState((state) => {
    const there = state.byChat.get(chatId) ?? [];
    if (there.includes(userId)) return state;
    return { byChat: new Map(state.byChat).set(chatId, [...there, userId]) };
  });
}

export function stopTyping(chatId: string, userId: string): void {
  const key = `${chatId} ${userId}`;
  clearTimeout(timers.get(key));
  timers.delete(key);
  useTyping.setState((state) => {
    const there = state.byChat.get(chatId);
    if (!there?.includes(userId)) return state;
    return {
      byChat: new Map(state.byChat).set(
        chatId,
        there.filter((id) => id !== userId),
      ),
    };
  });
}

let lastTold = { chatId: '', at: 0 };

/** I am typing here: told at most every few seconds. */
export function tellTyping(chatId: string): void {
  const now = Date.now();
  if (lastTold.chatId === chatId && now - lastTold.at < REPEAT_MS) return;
  lastTold = { chatId, at: now };
  tell('typing_start', { chat_id: chatId });
}

export function tellTypingStopped(chatId: string): void {
  if (lastTold.chatId !== chatId) return;
  lastTold = { chatId: '', at: 0 };
  tell('typing_stop', { chat_id: chatId });
}

export function followTyping(): void {
  on<{ chat_id: string; user_id: string }>('typing_start', (typing) =>
    startTyping(typing.chat_id, typing.user_id),
  );
  on<{ chat_id: string; user_id: string }>('typing_stop', (typing) =>
    stopTyping(typing.chat_id, typing.user_id),
  );
}
