import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { article, composer, type Server, startBrowser, startServer, watch } from './fixtures.ts';
import { buildTown, type Town } from './town.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const runner = (
      window as unknown as { axe: { run: (o: object) => Promise<{ violations: unknown }> } }
    ).axe;
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    return (await runner.run({ runOnly: { type: 'tag', values: tags } })).violations;
  });
  return (found as Violation[])
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 240)}`),
    );
}

const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

interface Words {
  menu: RegExp;
  settings: string;
  create: string;
}
const words: Record<string, Words> = {
  'en-GB': { menu: /Your menu/, settings: 'Settings', create: 'New channel' },
  'pt-BR': { menu: /Seu menu/, settings: 'Configurações', create: 'Novo canal' },
};

type Route = [name: string, show: (page: Page, town: Town, say: Words) => Promise<unknown>];
const routes: Route[] = [
  ['home', (page) => page.goto('/').then(() => page.locator('[data-region=sidebar]').waitFor())],
  [
    'channel',
    async (page, town) => {
      await page.goto(`/c/${town.channelId}`);
      await article(page, '🚀').first().waitFor();
    },
  ],
  [
    'details',
    async (page, town) => {
      await page.goto(`/c/${town.channelId}?panel=details`);
      await page.getByRole('complementary').getByRole('listitem').nth(3).waitFor();
    },
  ],
  [
    'message menu',
    async (page, town) => {
      await page.goto(`/c/${town.channelId}`);
      await article(page, 'Ship it').focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem').first().waitFor();
    },
  ],
  [
    'mention',
    async (page, town) => {
      await page.goto(`/c/${town.channelId}`);
      await composer(page).pressSequentially('@b');
      await page.getByRole('option').first().waitFor();
      await composer(page).fill('');
    },
  ],
  [
    'people',
    (page) => page.goto('/people').then(() => page.getByRole('listitem').first().waitFor()),
  ],
  [
    'discover',
    (page) => page.goto('/discover').then(() => page.getByRole('listitem').first().waitFor()),
  ],
  [
    'notifications',
    (page) => page.goto('/notifications').then(() => page.getByRole('listitem').first().waitFor()),
  ],
  [
    'switcher',
    async (page) => {
      await page.goto('/');
      await page.locator('[data-region=sidebar]').waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('option').first().waitFor();
    },
  ],
  [
    'settings',
    async (page, _town, say) => {
      await page.goto('/');
      await page.getByRole('button', { name: say.menu }).click();
      await page.getByRole('menuitem', { name: say.settings }).click();
      await page.getByRole('dialog').getByRole('textbox').first().waitFor();
    },
  ],
  [
    'new channel',
    async (page, _town, say) => {
      await page.goto('/');
      await page.getByRole('button', { name: say.create }).click();
      await page.getByRole('dialog').getByRole('textbox').first().waitFor();
    },
  ],
];

describe('every screen', () => {
  let server: Server;
  let browser: Browser;
  let town: Town;

  beforeAll(async () => {
    server = await startServer();
    browser = await startBrowser();
    town = await buildTown(server, browser);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });

  const looks = (['light', 'dark'] as const).flatMap((theme) =>
    ['en-GB', 'pt-BR'].flatMap((locale) => [1280, 390].map((width) => ({ theme, locale, width }))),
  );

  const opened = async (
    look: { theme: 'light' | 'dark'; locale: string; width: number },
    faults: string[],
  ): Promise<BrowserContext> => {
    const context = await browser.newContext({
      baseURL: server.url,
      storageState: await town.ana.context.storageState(),
      viewport: { width: look.width, height: 844 },
      colorScheme: look.theme,
      locale: look.locale,
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(15_000);
    watch(context, server, faults);
    return context;
  };

  it.each(looks)('is for everybody: $theme, $locale, $width px', async (look) => {
    const faults: string[] = [];
    const context = await opened(look, faults);
    const page = await context.newPage();
    for (const [name, show] of routes) {
      await show(page, town, words[look.locale] as Words);
      expect(await violations(page), name).toEqual([]);
      expect(await sideways(page), `${name} scrolls sideways`).toBeLessThanOrEqual(0);
    }
    await context.close();
    expect(faults).toEqual([]);
  });

  it('fits 320 px', async () => {
    const faults: string[] = [];
    const context = await opened({ theme: 'light', locale: 'pt-BR', width: 320 }, faults);
    const page = await context.newPage();
    for (const [name, show] of routes) {
      await show(page, town, words['pt-BR'] as Words);
      expect(await sideways(page), `${name} scrolls sideways`).toBeLessThanOrEqual(0);
    }
    await context.close();
  });

  it.each(['light', 'dark'] as const)('welcomes a stranger (%s)', async (colorScheme) => {
    const page = await browser.newPage({ baseURL: server.url, colorScheme });
    await page.goto('/people');
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.locator('#username').fill('ana');
    await page.locator('#password').fill('correct horse battery staple');
    await page.locator('button[type=submit]').click();
    await page.locator('[data-region=sidebar]').waitFor();
    expect(new URL(page.url()).pathname).toBe('/people');
    await page.close();
  });
});
