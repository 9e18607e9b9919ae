import { useState } from 'react';
import { queries, queryClient } from '@/api/queries';
import type { UpdateProfile } from '@/api/types';
import { usersApi } from '@/api/users';
import { takePeople } from '@/realtime/people';

/** Saves part of my profile; everybody who shows my name sees it. */
export function useSave() {
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = async (change: UpdateProfile) => {
    setBusy(true);
    setSaved(false);
    setError(null);
    try {
      await usersApi.updateProfile(change);
      const profile = await queryClient.fetchQuery({ ...queries.profile(), staleTime: 0 });
      takePeople((await usersApi.byIds([profile.id])).items);
      setSaved(true);
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return { save, busy, saved, error, edited: () => setSaved(false) };
}
