import { chatsApi } from '@/api/chats';
import type { Message } from '@/api/types';
import { setPlace, updateRow, useChats } from './chats';
import { overlay, settleOverlay } from './overlays';
import { isConnected, request } from './socket';
import { takeMessages } from './timelines';

/** An acknowledgement may overtake the event: what I did stays on screen for this long after it. */
const ECHO_MS = 3_000;

/** Changes are on screen at once, and undone if the server refuses. */
async function optimistic(messageId: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
    setTimeout(() => settleOverlay(messageId), ECHO_MS);
  } catch (error) {
    settleOverlay(messageId);
    throw error;
  }
}

export function editMessage(message: Message, text: string): Promise<void> {
  overlay(message.id, { text });
  return optimistic(message.id, async () => {
    const answer = isConnected()
      ? await request<{ message: Message }>('edit_message', {
          chat_id: message.chat_id,
          message_id: message.id,
          text,
        })
      : await chatsApi.edit(message.chat_id, message.id, text);
    takeMessages(message.chat_id, [answer.message]);
    settleOverlay(message.id);
  });
}

export function deleteMessage(message: Message): Promise<void> {
  overlay(message.id, { deleted: true });
  return optimistic(message.id, () =>
    isConnected()
      ? request('delete_message', { chat_id: message.chat_id, message_id: message.id })
      : chatsApi.remove(message.chat_id, message.id),
  );
}

export function react(message: Message, emoji: string, given: boolean): Promise<void> {
  overlay(message.id, { reactions: { [emoji]: given } });
  return optimistic(message.id, () => {
    if (isConnected()) {
      const event = given ? 'add_reaction' : 'remove_reaction';
      return request(event, { chat_id: message.chat_id, message_id: message.id, emoji });
    }
    const send = given ? chatsApi.react : chatsApi.unreact;
    return send(message.chat_id, message.id, emoji);
  });
}

interface ReadPlace {
  read_seq: number;
  unread_count: number;
  mention_count: number;
}

/** Moves my read position; only forwards unless `force`. */
export async function markRead(chatId: string, seq: number, force = false): Promise<void> {
  const row = useChats.getState().byId.get(chatId);
  if (!row?.my || (!force && seq <= row.my.read_seq)) return;
  if (!force) {
    const all = seq >= (row.last_message?.seq ?? 0);
    setPlace(chatId, {
      read_seq: seq,
      ...(all ? { unread_count: 0, mention_count: 0 } : {}),
    });
  }
  const place = isConnected()
    ? await request<ReadPlace>('mark_read', { chat_id: chatId, seq, force })
    : await chatsApi.markRead(chatId, seq, force);
  updateRow(chatId, (chat) => {
    // An answer that was overtaken by a later one of this tab says nothing new.
    if (!chat.my || (!force && place.read_seq < chat.my.read_seq)) return chat;
    const { read_seq, unread_count, mention_count } = place;
    return { ...chat, my: { ...chat.my, read_seq, unread_count, mention_count } };
  });
}
