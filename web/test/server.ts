import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { me } from './make';

const token = `h.${btoa(JSON.stringify({ sub: me })).replace(/=+$/, '')}.s`;

/** Answers for the server: a session that stands, and nothing else unless a test says so. */
export const server = setupServer(
  http.post('*/api/users/session/token', () =>
    HttpResponse.json({ access_token: token, expires_in: 300 }),
  ),
  http.get('*/api/users', () => HttpResponse.json({ items: [] })),
  http.get('*/api/users/presence', () => HttpResponse.json([])),
);

export const problem = (status: number, code: string, more: object = {}) =>
  HttpResponse.json(
    { type: 'about:blank', title: code, status, code, ...more },
    { status, headers: { 'content-type': 'application/problem+json', 'x-request-id': 'req-1' } },
  );
