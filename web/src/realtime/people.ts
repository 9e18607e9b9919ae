import { useEffect } from 'react';
import { create } from 'zustand';
import type { User } from '@/api/types';
import { usersApi } from '@/api/users';
import { batched } from './batch';

interface PeopleState {
  byId: ReadonlyMap<string, User>;
}

/** Everybody whose name was needed so far. */
export const usePeopleStore = create<PeopleState>(() => ({ byId: new Map() }));

const want = batched(async (ids) => {
  const { items } = await usersApi.byIds(ids);
  takePeople(items);
});

export function takePeople(people: readonly User[]): void {
  if (people.length === 0) return;
  usePeopleStore.setState(({ byId }) => {
    const next = new Map(byId);
    for (const person of people) next.set(person.id, person);
    return { byId: next };
  });
}

/** A person by id; undefined until the server has told who that is. */
export function usePerson(id: string | null | undefined): User | undefined {
  const person = usePeopleStore((state) => (id ? state.byId.get(id) : undefined));
  useEffect(() => {
    if (id && !usePeopleStore.getState().byId.has(id)) want(id);
  }, [id]);
  return person;
}

/** The same for several; the ones not known yet are left out. */
export function usePeople(ids: readonly string[]): User[] {
  const byId = usePeopleStore((state) => state.byId);
  const key = ids.join(',');
  useEffect(() => {
    const known = usePeopleStore.getState().byId;
    for (const id of key ? key.split(',') : []) if (!known.has(id)) want(id);
  }, [key]);
  return ids.flatMap((id) => byId.get(id) ?? []);
}
