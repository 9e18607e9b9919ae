import { HttpResponse, http } from 'msw';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { session, useSession } from '@/auth/session';
import {
  ana,
  chatId,
  makeChat,
  makeEvent,
  makeMessage,
  makePage,
  me,
  posted,
} from '../../test/make';
import { problem, server } from '../../test/server';
import { bridge } from './bridge';
import { catchUp } from './catch-up';
import { takeRows, useChats } from './chats';
import { flush, receive } from './inbox';
import { emptyTimeline, mergePage, type TimelineState, tailOf } from './timeline';
import { timelineOf, useTimelines } from './timelines';

const texts = () => tailOf(timelineOf(chatId))?.ids ?? [];
const eventsAnswer = (from: number, to: number, more: object = {}) =>
  HttpResponse.json({
    items: Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => posted(from + at)),
    epoch: 'one',
    head_seq: to,
    has_more: false,
    next_cursor: null,
    ...more,
  });

describe('what the server sends', () => {
  let asked: string[] = [];
  beforeAll(() => {
    server.listen({ onUnhandledRequest: 'error' });
    bridge();
  });
  beforeEach(() => {
    asked = [];
    useSession.setState({ phase: 'signed_in', userId: me });
    const page = makePage([makeMessage(1), makeMessage(2)]);
    useTimelines.setState({
      byChat: new Map([
        [chatId, mergePage(emptyTimeline, page, { at: 'newest' }) as TimelineState],
      ]),
    });
    useChats.setState({ status: 'ready', error: null, byId: new Map() });
    takeRows([makeChat({ last_seq: 2 })]);
    server.use(
      http.get('*/api/chats/:id/events', ({ request }) => {
        const after = Number(new URL(request.url).searchParams.get('after_seq'));
        asked.push(`events after ${after}`);
        return eventsAnswer(after + 1, 6);
      }),
      http.get('*/api/chats/:id', () => {
        asked.push('row');
        return HttpResponse.json(makeChat({ last_seq: 6 }));
      }),
    );
  });
  afterEach(() => {
    server.resetHandlers();
    session.stop();
  });
  afterAll(() => server.close());

  it('reaches the chat and its row in the list together', () => {
    receive(posted(3));
    flush();
    expect(texts()).toEqual(['m1', 'm2', 'm3']);
    expect(useChats.getState().byId.get(chatId)).toMatchObject({
      last_seq: 3,
      my: { unread_count: 1 },
    });
  });

  it('twice counts once', () => {
    receive(posted(3));
    receive(posted(3));
    flush();
    receive(posted(3));
    flush();
    expect(useChats.getState().byId.get(chatId)?.my?.unread_count).toBe(1);
  });

  it('is not asked for when what was missing comes a little late', async () => {
    receive(posted(4));
    flush();
    receive(posted(3));
    flush();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(asked.filter((what) => what.startsWith('events'))).toEqual([]);
    expect(texts()).toEqual(['m1', 'm2', 'm3', 'm4']);
  });

  it('is fetched when something is missing for longer', async () => {
    receive(posted(5));
    receive(posted(6));
    flush();
    expect(texts()).toEqual(['m1', 'm2']);
    await vi.waitFor(() => expect(texts()).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6']));
    expect(asked.filter((what) => what.startsWith('events'))).toEqual(['events after 2']);
    await vi.waitFor(() => expect(useChats.getState().byId.get(chatId)?.last_seq).toBe(6));
  });

  it('is followed over several answers until there is no more', async () => {
    server.use(
      http.get('*/api/chats/:id/events', ({ request }) => {
        const after = Number(new URL(request.url).searchParams.get('after_seq'));
        const to = Math.min(after + 3, 10);
        return eventsAnswer(after + 1, to, { has_more: to < 10, head_seq: 10 });
      }),
    );
    await catchUp(chatId);
    expect(timelineOf(chatId).hi).toBe(10);
  });

  it.each([
    ['the log was cut', () => problem(410, 'log_truncated')],
    ['another epoch began', () => eventsAnswer(3, 6, { epoch: 'two' })],
    ['far too much was missed', () => eventsAnswer(3, 6, { head_seq: 9_000, has_more: true })],
  ])('is replaced by a fresh page when %s', async (_why, answer) => {
    server.use(
      http.get('*/api/chats/:id/events', answer),
      http.get('*/api/chats/:id/messages', () =>
        HttpResponse.json(makePage([makeMessage(9_000)], { epoch: 'two', has_before: true })),
      ),
    );
    await catchUp(chatId);
    expect(timelineOf(chatId)).toMatchObject({ epoch: 'two', hi: 9_000 });
    expect(texts()).toEqual(['m9000']);
  });

  it('of a chat that is mine no more is forgotten', async () => {
    server.use(http.get('*/api/chats/:id/events', () => problem(404, 'chat_not_found')));
    await catchUp(chatId);
    expect(useTimelines.getState().byChat.has(chatId)).toBe(false);
  });

  it('about an unknown chat makes its row known', async () => {
    useChats.setState({ byId: new Map() });
    receive(makeEvent(6, { kind: 'participant_joined', user_id: ana, role: 'member' }));
    flush();
    await vi.waitFor(() => expect(useChats.getState().byId.has(chatId)).toBe(true));
  });
});
