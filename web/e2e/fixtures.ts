import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Server } from './server.ts';

export { type Server, startServer } from './server.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function chromiumPath(): string {
  const named = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return existsSync(named) ? named : execFileSync('which', ['chromium']).toString().trim();
}

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: flags });
}

export const password = 'correct horse battery staple';

/** Somebody at a browser of their own. */
export interface Person {
  name: string;
  username: string;
  context: BrowserContext;
  page: Page;
  /** What must not happen and did: errors, refused content, requests to strangers. */
  faults: string[];
}

interface Look {
  width?: number;
  height?: number;
  locale?: string;
  colorScheme?: 'light' | 'dark';
  touch?: boolean;
}

export async function open(
  browser: Browser,
  server: Server,
  name: string,
  look: Look = {},
): Promise<Person> {
  const context = await browser.newContext({
    baseURL: server.url,
    viewport: { width: look.width ?? 1280, height: look.height ?? 800 },
    locale: look.locale ?? 'en-GB',
    colorScheme: look.colorScheme ?? 'light',
    hasTouch: look.touch ?? false,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(15_000);
  const faults: string[] = [];
  watch(context, server, faults);
  const page = await context.newPage();
  return { name, username: name.toLowerCase(), context, page, faults };
}

/** Notes every fault of every page of a context. */
export function watch(context: BrowserContext, server: Server, faults: string[]): void {
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.host !== new URL(server.url).host) {
      faults.push(`request to ${url.origin}`);
    }
  });
  context.on('weberror', (event) => faults.push(`error: ${event.error().message}`));
  context.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
  });
}

/** Through the welcome screen and the sign-up page, as anybody would. */
export async function signUp(person: Person): Promise<void> {
  const { page } = person;
  await page.goto('/');
  await page.getByRole('link', { name: /Create account|Criar conta/ }).click();
  await page.locator('#display_name').fill(person.name);
  await page.locator('#username').fill(person.username);
  await page.locator('#email').fill(`${person.username}@example.org`);
  await page.locator('#password').fill(password);
  await page.locator('button[type=submit]').click();
  await page.locator('[data-region=sidebar]').waitFor();
}

export async function join(
  browser: Browser,
  server: Server,
  name: string,
  look: Look = {},
): Promise<Person> {
  const person = await open(browser, server, name, look);
  await signUp(person);
  return person;
}

/** Calls the server as that person, past the app. */
export async function api<T>(
  server: Server,
  person: Person,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const login = await fetch(`${server.url}/api/users/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: person.username, password }),
  });
  const { access_token } = (await login.json()) as { access_token: string };
  const init: RequestInit = {
    method,
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
  };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(`${server.url}${path}`, init);
  if (!response.ok)
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

interface Chat {
  id: string;
}
interface User {
  id: string;
}

/** A direct chat between two, open on both screens. */
export async function directChat(server: Server, one: Person, other: Person): Promise<string> {
  const { id } = await api<User>(server, other, 'GET', '/api/users/profile');
  const chat = await api<Chat>(server, one, 'POST', '/api/chats', {
    kind: 'direct',
    participant_ids: [id],
  });
  for (const person of [one, other]) {
    await person.page.goto(`/c/${chat.id}`);
    await composer(person.page).waitFor();
  }
  return chat.id;
}

export const composer = (page: Page) => page.locator('[data-region=composer] textarea');
export const articles = (page: Page) => page.locator('[role=log] article');
export const article = (page: Page, text: string) => articles(page).filter({ hasText: text });

export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** The texts on screen from top to bottom, scrolled through from the first to the last. */
export async function readAll(page: Page): Promise<string[]> {
  const log = page.locator('[role=log]');
  // Older pages come as one scrolls: what is above is there once the beginning is.
  await expect
    .poll(
      async () => {
        await log.evaluate((element) => element.scrollTo(0, 0));
        return page.getByText('This is the beginning of').isVisible();
      },
      { timeout: 20_000 },
    )
    .toBe(true);
  const seen = new Map<string, string>();
  for (let still = 0; still < 4; ) {
    const before = seen.size;
    // The one that holds the focus is drawn wherever it is: only what is on screen counts.
    const shown = await log.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return [...element.querySelectorAll('article')]
        .filter((one) => {
          const box = one.getBoundingClientRect();
          return box.bottom > top && box.top < bottom;
        })
        .map((one) => ({
          key: one.getAttribute('data-key') ?? '',
          text: (one.querySelector('.prose-chat')?.textContent ?? '').replace(/ \(edited\)$/, ''),
        }));
    });
    for (const { key, text } of shown) seen.set(key, text);
    const moved = await log.evaluate((element) => {
      const from = element.scrollTop;
      element.scrollBy(0, element.clientHeight * 0.6);
      return element.scrollTop !== from;
    });
    await page.waitForTimeout(60);
    still = moved || seen.size !== before ? 0 : still + 1;
  }
  return [...seen.values()];
}

interface Message {
  text: string;
}

/** What the server holds of a chat, in order. */
export async function logOf(server: Server, person: Person, chatId: string): Promise<string[]> {
  const texts: string[] = [];
  for (let after = 0; ; ) {
    const page = await api<{ items: (Message & { seq: number })[]; has_after: boolean }>(
      server,
      person,
      'GET',
      `/api/chats/${chatId}/messages?after_seq=${after}&limit=100`,
    );
    texts.push(...page.items.map((message) => message.text));
    after = page.items.at(-1)?.seq ?? after;
    if (!page.has_after) return texts;
  }
}

export function noFaults(...people: Person[]): void {
  for (const person of people) expect(person.faults, person.name).toEqual([]);
}
