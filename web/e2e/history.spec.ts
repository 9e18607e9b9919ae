import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  api,
  article,
  articles,
  composer,
  directChat,
  join,
  noFaults,
  type Person,
  readAll,
  type Server,
  send,
  startBrowser,
  startServer,
} from './fixtures.ts';

const COUNT = 400;
const log = (page: Page) => page.locator('[role=log]');
const toTop = (page: Page) => log(page).evaluate((element) => element.scrollTo(0, 0));
const fromEnd = (page: Page) =>
  log(page).evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);

describe('a long chat', () => {
  let server: Server;
  let browser: Browser;
  let ana: Person;
  let bruno: Person;
  let chatId: string;
  const texts: string[] = [];
  const ids: string[] = [];

  beforeAll(async () => {
    server = await startServer();
    browser = await startBrowser();
    [ana, bruno] = await Promise.all([
      join(browser, server, 'Ana'),
      join(browser, server, 'Bruno'),
    ]);
    chatId = await directChat(server, ana, bruno);
    await bruno.page.goto('/people');
    for (let at = 1; at <= COUNT; at += 1) {
      const text =
        at % 7 === 0 ? `number ${at} ${'goes on and on '.repeat(at % 40)}`.trim() : `number ${at}`;
      const sent = await api<{ message: { id: string } }>(
        server,
        ana,
        'POST',
        `/api/chats/${chatId}/messages`,
        {
          client_id: crypto.randomUUID(),
          text,
        },
      );
      texts.push(text);
      ids.push(sent.message.id);
    }
    await ana.page.goto(`/c/${chatId}`);
    await article(ana.page, `number ${COUNT}`).first().waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });

  it('opens at its end', async () => {
    await expect.poll(() => fromEnd(ana.page)).toBeLessThan(2);
    expect(await articles(ana.page).count()).toBeLessThan(80);
  });

  it('opens at the first unread when there are many, with all of it in reach', async () => {
    await bruno.page.getByRole('link', { name: /^Ana.*unread/ }).click();
    await bruno.page.locator('[data-unread-divider]').waitFor();
    await article(bruno.page, 'number 1').first().waitFor();
    const pill = bruno.page.getByRole('button', { name: /new messages/ });
    await pill.waitFor();
    await pill.click();
    await article(bruno.page, `number ${COUNT}`).first().waitFor();
    await bruno.page.getByRole('link', { name: /^Ana$/ }).waitFor();
  });

  it('does not move what one reads while older messages come in above', async () => {
    const worst = await log(ana.page).evaluate(async (element) => {
      let worstMove = 0;
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      for (let step = 0; step < 60; step += 1) {
        element.scrollBy(0, -120);
        await frame();
        const middle = element.getBoundingClientRect().top + element.clientHeight / 2;
        const seen = [...element.querySelectorAll('article')].find(
          (one) => one.getBoundingClientRect().bottom > middle,
        );
        const before = seen?.getBoundingClientRect().top ?? 0;
        for (let rest = 0; rest < 6; rest += 1) {
          await frame();
          if (seen?.isConnected)
            worstMove = Math.max(worstMove, Math.abs(seen.getBoundingClientRect().top - before));
        }
      }
      return worstMove;
    });
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('can be read from the first to the last', async () => {
    for (let tries = 0; tries < 60; tries += 1) {
      await toTop(ana.page);
      await ana.page.waitForTimeout(120);
      if (await ana.page.getByText('This is the beginning of your conversation').isVisible()) break;
    }
    expect(await readAll(ana.page)).toEqual(texts);
  });

  it('stays where one is while new messages come, and counts them', async () => {
    await toTop(ana.page);
    await ana.page.waitForTimeout(300);
    const top = await articles(ana.page).first().boundingBox();
    await composer(bruno.page).waitFor();
    for (const text of ['one more', 'two more']) await send(bruno.page, text);
    const pill = ana.page.getByRole('button', { name: '2 new messages' });
    await pill.waitFor();
    expect((await articles(ana.page).first().boundingBox())?.y).toBe(top?.y);
    await pill.click();
    await article(ana.page, 'two more').waitFor();
    await expect.poll(() => fromEnd(ana.page)).toBeLessThan(2);
    await pill.waitFor({ state: 'detached' });
  });

  it('leads from an answer to what it answers, and back to the end', async () => {
    await api(server, bruno, 'POST', `/api/chats/${chatId}/messages`, {
      client_id: crypto.randomUUID(),
      text: 'about the old days',
      reply_to: ids[9],
    });
    await ana.page.reload();
    await article(ana.page, 'about the old days')
      .getByRole('button', { name: /In reply to/ })
      .click();
    const target = ana.page.locator(`[data-message="${ids[9]}"]`);
    await target.waitFor();
    await expect.poll(async () => (await target.boundingBox())?.y ?? 0).toBeGreaterThan(100);
    await ana.page.getByRole('button', { name: /Jump to latest|new message/ }).click();
    await article(ana.page, 'about the old days').waitFor();
    await expect.poll(() => fromEnd(ana.page)).toBeLessThan(2);
  });

  it('opens at a message that an address points at', async () => {
    await ana.page.goto(`/c/${chatId}?m=${ids[199]}`);
    const target = ana.page.locator(`[data-message="${ids[199]}"]`);
    await target.waitFor();
    await ana.page.waitForTimeout(400);
    const box = await target.boundingBox();
    expect(box?.y).toBeGreaterThan(150);
    expect(box?.y).toBeLessThan(650);
  });

  it('is walked through by the keyboard', async () => {
    await ana.page.goto(`/c/${chatId}`);
    await article(ana.page, 'about the old days').waitFor();
    await ana.page.keyboard.press('Shift+F6');
    const focused = () =>
      ana.page.evaluate(() => document.activeElement?.getAttribute('data-message'));
    const first = await focused();
    expect(first).not.toBeNull();
    for (let at = 0; at < 3; at += 1) {
      await ana.page.keyboard.press('ArrowUp');
      await ana.page.waitForTimeout(60);
    }
    expect(await focused()).toBe(ids[COUNT - 1]);
    await ana.page.keyboard.press('r');
    await ana.page.getByText('Replying to Ana').waitFor();
    await ana.page.waitForTimeout(100);
    expect(await composer(ana.page).evaluate((element) => element === document.activeElement)).toBe(
      true,
    );
    await ana.page.keyboard.press('Escape');
    await ana.page.getByText('Replying to Ana').waitFor({ state: 'detached' });
  });

  it('leave no fault behind', () => noFaults(ana, bruno));
});
