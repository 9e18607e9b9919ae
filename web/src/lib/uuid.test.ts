import { expect, it } from 'vitest';
import { uuidv7 } from './uuid';

it('makes UUIDs of version 7 that ascend, also within a millisecond and when the clock goes back', () => {
  const now = Date.now();
  const made = [
    ...Array.from({ length: 10_000 }, () => uuidv7(now)),
    uuidv7(now - 5_000),
    uuidv7(now + 50_000),
  ];
  for (const id of made) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
});
