import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Page } from 'playwright-core';
import { it } from 'vitest';
import { article, composer, startBrowser, startServer } from './fixtures.ts';
import { buildTown, type Town } from './town.ts';

const folder = process.env.SCREENS_DIR ?? mkdtempSync(joinPath(tmpdir(), 'thread-screens-'));

type Screen = [name: string, show: (page: Page, town: Town) => Promise<unknown>];

const menu = (page: Page) => page.getByRole('button', { name: /Your menu/ }).click();

const atHome = async (page: Page) => {
  await page.goto('/');
  await page.locator('[data-region=sidebar]').waitFor();
};

const screens: Screen[] = [
  ['home', (page) => page.goto('/')],
  ['channel', (page, town) => page.goto(`/c/${town.channelId}`)],
  ['channel-details', (page, town) => page.goto(`/c/${town.channelId}?panel=details`)],
  ['direct', (page, town) => page.goto(`/c/${town.directId}`)],
  ['group', (page, town) => page.goto(`/c/${town.groupId}`)],
  ['join', (page, town) => page.goto(`/c/${town.otherChannelId}`)],
  [
    'message-menu',
    async (page, town) => {
      await page.goto(`/c/${town.channelId}`);
      await article(page, 'Ship it tomorrow').focus();
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem').first().waitFor();
    },
  ],
  [
    'emoji',
    async (page, town) => {
      await page.goto(`/c/${town.directId}`);
      await page.getByRole('button', { name: 'Insert emoji' }).click();
      await page.getByRole('gridcell').first().waitFor();
    },
  ],
  [
    'mention-and-reply',
    async (page, town) => {
      await page.goto(`/c/${town.channelId}`);
      await article(page, 'Ship it tomorrow').focus();
      await page.keyboard.press('r');
      await composer(page).pressSequentially('Agreed, @');
      await page.getByRole('option').first().waitFor();
    },
  ],
  ['people', (page) => page.goto('/people')],
  [
    'people-search',
    async (page) => {
      await page.goto('/people');
      await page.getByRole('searchbox').fill('e');
    },
  ],
  ['discover', (page) => page.goto('/discover')],
  ['notifications', (page) => page.goto('/notifications')],
  ['not-found', (page) => page.goto('/c/01a20000-0000-7000-8000-000000000000')],
  ['switcher', (page) => atHome(page).then(() => page.keyboard.press('Control+k'))],
  ['shortcuts', (page) => atHome(page).then(() => page.keyboard.press('Control+/'))],
  [
    'new-channel',
    async (page) => {
      await page.goto('/');
      await page.getByRole('button', { name: 'New channel' }).click();
    },
  ],
  [
    'new-chat',
    async (page) => {
      await page.goto('/');
      await page.getByRole('button', { name: 'New message' }).first().click();
      await page.getByRole('combobox').fill('cl');
      await page.getByRole('option').first().click();
      await page.getByRole('combobox').fill('die');
      await page.getByRole('option').first().click();
    },
  ],
  ['my-menu', (page) => page.goto('/').then(() => menu(page))],
  ...(['Profile', 'Status', 'Preferences', 'Devices'] as const).map(
    (section): Screen => [
      `settings-${section.toLowerCase()}`,
      async (page) => {
        await page.goto('/');
        await menu(page);
        await page.getByRole('menuitem', { name: 'Settings' }).click();
        await page.getByRole('dialog').getByRole('button', { name: section }).click();
      },
    ],
  ),
  [
    'person',
    async (page, town) => {
      await page.goto(`/c/${town.channelId}`);
      await page.getByRole('button', { name: 'Profile of Bruno Tavares' }).last().click();
    },
  ],
  [
    'offline',
    async (page, town) => {
      await page.goto(`/c/${town.directId}`);
      await composer(page).waitFor();
      await page.waitForTimeout(400);
      await page.context().setOffline(true);
      await composer(page).fill('I will be there in ten minutes');
      await composer(page).press('Enter');
      await page.locator('[data-offline]').waitFor();
    },
  ],
];

it('takes a picture of every screen', { timeout: 600_000 }, async () => {
  const server = await startServer();
  const browser = await startBrowser();
  const wanted = process.env.SCREENS_ONLY?.split(',');
  try {
    const town = await buildTown(server, browser);
    const cookies = await town.ana.context.storageState();
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      for (const theme of ['light', 'dark'] as const) {
        const context = await browser.newContext({
          baseURL: server.url,
          storageState: cookies,
          viewport: { width, height },
          colorScheme: theme,
          hasTouch: width < 500,
          locale: 'en-GB',
          reducedMotion: 'reduce',
        });
        context.setDefaultTimeout(6_000);
        const page = await context.newPage();
        const out = joinPath(folder, `${width}-${theme}`);
        mkdirSync(out, { recursive: true });
        for (const [name, show] of screens) {
          if (wanted && !wanted.includes(name)) continue;
          try {
            await show(page, town);
          } catch (error) {
            console.log(`${width} ${theme} ${name}: ${String(error).split('\n')[0]}`);
          }
          await page.waitForTimeout(450);
          await page.screenshot({ path: joinPath(out, `${name}.png`) });
          await context.setOffline(false);
        }
        await context.close();
      }
    }
    const stranger = await browser.newPage({ baseURL: server.url, colorScheme: 'dark' });
    await stranger.goto('/');
    await stranger.getByRole('link', { name: 'Sign in' }).waitFor();
    await stranger.screenshot({ path: joinPath(folder, 'welcome.png') });
    console.log(`the pictures are in ${folder}`);
  } finally {
    await browser.close();
    await server.remove();
  }
});
