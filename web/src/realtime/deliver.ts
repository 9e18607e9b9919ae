import { chatsApi } from '@/api/chats';
import { Unreachable } from '@/api/problem';
import type { Message, PostMessage } from '@/api/types';
import type { OutboxRow } from './outbox';
import { isConnected, request } from './socket';

/** Sends a message over the socket, or by REST while there is none. */
export async function deliverMessage(row: OutboxRow): Promise<Message> {
  if (!navigator.onLine) throw new Unreachable();
  const body: PostMessage = { client_id: row.client_id, text: row.text };
  if (row.reply_to) body.reply_to = row.reply_to;
  const { message } = isConnected()
    ? await request<{ message: Message }>('send_message', { chat_id: row.chat_id, ...body })
    : await chatsApi.post(row.chat_id, body);
  return message;
}
