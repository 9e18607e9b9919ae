import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  article,
  articles,
  composer,
  join,
  noFaults,
  type Person,
  type Server,
  send,
  startBrowser,
  startServer,
} from './fixtures.ts';

describe('two people', () => {
  let server: Server;
  let browser: Browser;
  let ana: Person;
  let bruno: Person;

  beforeAll(async () => {
    server = await startServer();
    browser = await startBrowser();
    [ana, bruno] = await Promise.all([
      join(browser, server, 'Ana'),
      join(browser, server, 'Bruno'),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });

  it('find each other, ask and accept', async () => {
    await ana.page.getByRole('link', { name: 'People' }).click();
    await ana.page.getByRole('searchbox').fill('bru');
    await ana.page.getByRole('button', { name: 'Connect', exact: true }).click();
    await ana.page.getByText('Requested').waitFor();

    await bruno.page.getByRole('link', { name: /Notifications.*1 unread/ }).click();
    await bruno.page
      .getByRole('button', { name: /Ana wants to connect/ })
      .first()
      .click();
    await bruno.page.getByRole('button', { name: 'Accept' }).click();
    await bruno.page.getByRole('heading', { name: 'Contacts' }).waitFor();
    await ana.page.getByText('Connected', { exact: true }).waitFor();
  });

  it('talk both ways', async () => {
    await ana.page.getByRole('button', { name: 'Message Bruno' }).click();
    await composer(ana.page).waitFor();
    await send(ana.page, 'Hello **Bruno**');
    await article(ana.page, 'Hello Bruno').waitFor();

    await bruno.page.getByRole('link', { name: /Ana.*1 unread/ }).click();
    await article(bruno.page, 'Hello Bruno').waitFor();
    await bruno.page.getByRole('link', { name: /^Ana$/ }).waitFor();
    await send(bruno.page, 'Hi Ana!');
    await article(ana.page, 'Hi Ana!').waitFor();
    expect(await articles(ana.page).count()).toBe(2);
    expect(await articles(bruno.page).count()).toBe(2);
  });

  it('see each other type, come and go', async () => {
    await composer(bruno.page).pressSequentially('thinking', { delay: 20 });
    await ana.page.getByText('Bruno is typing').waitFor();
    await composer(bruno.page).fill('');
    await ana.page.getByText('Bruno is typing').waitFor({ state: 'detached' });

    await ana.page.locator('[data-presence=online]').waitFor();
    await bruno.page.getByRole('button', { name: /Your menu/ }).click();
    await bruno.page.getByRole('menuitemradio', { name: 'Do not disturb' }).click();
    await ana.page.locator('[data-presence=dnd]').waitFor();
    await bruno.page.getByRole('button', { name: /Your menu/ }).click();
    await bruno.page.getByRole('menuitemradio', { name: 'Online', exact: true }).click();
    await ana.page.locator('[data-presence=online]').waitFor();
  });

  it('react, reply, edit and delete', async () => {
    await article(bruno.page, 'Hello Bruno').hover();
    await bruno.page.getByRole('button', { name: 'React with 👍' }).click();
    const chip = ana.page.getByRole('button', { name: '👍, 1 reaction' });
    await chip.click();
    await bruno.page.getByRole('button', { name: '👍, 2 reactions' }).waitFor();

    await article(ana.page, 'Hi Ana!').hover();
    await ana.page.getByRole('button', { name: 'Reply', exact: true }).click();
    await ana.page.getByText('Replying to Bruno').waitFor();
    await send(ana.page, 'How are you?');
    await article(bruno.page, 'How are you?')
      .getByRole('button', { name: /In reply to Bruno Hi Ana!/ })
      .waitFor();

    await composer(ana.page).press('ArrowUp');
    const box = ana.page.getByRole('textbox', { name: 'Edit message' });
    await box.fill('How do you do?');
    await box.press('Enter');
    await article(bruno.page, 'How do you do?').getByText('(edited)').waitFor();

    await article(ana.page, 'How do you do?').hover();
    await ana.page.getByRole('button', { name: 'More actions' }).click();
    await ana.page.getByRole('menuitem', { name: 'Delete' }).click();
    await ana.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await article(bruno.page, 'This message was deleted').waitFor();
    await article(ana.page, 'This message was deleted').waitFor();
  });

  it('are told of what happens elsewhere, and find the first unread', async () => {
    await bruno.page.getByRole('link', { name: 'People' }).click();
    await send(ana.page, 'Are you there?');
    await send(ana.page, 'Hello?');
    await bruno.page.getByRole('link', { name: /^Ana.*2 unread/ }).waitFor();
    await bruno.page.getByText('Ana wrote to you').first().waitFor();
    await bruno.page.getByRole('link', { name: /^Ana.*2 unread/ }).click();
    await bruno.page.locator('[data-unread-divider]').waitFor();
    await bruno.page.getByRole('link', { name: /^Ana$/ }).waitFor();
    expect(await bruno.page.locator('[data-unread-divider]').count()).toBe(1);
  });

  it('mark unread from a message, for this visit', async () => {
    await article(bruno.page, 'Are you there?').hover();
    await bruno.page.getByRole('button', { name: 'More actions' }).click();
    await bruno.page.getByRole('menuitem', { name: /Mark unread/ }).click();
    await bruno.page.getByRole('link', { name: /^Ana.*2 unread/ }).waitFor();
    await bruno.page.getByRole('link', { name: 'People' }).click();
    await bruno.page.getByRole('link', { name: /^Ana.*2 unread/ }).click();
    await bruno.page.getByRole('link', { name: /^Ana$/ }).waitFor();
  });

  it('leave no fault behind', () => noFaults(ana, bruno));
});
