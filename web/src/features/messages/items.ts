import type { Message } from '@/api/types';
import { dayKey } from '@/lib/dates';
import type { OutboxRow } from '@/realtime/outbox';
import type { Segment, TimelineState } from '@/realtime/timeline';

/** One message as the timeline shows it, with what stands above it. */
export interface Item {
  key: string;
  message: Message;
  /** On its way: not yet acknowledged. */
  row: OutboxRow | null;
  /** The first message of its day. */
  startsDay: boolean;
  /** The first that was unread when this visit began. */
  startsUnread: boolean;
  /** Follows a message of the same person closely enough to go without their name. */
  grouped: boolean;
}

const GROUP_MS = 5 * 60_000;

interface Source {
  state: TimelineState;
  segment: Segment;
  rows: readonly OutboxRow[];
  me: string;
  /** Read up to here when the visit began; null when nothing was unread. */
  dividerSeq: number | null;
}

export function itemsOf({ state, segment, rows, me, dividerSeq }: Source): Item[] {
  const items: Item[] = [];
  let before: Message | null = null;
  // Above what is held there may be others that are unread: then the line is not here.
  let divided = dividerSeq === null || segment.lo > dividerSeq + 1;
  const push = (message: Message, row: OutboxRow | null) => {
    const startsDay = !before || dayKey(before.created_at) !== dayKey(message.created_at);
    let startsUnread = false;
    if (!divided && !row && message.seq > (dividerSeq ?? 0) && message.sender_id !== me) {
      divided = true;
      startsUnread = true;
    }
    items.push({
      // The message that was sent takes the place of the one that was on its way.
      key: (message.sender_id === me ? message.client_id : null) ?? message.id,
      message,
      row,
      startsDay,
      startsUnread,
      grouped: !startsDay && !startsUnread && before !== null && belongsTo(before, message),
    });
    before = message;
  };
  for (const id of segment.ids) {
    const message = state.byId.get(id);
    if (message) push(message, null);
  }
  if (segment.hi === Number.POSITIVE_INFINITY) {
    const arrived = new Set(items.slice(-200).map((item) => item.message.client_id));
    for (const row of rows) {
      if (!arrived.has(row.client_id)) push(pendingMessage(row, me), row);
    }
  }
  return items;
}

function belongsTo(before: Message, message: Message): boolean {
  return (
    before.sender_id === message.sender_id &&
    before.kind === 'text' &&
    message.kind === 'text' &&
    !message.reply_to &&
    Date.parse(message.created_at) - Date.parse(before.created_at) <= GROUP_MS
  );
}

/** A message on its way, as it will look when it has arrived. */
function pendingMessage(row: OutboxRow, me: string): Message {
  return {
    id: row.client_id,
    chat_id: row.chat_id,
    seq: Number.POSITIVE_INFINITY,
    version: 0,
    client_id: row.client_id,
    sender_id: me,
    kind: 'text',
    text: row.text,
    reply_to: row.reply_to,
    thread_root_id: null,
    also_in_chat: false,
    thread: null,
    attachments: [],
    mentions: [],
    reactions: [],
    created_at: row.created_at,
    edited_at: null,
    deleted_at: null,
  };
}
