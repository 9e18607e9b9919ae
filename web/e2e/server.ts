import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The real program. `TEST_BINARY` because it refuses `THREAD_` variables that it does not know. */
const binary = resolve(
  process.env.TEST_BINARY ?? join(import.meta.dirname, '../../target/debug/thread'),
);

export interface Server {
  readonly url: string;
  /** As if the power went: no goodbye, nothing flushed. */
  kill: () => Promise<void>;
  /** The same port, the same data. */
  start: () => Promise<void>;
  /** Ends it and removes its data. */
  remove: () => Promise<void>;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (!address || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

export async function startServer(): Promise<Server> {
  if (!existsSync(binary)) throw new Error(`${binary} is not there: build the server first`);
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), 'thread-e2e-'));
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;

  const start = async () => {
    const process_ = spawn(
      binary,
      [
        'serve',
        '--listen',
        `127.0.0.1:${port}`,
        '--management-listen',
        '127.0.0.1:0',
        '--data-dir',
        data,
      ],
      {
        env: { ...process.env, THREAD_LIMITS__ENABLED: 'false' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    child = process_;
    let said = '';
    const listen = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000);
    };
    process_.stdout?.on('data', listen);
    process_.stderr?.on('data', listen);
    for (let tried = 0; tried < 300; tried += 1) {
      if (process_.exitCode !== null) throw new Error(`the server ended: ${said}`);
      const ready = await fetch(`${url}/readyz`).catch(() => null);
      if (ready?.ok) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`the server is not ready: ${said}`);
  };
  const kill = async () => {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  };
  const remove = async () => {
    await kill();
    rmSync(data, { recursive: true, force: true });
  };

  await start();
  return { url, kill, start, remove };
}
