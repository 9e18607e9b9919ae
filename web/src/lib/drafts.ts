import { create } from 'zustand';

export interface Draft {
  text: string;
  replyTo: string | null;
}

interface DraftsState {
  byChat: Readonly<Record<string, Draft>>;
}

/** What was begun and not sent, per chat; kept in this browser. */
export const useDrafts = create<DraftsState>(() => ({ byChat: {} }));

const SAVE_MS = 300;

let key: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

export function openDrafts(userId: string): void {
  key = `thread.drafts.${userId}`;
  useDrafts.setState({ byChat: read(key) });
}

/** Lets go of the drafts; with `wipe` forgets them, as signing out does. */
export function closeDrafts(wipe: boolean): void {
  if (wipe && key) {
    clearTimeout(timer);
    try {
      localStorage.removeItem(key);
    } catch {
      // Then nothing was stored either.
    }
  } else {
    save();
  }
  key = null;
  useDrafts.setState({ byChat: {} });
}

export function setDraft(chatId: string, draft: Draft): void {
  useDrafts.setState(({ byChat }) => {
    const { [chatId]: _before, ...rest } = byChat;
    const isEmpty = draft.text.trim() === '' && !draft.replyTo;
    return { byChat: isEmpty ? rest : { ...rest, [chatId]: draft } };
  });
  clearTimeout(timer);
  timer = setTimeout(save, SAVE_MS);
}

export function draftOf(chatId: string): Draft {
  return useDrafts.getState().byChat[chatId] ?? { text: '', replyTo: null };
}

function save(): void {
  clearTimeout(timer);
  if (!key) return;
  try {
    localStorage.setItem(key, JSON.stringify(useDrafts.getState().byChat));
  } catch {
    // Storage is full or forbidden: the drafts last as long as the page.
  }
}

function read(from: string): Record<string, Draft> {
  try {
    return JSON.parse(localStorage.getItem(from) ?? '{}') as Record<string, Draft>;
  } catch {
    return {};
  }
}

if (typeof window !== 'undefined') {
  addEventListener('pagehide', save);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') save();
  });
}
