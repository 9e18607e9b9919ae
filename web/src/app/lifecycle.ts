import { queryClient } from '@/api/queries';
import { session, useSession } from '@/auth/session';
import { closeDrafts, openDrafts } from '@/lib/drafts';
import { bridge } from '@/realtime/bridge';
import { syncAll } from '@/realtime/catch-up';
import { loadChats } from '@/realtime/chats';
import { outbox } from '@/realtime/outbox';
import { followPresence } from '@/realtime/presence';
import { closeSocket, on, onConnected, openSocket } from '@/realtime/socket';
import { followTyping } from '@/realtime/typing';

let wired = false;

/** Starts everything that a signed-in person needs. The connection comes after the first paint. */
export function enterApp(userId: string): void {
  openDrafts(userId);
  void outbox.start(userId);
  wire();
  loadChats().catch(() => undefined);
  setTimeout(() => void openSocket(), 0);
}

function wire(): void {
  if (wired) return;
  wired = true;
  bridge();
  followTyping();
  followPresence();
  on<{ chat_id: string }>('participants_changed', ({ chat_id }) => {
    void queryClient.invalidateQueries({ queryKey: ['participants', chat_id] });
  });
  onConnected(() => {
    void syncAll();
    outbox.kick();
  });
  addEventListener('online', () => outbox.kick());
}

/** Signs out: every tab hears of it, and forgets everything of the person in this browser. */
export async function leaveApp(): Promise<void> {
  closeSocket();
  try {
    await session.signOut();
  } catch (error) {
    void openSocket();
    throw error;
  }
}

/** The session is over. If it only ran out, what was written stays for when they are back. */
async function exitApp(forgets: boolean): Promise<void> {
  closeSocket();
  closeDrafts(forgets);
  await outbox.stop(forgets);
  queryClient.clear();
  // Nothing that was loaded for this person is to be seen by the next one.
  if (forgets) location.assign('/');
}

/** Reacts to signing in and out, in this tab or another. */
export function followSession(): void {
  useSession.subscribe((now, before) => {
    if (now.phase === 'signed_in' && before.phase !== 'signed_in' && now.userId) {
      enterApp(now.userId);
    }
    if (now.phase === 'signed_out' && before.phase === 'signed_in') void exitApp(now.forgets);
  });
}
