import { useEffect } from 'react';
import { create } from 'zustand';
import type { Presence, PresenceState } from '@/api/types';
import { usersApi } from '@/api/users';
import { batched } from './batch';
import { isConnected, on, onConnected, tell } from './socket';

interface PresencesState {
  byUser: ReadonlyMap<string, Presence>;
  /** What I chose to look like. */
  mine: PresenceState;
}

export const usePresences = create<PresencesState>(() => ({ byUser: new Map(), mine: 'online' }));

/** The status is left out when it did not change. */
type PresenceChanged = Omit<Presence, 'status'> & { status?: Presence['status'] };

const REFRESH_MS = 60_000;
const watched = new Map<string, number>();

const want = batched(async (ids) => take(await usersApi.presence(ids)), 60);

function take(presences: readonly Presence[]): void {
  usePresences.setState(({ byUser }) => {
    const next = new Map(byUser);
    for (const presence of presences) next.set(presence.user_id, presence);
    return { byUser: next };
  });
}

/** Whether a person is there, for as long as somebody looks. */
export function usePresence(id: string | null | undefined): Presence | undefined {
  const presence = usePresences((state) => (id ? state.byUser.get(id) : undefined));
  useEffect(() => {
    if (!id) return;
    watched.set(id, (watched.get(id) ?? 0) + 1);
    if (!usePresences.getState().byUser.has(id)) want(id);
    return () => {
      const left = (watched.get(id) ?? 1) - 1;
      if (left > 0) watched.set(id, left);
      else watched.delete(id);
    };
  }, [id]);
  return presence;
}

function refresh(): void {
  for (const id of watched.keys()) want(id);
}

export function setPresence(state: PresenceState): void {
  usePresences.setState({ mine: state });
  tell('set_presence', { state });
}

export function followPresence(): void {
  on<PresenceChanged>('presence', (changed) => {
    const before = usePresences.getState().byUser.get(changed.user_id);
    take([
      {
        ...changed,
        status: changed.status === undefined ? (before?.status ?? null) : changed.status,
      },
    ]);
  });
  onConnected(() => {
    refresh();
    const { mine } = usePresences.getState();
    if (mine !== 'online') tell('set_presence', { state: mine });
  });
  // Only the chat on screen is told of; the faces in the list are asked for now and then.
  setInterval(() => {
    if (isConnected() && document.visibilityState === 'visible') refresh();
  }, REFRESH_MS);
}
