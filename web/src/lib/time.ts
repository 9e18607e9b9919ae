export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Around `ms`, so that many clients don't come back at the same moment. */
export function jitter(ms: number): number {
  return ms * (0.85 + Math.random() * 0.3);
}
