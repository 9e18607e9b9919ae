import { session } from '@/auth/session';
import { Refusal, Unreachable } from './problem';
import type { paths } from './schema';
import type { Problem } from './types';

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Values = Record<string, string | number | boolean | null | undefined>;

/** The calls that the server describes for a path. */
type VerbOf<P extends keyof paths> = {
  [V in Verb]: paths[P][V] extends { responses: unknown } ? V : never;
}[Verb];

type PathOf<O> = O extends { parameters: { path: infer T } } ? { path: T } : unknown;
type QueryOf<O> = O extends { parameters: { query: infer T } }
  ? { query: T }
  : O extends { parameters: { query?: infer T } }
    ? { query?: T }
    : unknown;
type BodyOf<O> = O extends { requestBody: { content: { 'application/json': infer T } } }
  ? { body: T }
  : unknown;

/** What a call takes, as the server describes it. */
type Input<O> = PathOf<O> & QueryOf<O> & BodyOf<O> & { signal?: AbortSignal | undefined };

type Json<R> = R extends { content: { 'application/json': infer T } } ? T : never;

/** What a call answers when all is well; nothing where the server sends no body. */
type Output<O> = O extends { responses: infer R }
  ? [Json<R[keyof R & (200 | 201)]>] extends [never]
    ? undefined
    : Json<R[keyof R & (200 | 201)]>
  : never;

interface Sent {
  path?: Values;
  query?: Values;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 20_000;

/**
 * Calls the server as the signed-in person. A 401 renews the token once and tries again; what
 * still fails is a {@link Refusal} (the server said no) or {@link Unreachable}.
 */
export async function call<P extends keyof paths, V extends VerbOf<P>>(
  verb: V,
  path: P,
  input: Input<paths[P][V]>,
): Promise<Output<paths[P][V]>> {
  const sent = input as Sent;
  const token = await session.token();
  const response = await send(verb, path, sent, token);
  if (response.status !== 401) return answer(response);
  const renewed = await session.renew(token);
  return answer(await send(verb, path, sent, renewed));
}

async function send(verb: Verb, path: string, sent: Sent, token: string): Promise<Response> {
  const headers: Record<string, string> = {
    accept: 'application/json',
    authorization: `Bearer ${token}`,
  };
  const init: RequestInit = { method: verb.toUpperCase(), headers };
  if (sent.body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(sent.body);
  }
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  init.signal = sent.signal ? AbortSignal.any([sent.signal, timeout]) : timeout;
  try {
    return await fetch(addressOf(path, sent), init);
  } catch (cause) {
    if (sent.signal?.aborted) throw cause;
    throw new Unreachable(cause);
  }
}

function addressOf(path: string, { path: parts, query }: Sent): URL {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(parts?.[name])),
  );
  const url = new URL(filled, location.origin);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
  }
  return url;
}

/** The body of a good answer; otherwise throws what the server said. */
export async function answer<T>(response: Response): Promise<T> {
  const requestId = response.headers.get('x-request-id');
  if (!response.ok) throw new Refusal(await problemOf(response), requestId);
  if (response.status === 204) return undefined as T;
  try {
    const text = await response.text();
    return (text ? JSON.parse(text) : undefined) as T;
  } catch (cause) {
    throw new Unreachable(cause);
  }
}

async function problemOf(response: Response): Promise<Partial<Problem> & { status: number }> {
  const retryAfter = Number(response.headers.get('retry-after')) || null;
  try {
    const problem = (await response.json()) as Partial<Problem>;
    return { retry_after: retryAfter, ...problem, status: response.status };
  } catch {
    // A proxy in between may answer with a page of its own.
    return { status: response.status, retry_after: retryAfter };
  }
}
