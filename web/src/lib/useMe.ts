import { useQuery } from '@tanstack/react-query';
import { queries } from '@/api/queries';
import type { Profile } from '@/api/types';
import { useSession } from '@/auth/session';

export function useMyId(): string {
  return useSession((state) => state.userId) ?? '';
}

export function useProfile(): Profile | undefined {
  return useQuery(queries.profile()).data;
}
