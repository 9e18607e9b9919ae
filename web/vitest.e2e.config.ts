import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // `npm run screens` takes pictures of every screen instead.
    include: [process.env.SCREENS ? 'e2e/screenshots.ts' : 'e2e/**/*.spec.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Each file starts a server and a browser of its own: more at once would only slow each other.
    fileParallelism: false,
    retry: 0,
  },
});
