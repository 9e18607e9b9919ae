import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import type { OutboxRow } from '@/realtime/outbox';

interface Schema extends DBSchema {
  outbox: { key: string; value: OutboxRow };
}

export type LocalDb = IDBPDatabase<Schema>;

const nameOf = (userId: string) => `thread-${userId}`;

/** One person's database in this browser; `null` where storage is forbidden or broken. */
export async function openLocalDb(userId: string): Promise<LocalDb | null> {
  try {
    return await openDB<Schema>(nameOf(userId), 1, {
      upgrade(db) {
        db.createObjectStore('outbox', { keyPath: 'client_id' });
      },
      blocking(_current, _blocked, event) {
        (event.target as IDBDatabase).close();
      },
    });
  } catch {
    return null;
  }
}

export async function wipeLocalDb(userId: string): Promise<void> {
  await deleteDB(nameOf(userId)).catch(() => undefined);
}
