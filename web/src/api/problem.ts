import type { FieldError, Problem } from './types';

/** The server could not be reached, or did not answer in time. */
export class Unreachable extends Error {
  override name = 'Unreachable';
  constructor(cause?: unknown) {
    super('The server cannot be reached', { cause });
  }
}

/** A newer server may have codes that this app does not know. */
type Told = Omit<Partial<Problem>, 'code' | 'status'> & { code?: string; status: number };

/** The server said no, and why. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly code: string;
  readonly status: number;
  readonly errors: FieldError[];
  readonly requestId: string | null;
  readonly retryAfter: number | null;

  constructor(problem: Told, requestId: string | null = null) {
    super(problem.detail ?? problem.title ?? `HTTP ${problem.status}`);
    this.code = problem.code ?? 'unknown';
    this.status = problem.status;
    this.errors = problem.errors ?? [];
    this.retryAfter = problem.retry_after ?? null;
    this.requestId = requestId;
  }
}

/** Trying the same again later may work: it was not the request that was wrong. */
export function isTransient(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  if (!(error instanceof Refusal)) return false;
  return error.status >= 500 || error.status === 429 || error.status === 408;
}

/** Signing in again is needed. */
export function isUnauthenticated(error: unknown): boolean {
  return error instanceof Refusal && error.status === 401;
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Refusal && codes.includes(error.code);
}

export function requestIdOf(error: unknown): string | null {
  return error instanceof Refusal ? error.requestId : null;
}
