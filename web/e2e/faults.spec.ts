import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  article,
  composer,
  directChat,
  join,
  logOf,
  noFaults,
  type Person,
  readAll,
  type Server,
  send,
  startBrowser,
  startServer,
} from './fixtures.ts';

const numbered = (word: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${word} ${at + 1}`);

describe('when something breaks', () => {
  let server: Server;
  let browser: Browser;
  let ana: Person;
  let bruno: Person;
  let chatId: string;

  beforeAll(async () => {
    server = await startServer();
    browser = await startBrowser();
    [ana, bruno] = await Promise.all([
      join(browser, server, 'Ana'),
      join(browser, server, 'Bruno'),
    ]);
    chatId = await directChat(server, ana, bruno);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });

  /** Both screens show exactly what the server holds, in its order. */
  const bothComplete = async () => {
    const log = await logOf(server, ana, chatId);
    expect(new Set(log).size).toBe(log.length);
    for (const person of [ana, bruno]) {
      await expect
        .poll(() => person.page.locator('article[aria-busy]').count(), { timeout: 40_000 })
        .toBe(0);
      await article(person.page, log.at(-1) ?? '').waitFor({ timeout: 40_000 });
      expect(await readAll(person.page), person.name).toEqual(log);
      await person.page.locator('[data-offline]').waitFor({ state: 'detached' });
    }
    return log;
  };

  it('a cut network holds nothing back: both sides end complete, nothing double, in order', async () => {
    await send(ana.page, 'before');
    await article(bruno.page, 'before').waitFor();
    await ana.context.setOffline(true);
    await ana.page.locator('[data-offline]').waitFor();
    for (const text of numbered('from ana', 5)) await send(ana.page, text);
    for (const text of numbered('from bruno', 5)) await send(bruno.page, text);
    await article(bruno.page, 'from bruno 5').waitFor();
    await article(ana.page, 'from ana 5').waitFor();
    expect(await article(ana.page, 'from bruno').count()).toBe(0);
    await ana.page.getByText('5 messages wait to be sent').waitFor();

    await ana.context.setOffline(false);
    await article(ana.page, 'from bruno 5').waitFor({ timeout: 40_000 });
    await article(bruno.page, 'from ana 5').waitFor({ timeout: 40_000 });
    const log = await bothComplete();
    expect(log).toHaveLength(11);
    expect(log.filter((text) => text.startsWith('from ana'))).toEqual(numbered('from ana', 5));
  });

  it('a server that is killed while both write loses and doubles nothing', async () => {
    const write = async (person: Person, word: string) => {
      for (const text of numbered(word, 15)) {
        await send(person.page, text);
        await person.page.waitForTimeout(90);
      }
    };
    const writing = Promise.all([write(ana, 'storm ana'), write(bruno, 'storm bruno')]);
    await ana.page.waitForTimeout(500);
    await server.kill();
    await ana.page.waitForTimeout(2_000);
    await writing;
    await server.start();
    for (const person of [ana, bruno]) {
      await article(person.page, 'storm ana 15').waitFor({ timeout: 40_000 });
      await article(person.page, 'storm bruno 15').waitFor({ timeout: 40_000 });
    }
    const log = await bothComplete();
    expect(log).toHaveLength(41);
    expect(log.filter((text) => text.startsWith('storm ana'))).toEqual(numbered('storm ana', 15));
    expect(log.filter((text) => text.startsWith('storm bruno'))).toEqual(
      numbered('storm bruno', 15),
    );
  });

  it('what was written offline outlives a reload, and is sent once and in order', async () => {
    await ana.context.setOffline(true);
    await ana.page.locator('[data-offline]').waitFor();
    for (const text of numbered('later', 20)) await send(ana.page, text);
    await article(ana.page, 'later 20').waitFor();
    await composer(ana.page).fill('a draft');
    await ana.page.waitForTimeout(600);
    // There is nothing to load the page from: the browser shows its own error until the network is back.
    await ana.page.reload().catch(() => undefined);
    await ana.context.setOffline(false);
    await ana.page.goto(`/c/${chatId}`);
    await article(bruno.page, 'later 20').waitFor({ timeout: 40_000 });
    const log = await bothComplete();
    expect(log.slice(-20)).toEqual(numbered('later', 20));
    expect(log.filter((text) => text.startsWith('later'))).toHaveLength(20);
    expect(await composer(ana.page).inputValue()).toBe('a draft');
    await composer(ana.page).fill('');
  });

  it('two tabs of one person never send a message twice', async () => {
    const sent: string[] = [];
    const second = await ana.context.newPage();
    for (const page of [ana.page, second]) {
      page.on('websocket', (socket) =>
        socket.on('framesent', ({ payload }) => {
          const id = /"send_message".*?"client_id":"([^"]+)"/.exec(String(payload))?.[1];
          if (id) sent.push(id);
        }),
      );
    }
    await Promise.all([ana.page.reload(), second.goto(`/c/${chatId}`)]);
    for (const page of [ana.page, second]) await composer(page).waitFor();
    await article(second, 'later 20').waitFor();
    for (let at = 1; at <= 6; at += 1) {
      await Promise.all([send(ana.page, `first tab ${at}`), send(second, `second tab ${at}`)]);
    }
    for (const page of [ana.page, second, bruno.page]) {
      await article(page, 'first tab 6').waitFor();
      await article(page, 'second tab 6').waitFor();
    }
    await expect.poll(() => sent.length).toBe(12);
    expect(new Set(sent).size).toBe(12);

    // The tab that sends goes away: the other takes over what is left.
    await ana.context.setOffline(true);
    await second.locator('[data-offline]').waitFor();
    await send(ana.page, 'from the tab that closes');
    await article(second, 'from the tab that closes').waitFor();
    await ana.page.close();
    ana.page = second;
    await ana.context.setOffline(false);
    await article(bruno.page, 'from the tab that closes').waitFor({ timeout: 40_000 });
    await bothComplete();
  });

  it('signing out in one tab signs out the other, and forgets what was theirs', async () => {
    const second = await ana.context.newPage();
    await second.goto('/');
    await second.locator('[data-region=sidebar]').waitFor();
    await composer(ana.page).fill('secret draft');
    await ana.page.waitForTimeout(600);
    await second.getByRole('button', { name: /Your menu/ }).click();
    await second.getByRole('menuitem', { name: 'Sign out' }).click();
    await second.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
    await second.getByRole('link', { name: 'Sign in' }).waitFor();
    await ana.page.getByRole('link', { name: 'Sign in' }).waitFor();
    const kept = await second.evaluate(() => JSON.stringify({ ...localStorage }));
    expect(kept).not.toContain('secret draft');
  });

  it('leave no fault behind', () => noFaults(ana, bruno));
});
