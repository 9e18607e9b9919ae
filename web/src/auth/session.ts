import { create } from 'zustand';
import { answer } from '@/api/client';
import { Refusal, Unreachable } from '@/api/problem';
import type { AccessToken } from '@/api/types';
import { jitter, sleep } from '@/lib/time';

/** `away`: the server can't be reached, so nobody knows whether the session still stands. */
type Phase = 'starting' | 'away' | 'signed_out' | 'signed_in';

interface SessionState {
  phase: Phase;
  userId: string | null;
  /** The person signed out by hand: nothing of theirs is to stay in this browser. */
  forgets: boolean;
}

interface Held {
  token: string;
  expiresAt: number;
  lifetimeMs: number;
}

type Word = { kind: 'token'; held: Held } | { kind: 'over'; forgets: boolean };

/** Time that is left when another tab's token is still worth taking. */
const FRESH_MS = 5_000;

export const useSession = create<SessionState>(() => ({
  phase: 'starting',
  userId: null,
  forgets: false,
}));

/**
 * The access token of this tab: in memory only, renewed by one tab at a time, told to the others.
 * The refresh token never reaches the browser; the server keeps it behind a cookie.
 */
export class SessionKeeper {
  #held: Held | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #channel: BroadcastChannel | null = null;
  #listeners = new Set<(token: string) => void>();

  /** Finds out who is signed in; keeps trying while the server can't be reached. */
  async start(): Promise<void> {
    this.#listen();
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.renew(null);
        return;
      } catch (error) {
        if (error instanceof Refusal && error.status < 500 && error.status !== 429) return;
        useSession.setState({ phase: 'away' });
        await Promise.race([sleep(jitter(Math.min(1_000 * 2 ** attempt, 15_000))), whenOnline()]);
      }
    }
  }

  /** A token that is good now. */
  async token(): Promise<string> {
    const held = this.#held;
    if (held && held.expiresAt - Date.now() > FRESH_MS) return held.token;
    return this.renew(held?.token ?? null);
  }

  /** Another token than `stale`; throws a 401 {@link Refusal} when the session is over. */
  renew(stale: string | null): Promise<string> {
    return locked('thread-session', async () => {
      const held = this.#held;
      // While this tab waited for the lock, another one may have renewed.
      if (held && held.token !== stale && held.expiresAt - Date.now() > FRESH_MS) return held.token;
      const next = await this.#ask();
      this.#tell({ kind: 'token', held: next });
      return next.token;
    });
  }

  /** Calls back with every new token, for what holds a connection open. */
  onToken(listener: (token: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Signs out here and at the identity provider. */
  async signOut(): Promise<void> {
    const token = await this.token();
    const response = await fetch('/api/users/session', {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    }).catch((cause) => {
      throw new Unreachable(cause);
    });
    if (!response.ok && response.status !== 401) await answer(response);
    this.#tell({ kind: 'over', forgets: true });
  }

  /** Lets go of everything, as the end of the page does. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#channel?.close();
    this.#channel = null;
    this.#held = null;
  }

  async #ask(): Promise<Held> {
    let response: Response;
    try {
      response = await fetch('/api/users/session/token', {
        method: 'POST',
        signal: AbortSignal.timeout(15_000),
      });
    } catch (cause) {
      throw new Unreachable(cause);
    }
    if (response.status === 401) this.#tell({ kind: 'over', forgets: false });
    const { access_token, expires_in } = await answer<AccessToken>(response);
    const lifetimeMs = expires_in * 1_000;
    return { token: access_token, expiresAt: Date.now() + lifetimeMs, lifetimeMs };
  }

  #tell(word: Word): void {
    this.#hear(word);
    this.#channel?.postMessage(word);
  }

  #hear(word: Word): void {
    clearTimeout(this.#timer);
    if (word.kind === 'over') {
      this.#held = null;
      useSession.setState({ phase: 'signed_out', userId: null, forgets: word.forgets });
      return;
    }
    const userId = subjectOf(word.held.token);
    const before = useSession.getState().userId;
    if (before && userId !== before) {
      // Somebody else signed in from another tab: nothing that this one holds is theirs.
      location.reload();
      return;
    }
    this.#held = word.held;
    this.#schedule(word.held);
    useSession.setState({ phase: 'signed_in', userId, forgets: false });
    for (const listener of this.#listeners) listener(word.held.token);
  }

  #schedule(held: Held): void {
    const wait = held.expiresAt - held.lifetimeMs * 0.2 - Date.now();
    this.#timer = setTimeout(
      () => {
        // Whoever needs a token renews it anyway: this only spares them the wait.
        this.renew(held.token).catch(() => undefined);
      },
      Math.max(1_000, jitter(wait)),
    );
  }

  #listen(): void {
    if (this.#channel || typeof BroadcastChannel === 'undefined') return;
    this.#channel = new BroadcastChannel('thread-session');
    this.#channel.onmessage = (event: MessageEvent<Word>) => this.#hear(event.data);
  }
}

export const session = new SessionKeeper();

/** Where signing in, or up, begins. */
export function signInUrl(locale: string, create = false, returnTo = currentPath()): string {
  const query = new URLSearchParams({ return_to: returnTo, ui_locales: locale });
  if (create) query.set('prompt', 'create');
  return `/api/users/session/start?${query}`;
}

function currentPath(): string {
  return location.pathname + location.search;
}

/** The `sub` of a JWT. It is read, not verified: the server verifies, this only names stores. */
export function subjectOf(token: string): string | null {
  try {
    const payload = token.split('.')[1] ?? '';
    const bytes = Uint8Array.from(atob(payload.replace(/-/g, '+').replace(/_/g, '/')), (char) =>
      char.charCodeAt(0),
    );
    return (JSON.parse(new TextDecoder().decode(bytes)) as { sub?: string }).sub ?? null;
  } catch {
    return null;
  }
}

let queue: Promise<unknown> = Promise.resolve();

/** One at a time: of all tabs, or of this one where the browser can't tell them apart. */
function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (navigator.locks) return navigator.locks.request(name, work) as Promise<T>;
  const turn = queue.then(work, work);
  queue = turn.catch(() => undefined);
  return turn;
}

function whenOnline(): Promise<void> {
  return new Promise((resolve) => addEventListener('online', () => resolve(), { once: true }));
}
