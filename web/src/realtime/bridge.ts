import type { Chat, LogEvent, Message } from '@/api/types';
import { useSession } from '@/auth/session';
import { announce } from './announcer';
import { scheduleCatchUp } from './catch-up';
import { applyToRow } from './chat-row';
import { forgetChats, refreshRow, setPlace, takeRows, updateRow, useChats } from './chats';
import { deliverTo, flush, receive } from './inbox';
import { outbox } from './outbox';
import { settleOverlay } from './overlays';
import { on } from './socket';
import { applyEvents, hasGap } from './timeline';
import { forgetTimeline, timelineOf, updateTimeline, useTimelines } from './timelines';
import { stopTyping } from './typing';

/** The names under which the log's events come over the socket. */
const LOG_EVENTS = [
  'new_message',
  'message_updated',
  'message_deleted',
  'reaction_added',
  'reaction_removed',
  'participants_changed',
  'chat_updated',
] as const;

function applyToChat(chatId: string, events: LogEvent[]): void {
  const me = useSession.getState().userId ?? '';
  const before = timelineOf(chatId).hi;
  if (useTimelines.getState().byChat.has(chatId)) {
    updateTimeline(chatId, (state) => applyEvents(state, events));
    if (hasGap(timelineOf(chatId))) scheduleCatchUp(chatId);
  }
  applyToList(chatId, events, me);
  for (const event of events) {
    if (event.kind === 'message_posted') posted(event.message, me, event.seq > before);
    if (event.kind === 'message_edited') settleOverlay(event.message.id);
    if ('message_id' in event) settleOverlay(event.message_id);
  }
}

function applyToList(chatId: string, events: LogEvent[], me: string): void {
  if (!useChats.getState().byId.has(chatId)) {
    refreshRow(chatId);
    return;
  }
  let stale = false;
  updateRow(chatId, (row) => {
    let chat = row;
    for (const event of [...events].sort((a, b) => a.seq - b.seq)) {
      if (event.seq <= chat.last_seq) continue;
      if (event.seq > chat.last_seq + 1) {
        stale = true;
        break;
      }
      const next = applyToRow(chat, event, me);
      chat = next.chat;
      stale ||= next.stale;
    }
    return chat;
  });
  if (stale) refreshRow(chatId);
}

function posted(message: Message, me: string, isNew: boolean): void {
  stopTyping(message.chat_id, message.sender_id);
  if (message.sender_id === me) {
    if (message.client_id) void outbox.settle(message.client_id);
  } else if (isNew) {
    announce(message);
  }
}

interface ReadUpdated {
  chat_id: string;
  user_id: string;
  read_seq: number;
  unread_count?: number;
  mention_count?: number;
}

/** Connects what the server sends to what the app holds. Called once. */
export function bridge(): void {
  deliverTo(applyToChat);
  for (const name of LOG_EVENTS) on<LogEvent>(name, receive);
  on<{ chat: Chat }>('chat_created', ({ chat }) => takeRows([chat]));
  on<{ chat_id: string }>('chat_removed', ({ chat_id }) => {
    forgetChats([chat_id]);
    forgetTimeline(chat_id);
  });
  on<ReadUpdated>('read_updated', (read) => {
    if (read.user_id === useSession.getState().userId) setPlace(read.chat_id, read);
  });
  on<Record<string, number>>('heads', (heads) => {
    flush();
    for (const [chatId, seq] of Object.entries(heads)) {
      const held = useTimelines.getState().byChat.get(chatId);
      if (held && held.hi < seq) scheduleCatchUp(chatId);
      const row = useChats.getState().byId.get(chatId);
      if (!row || row.last_seq < seq) refreshRow(chatId);
    }
  });
}
