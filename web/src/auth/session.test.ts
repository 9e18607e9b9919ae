import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { call } from '@/api/client';
import { SessionKeeper, session as shared, signInUrl, subjectOf, useSession } from './session';

const tokenFor = (sub: string, mark = '') =>
  `h.${btoa(JSON.stringify({ sub, mark })).replace(/=+$/, '')}.s`;

let asked = 0;
const server = setupServer();
const gives = (expiresIn: number, sub = 'ana') =>
  server.use(
    http.post('*/api/users/session/token', () => {
      asked += 1;
      return HttpResponse.json({
        access_token: tokenFor(sub, `${asked}`),
        expires_in: expiresIn,
      });
    }),
  );
const over = () =>
  server.use(
    http.post('*/api/users/session/token', () => {
      asked += 1;
      return HttpResponse.json({ code: 'session_over', title: 'over' }, { status: 401 });
    }),
  );

describe('the session', () => {
  const keepers: SessionKeeper[] = [];
  const make = () => {
    const keeper = new SessionKeeper();
    keepers.push(keeper);
    return keeper;
  };
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
  beforeEach(() => {
    asked = 0;
    useSession.setState({ phase: 'starting', userId: null });
  });
  afterEach(() => {
    for (const keeper of keepers.splice(0)) keeper.stop();
    shared.stop();
    server.resetHandlers();
  });
  afterAll(() => server.close());

  it('begins with the token that the cookie gives', async () => {
    gives(300);
    await make().start();
    expect(useSession.getState()).toMatchObject({ phase: 'signed_in', userId: 'ana' });
  });

  it('of a stranger leads to the welcome screen', async () => {
    over();
    await make().start();
    expect(useSession.getState().phase).toBe('signed_out');
  });

  it('waits while the server is away, and begins when it is back', async () => {
    let away = true;
    server.use(
      http.post('*/api/users/session/token', () =>
        away
          ? HttpResponse.error()
          : HttpResponse.json({ access_token: tokenFor('ana'), expires_in: 300 }),
      ),
    );
    const started = make().start();
    await vi.waitFor(() => expect(useSession.getState().phase).toBe('away'));
    away = false;
    dispatchEvent(new Event('online'));
    await started;
    expect(useSession.getState().phase).toBe('signed_in');
  });

  it('asks once for many calls at the same time', async () => {
    gives(300);
    const keeper = make();
    const tokens = await Promise.all(Array.from({ length: 10 }, () => keeper.token()));
    expect(new Set(tokens).size).toBe(1);
    expect(asked).toBe(1);
  });

  it('does not renew a token that was renewed in the meantime', async () => {
    gives(300);
    const keeper = make();
    const first = await keeper.token();
    const [a, b] = await Promise.all([keeper.renew(first), keeper.renew(first)]);
    expect(a).toBe(b);
    expect(asked).toBe(2);
  });

  it('is renewed by itself before it runs out', async () => {
    gives(2);
    const keeper = make();
    await keeper.token();
    await vi.waitFor(() => expect(asked).toBeGreaterThan(1), { timeout: 4_000 });
  });

  it('is told to the other tabs, its end too', async () => {
    gives(300);
    const one = make();
    const two = make();
    await Promise.all([one.start(), two.start()]);
    // What they told each other while starting arrives first.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const heard: string[] = [];
    two.onToken((token) => heard.push(token));
    const renewed = await one.renew(await one.token());
    await vi.waitFor(() => expect(heard).toContain(renewed));
    await new Promise((resolve) => setTimeout(resolve, 50));
    over();
    await one.renew(renewed).catch(() => undefined);
    expect(useSession.getState().phase).toBe('signed_out');
  });

  it('mends a call whose token was refused, once', async () => {
    gives(300);
    let refusals = 1;
    server.use(
      http.get('*/api/users/profile', () => {
        if (refusals > 0) {
          refusals -= 1;
          return HttpResponse.json({ code: 'unauthenticated' }, { status: 401 });
        }
        return HttpResponse.json({ id: 'ana' });
      }),
    );
    await expect(call('get', '/api/users/profile', {})).resolves.toEqual({ id: 'ana' });
    refusals = 2;
    await expect(call('get', '/api/users/profile', {})).rejects.toMatchObject({
      status: 401,
      code: 'unauthenticated',
    });
  });

  it('tells what the server refused, with the id of the request', async () => {
    gives(300);
    server.use(
      http.get('*/api/users/profile', () =>
        HttpResponse.json(
          { code: 'invalid', errors: [{ field: 'a', message: 'b' }] },
          { status: 422, headers: { 'x-request-id': 'r1' } },
        ),
      ),
    );
    await expect(call('get', '/api/users/profile', {})).rejects.toMatchObject({
      code: 'invalid',
      requestId: 'r1',
      errors: [{ field: 'a', message: 'b' }],
    });
  });
});

describe('signing in', () => {
  it('comes back to where one was, in the language one reads', () => {
    const url = new URL(signInUrl('pt-BR', true, '/c/1?m=2'), 'https://x.example');
    expect(url.pathname).toBe('/api/users/session/start');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      return_to: '/c/1?m=2',
      ui_locales: 'pt-BR',
      prompt: 'create',
    });
  });

  it('reads who a token is for, also with letters beyond ASCII', () => {
    expect(subjectOf(tokenFor('ana'))).toBe('ana');
    expect(subjectOf('nonsense')).toBeNull();
  });
});
