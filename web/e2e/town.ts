import type { Browser } from 'playwright-core';
import { api, open, type Person, type Server, signUp } from './fixtures.ts';

interface Chat {
  id: string;
}
interface Posted {
  message: { id: string };
}

/** A small workspace with something to see in every corner. */
export interface Town {
  ana: Person;
  channelId: string;
  directId: string;
  groupId: string;
  otherChannelId: string;
}

const uuid = () => crypto.randomUUID();

/** Registers somebody without a browser. */
export async function register(server: Server, name: string): Promise<Person & { id: string }> {
  const username = name.toLowerCase().replace(/\W+/g, '.').normalize('NFD').replace(/\p{M}/gu, '');
  const response = await fetch(`${server.url}/api/users/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      username,
      email: `${username}@example.org`,
      password: 'correct horse battery staple',
      display_name: name,
    }),
  });
  if (!response.ok) throw new Error(await response.text());
  const { user } = (await response.json()) as { user: { id: string } };
  return { id: user.id, name, username, faults: [] } as unknown as Person & { id: string };
}

export async function buildTown(server: Server, browser: Browser): Promise<Town> {
  const ana = await open(browser, server, 'Ana');
  await signUp(ana);
  const me = await api<{ id: string }>(server, ana, 'GET', '/api/users/profile');
  const bruno = await register(server, 'Bruno Tavares');
  const clara = await register(server, 'Clara Nunes');
  const diego = await register(server, 'Diego Lopes');

  const say = (who: Person, chat: Chat, text: string, more: object = {}) =>
    api<Posted>(server, who, 'POST', `/api/chats/${chat.id}/messages`, {
      client_id: uuid(),
      text,
      ...more,
    });
  const react = (who: Person, chat: Chat, message: Posted, emoji: string) =>
    api(
      server,
      who,
      'PUT',
      `/api/chats/${chat.id}/messages/${message.message.id}/reactions/${encodeURIComponent(emoji)}`,
    );
  const create = (who: Person, body: object) => api<Chat>(server, who, 'POST', '/api/chats', body);

  const channel = await create(ana, {
    kind: 'channel',
    name: 'launch',
    topic: 'Everything about the spring release',
    participant_ids: [bruno.id, clara.id, diego.id],
  });
  await say(bruno, channel, 'Morning! The last build is green on every platform 🎉');
  const plan = await say(
    clara,
    channel,
    'Here is the plan for today:\n\n1. Freeze the **release notes**\n2. Run the [load test](https://example.org/load) once more\n3. Tag `v1.0.0`\n\n> Nothing ships on a Friday.',
  );
  await react(ana, channel, plan, '👍');
  await react(bruno, channel, plan, '👍');
  await react(diego, channel, plan, '🚀');
  await say(ana, channel, 'On it. I found one thing while reading the code:', {
    reply_to: plan.message.id,
  });
  await say(
    ana,
    channel,
    '```rust\npub fn next_seq(&mut self) -> u64 {\n    self.head += 1; // dense, never reused\n    self.head\n}\n```',
  );
  await say(
    diego,
    channel,
    '@ana can you have a look at the numbers? They are better than I expected.',
  );
  await say(
    diego,
    channel,
    '| test | before | now |\n|---|---|---|\n| send | 48 ms | 19 ms |\n| catch up | 1.2 s | 0.3 s |',
  );
  const gone = await say(bruno, channel, 'wrong window, sorry');
  await api(server, bruno, 'DELETE', `/api/chats/${channel.id}/messages/${gone.message.id}`);
  const typo = await say(bruno, channel, 'Ship it tomorow');
  await api(server, bruno, 'PATCH', `/api/chats/${channel.id}/messages/${typo.message.id}`, {
    text: 'Ship it tomorrow',
  });
  await say(clara, channel, '🚀');

  const direct = await create(bruno, { kind: 'direct', participant_ids: [me.id] });
  await say(bruno, direct, 'Lunch at noon?');
  await say(ana, direct, 'Yes! The usual place.');
  await say(bruno, direct, 'Great, see you there.');

  const group = await create(clara, { kind: 'group', participant_ids: [me.id, diego.id] });
  await say(clara, group, 'Who brings the cake?');
  const other = await create(clara, {
    kind: 'channel',
    name: 'design',
    topic: 'Colours, type, and opinions',
  });
  await say(clara, other, 'First!');
  await create(diego, { kind: 'channel', name: 'random', topic: 'Anything but work' });

  await api(server, bruno, 'POST', '/api/users/connect', { user_id: me.id });
  await api(server, ana, 'POST', '/api/users/connect', { user_id: clara.id });
  await api(server, bruno, 'PUT', '/api/users/profile', {
    bio: 'Builds things that last.',
    status: { text: 'In a meeting', emoji: '📅', expires_at: null },
  });
  return {
    ana,
    channelId: channel.id,
    directId: direct.id,
    groupId: group.id,
    otherChannelId: other.id,
  };
}
