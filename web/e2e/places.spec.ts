import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  article,
  composer,
  join,
  noFaults,
  type Person,
  type Server,
  send,
  startBrowser,
  startServer,
} from './fixtures.ts';

describe('places to talk', () => {
  let server: Server;
  let browser: Browser;
  let ana: Person;
  let bruno: Person;
  let clara: Person;

  beforeAll(async () => {
    server = await startServer();
    browser = await startBrowser();
    ana = await join(browser, server, 'Ana');
    bruno = await join(browser, server, 'Bruno');
    clara = await join(browser, server, 'Clara');
  });
  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });

  it('a channel is created by one and discovered by another', async () => {
    await ana.page.getByRole('button', { name: 'New channel' }).click();
    await ana.page.getByLabel('Name').fill('garden');
    await ana.page.getByLabel('Topic').fill('Tomatoes mostly');
    await ana.page.getByRole('button', { name: 'Create channel' }).click();
    await ana.page.getByRole('heading', { name: 'garden', level: 1 }).waitFor();
    await send(ana.page, 'Welcome to the garden');

    await bruno.page.getByRole('link', { name: 'Browse channels' }).click();
    await bruno.page.getByRole('searchbox', { name: 'Search channels' }).fill('gard');
    await bruno.page.getByRole('button', { name: 'Join garden' }).click();
    await article(bruno.page, 'Welcome to the garden').waitFor();
    await ana.page.getByRole('button', { name: '2 members' }).waitFor();
    await send(bruno.page, 'Lovely here');
    await article(ana.page, 'Lovely here').waitFor();
  });

  it('its name and topic change for everybody', async () => {
    await ana.page.getByRole('button', { name: 'Show details' }).click();
    const details = ana.page.getByRole('complementary', { name: 'Details' });
    await details.getByRole('button', { name: 'Edit' }).click();
    await details.getByLabel('Name').fill('allotment');
    await details.getByRole('button', { name: 'Save' }).click();
    await bruno.page.getByRole('heading', { name: 'allotment', level: 1 }).waitFor();
    await bruno.page.getByRole('link', { name: 'allotment' }).waitFor();
  });

  it('somebody is added, made admin and removed', async () => {
    const details = ana.page.getByRole('complementary', { name: 'Details' });
    await details.getByRole('button', { name: 'Add', exact: true }).click();
    const dialog = ana.page.getByRole('dialog');
    await dialog.getByRole('combobox').fill('cla');
    await dialog.getByRole('option', { name: /Clara/ }).click();
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await clara.page.getByRole('link', { name: 'allotment' }).click();
    await article(clara.page, 'Lovely here').waitFor();

    await details.getByRole('button', { name: 'Manage Clara' }).click();
    await ana.page.getByRole('menuitem', { name: 'Make admin' }).click();
    await details.getByText('Admin', { exact: true }).waitFor();
    await details.getByRole('button', { name: 'Manage Clara' }).click();
    await ana.page.getByRole('menuitem', { name: 'Remove from chat' }).click();
    await details.getByRole('button', { name: 'Manage Clara' }).waitFor({ state: 'detached' });
    await clara.page
      .getByRole('navigation')
      .getByRole('link', { name: 'allotment' })
      .waitFor({ state: 'detached' });
  });

  it('a group is made of several people', async () => {
    await ana.page.getByRole('button', { name: 'New message' }).click();
    const dialog = ana.page.getByRole('dialog');
    for (const name of ['Bruno', 'Clara']) {
      await dialog.getByRole('combobox').fill(name.slice(0, 3));
      await dialog.getByRole('option', { name: new RegExp(name) }).click();
    }
    await dialog.getByRole('button', { name: 'Create group' }).click();
    await ana.page.getByRole('heading', { name: 'Bruno and Clara', level: 1 }).waitFor();
    await composer(ana.page).pressSequentially('Hello @br');
    await ana.page.getByRole('option', { name: /Bruno/ }).waitFor();
    await composer(ana.page).press('Enter');
    expect(await composer(ana.page).inputValue()).toBe('Hello @bruno ');
    await composer(ana.page).pressSequentially('and all');
    await composer(ana.page).press('Enter');
    await clara.page.getByRole('link', { name: /Ana and Bruno.*1 unread/ }).waitFor();
    await bruno.page.getByRole('link', { name: /Ana and Clara.*1 mention/ }).click();
    const mention = article(bruno.page, 'Hello').locator('.bg-mention');
    expect(await mention.textContent()).toBe('@Bruno');
  });

  it('one is left by the keyboard alone', async () => {
    await bruno.page.keyboard.press('Control+k');
    await bruno.page.getByRole('combobox').waitFor();
    await bruno.page.keyboard.type('allot');
    await bruno.page.getByRole('option', { name: /allotment/ }).waitFor();
    await bruno.page.keyboard.press('Enter');
    await bruno.page.getByRole('heading', { name: 'allotment', level: 1 }).waitFor();
    await bruno.page.getByRole('button', { name: 'Show details' }).focus();
    await bruno.page.keyboard.press('Enter');
    await bruno.page.getByRole('button', { name: 'Leave' }).focus();
    await bruno.page.keyboard.press('Enter');
    await bruno.page.getByRole('dialog').getByRole('button', { name: 'Leave' }).focus();
    await bruno.page.keyboard.press('Enter');
    await bruno.page.getByRole('link', { name: 'allotment' }).waitFor({ state: 'detached' });
    expect(new URL(bruno.page.url()).pathname).toBe('/');
  });

  it('an archived channel can be read, not written in', async () => {
    await ana.page.getByRole('link', { name: 'allotment' }).click();
    await ana.page.getByRole('button', { name: 'Show details' }).click();
    await ana.page.getByRole('button', { name: 'Archive' }).click();
    await ana.page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click();
    await ana.page.getByText('This chat is archived.').waitFor();
    await article(ana.page, 'Lovely here').waitFor();
    expect(await composer(ana.page).count()).toBe(0);
  });

  it('the language and the theme change at once and stay', async () => {
    await ana.page.getByRole('button', { name: /Your menu/ }).click();
    await ana.page.getByRole('menuitem', { name: 'Settings' }).click();
    const dialog = ana.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Preferences' }).click();
    await dialog.getByLabel('Language').selectOption('pt-BR');
    await dialog.getByRole('heading', { name: 'Configurações' }).waitFor();
    await dialog.getByLabel('Tema').selectOption('dark');
    const theme = () => ana.page.evaluate(() => document.documentElement.dataset.theme);
    expect(await theme()).toBe('dark');
    await ana.page.reload();
    await ana.page.getByRole('link', { name: 'Explorar canais' }).waitFor();
    expect(await theme()).toBe('dark');
    expect(await ana.page.evaluate(() => document.documentElement.lang)).toBe('pt-BR');
  });

  it('a profile is edited, and others see it', async () => {
    await clara.page.getByRole('button', { name: /Your menu/ }).click();
    await clara.page.getByRole('menuitem', { name: 'Settings' }).click();
    const dialog = clara.page.getByRole('dialog');
    await dialog.getByLabel('Display name').fill('Clara Nunes');
    await dialog.getByLabel('About you').fill('I grow tomatoes');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Saved').waitFor();
    await dialog.getByRole('button', { name: 'Devices' }).click();
    await dialog.getByText('This device').waitFor();
    await bruno.page.getByRole('link', { name: 'People' }).click();
    await bruno.page.getByRole('searchbox').fill('clara');
    await bruno.page
      .getByRole('button', { name: /Clara Nunes/ })
      .first()
      .click();
    await bruno.page.getByRole('dialog').getByText('I grow tomatoes').waitFor();
  });

  it('leave no fault behind', () => noFaults(ana, bruno, clara));
});
