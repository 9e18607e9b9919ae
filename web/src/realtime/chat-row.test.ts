import { describe, expect, it } from 'vitest';
import { ana, makeChat, makeEvent, makeMessage, me, posted } from '../../test/make';
import { applyToRow } from './chat-row';

const apply = (chat = makeChat(), ...events: Parameters<typeof applyToRow>[1][]) =>
  events.reduce((next, event) => applyToRow(next.chat, event, me), { chat, stale: false });

describe('a row of the chat list', () => {
  it('counts what others write, and what mentions me', () => {
    const { chat } = apply(
      makeChat(),
      posted(1),
      posted(2, { mentions: [me] }),
      posted(3, { mentions: ['all'] }),
      posted(4, { sender_id: me }),
    );
    expect(chat.my).toMatchObject({ unread_count: 3, mention_count: 2 });
    expect(chat.last_seq).toBe(4);
    expect(chat.last_message?.seq).toBe(4);
  });

  it('does not count what is in a thread only, or was read elsewhere', () => {
    const read = makeChat();
    if (read.my) read.my.read_seq = 5;
    expect(apply(read, posted(1)).chat.my?.unread_count).toBe(0);
    const { chat } = apply(makeChat(), posted(1, { thread_root_id: 'm0' }));
    expect(chat.my?.unread_count).toBe(0);
    expect(chat.last_message).toBeNull();
  });

  it('follows edits of its last message, and asks when that one is deleted', () => {
    const edited = makeMessage(1, { text: 'new', version: 2 });
    const after = apply(
      makeChat(),
      posted(1),
      makeEvent(2, { kind: 'message_edited', message: edited }),
    );
    expect(after.chat.last_message?.text).toBe('new');
    const gone = apply(after.chat, makeEvent(3, { kind: 'message_deleted', message_id: 'm1' }));
    expect(gone.stale).toBe(true);
  });

  it('knows who takes part and what I may do', () => {
    const { chat } = apply(
      makeChat(),
      makeEvent(1, { kind: 'participant_joined', user_id: 'new', role: 'member' }),
      makeEvent(2, { kind: 'participant_role_changed', user_id: me, role: 'admin' }),
      makeEvent(3, { kind: 'participant_left', user_id: ana, role: 'owner' }),
    );
    expect(chat.participant_count).toBe(2);
    expect(chat.participant_ids).toEqual([me, 'new']);
    expect(chat.my?.role).toBe('admin');
    const left = apply(
      chat,
      makeEvent(4, { kind: 'participant_left', user_id: me, role: 'admin' }),
    );
    expect(left.chat.my).toBeNull();
  });

  it('takes its name from the newest event', () => {
    const { chat } = apply(
      makeChat(),
      makeEvent(1, { kind: 'chat_updated', chat: { ...makeChat(), name: 'Yard' } }),
    );
    expect(chat.name).toBe('Yard');
    expect(chat.my).not.toBeNull();
  });
});
