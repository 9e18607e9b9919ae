import { create } from 'zustand';
import type { Message } from '@/api/types';
import { withoutReaction, withReaction } from './timeline';

/** What I did to a message and the server has not told back yet. */
interface Overlay {
  text?: string;
  deleted?: boolean;
  reactions?: Readonly<Record<string, boolean>>;
}

interface OverlaysState {
  byMessage: ReadonlyMap<string, Overlay>;
}

export const useOverlays = create<OverlaysState>(() => ({ byMessage: new Map() }));

export function overlay(messageId: string, change: Overlay): void {
  useOverlays.setState(({ byMessage }) => {
    const held = byMessage.get(messageId);
    const reactions = { ...held?.reactions, ...change.reactions };
    return { byMessage: new Map(byMessage).set(messageId, { ...held, ...change, reactions }) };
  });
}

/** The server has spoken: its state is the state. */
export function settleOverlay(messageId: string): void {
  if (!useOverlays.getState().byMessage.has(messageId)) return;
  useOverlays.setState(({ byMessage }) => {
    const rest = new Map(byMessage);
    rest.delete(messageId);
    return { byMessage: rest };
  });
}

/** The message as I should see it. */
export function withOverlay(message: Message, mine: Overlay | undefined, me: string): Message {
  if (!mine) return message;
  let seen = message;
  for (const [emoji, given] of Object.entries(mine.reactions ?? {})) {
    seen = given ? withReaction(seen, emoji, me) : withoutReaction(seen, emoji, me);
  }
  if (mine.text !== undefined && mine.text !== seen.text) {
    seen = { ...seen, text: mine.text, edited_at: seen.edited_at ?? new Date().toISOString() };
  }
  if (mine.deleted) seen = { ...seen, text: '', deleted_at: new Date().toISOString() };
  return seen;
}
