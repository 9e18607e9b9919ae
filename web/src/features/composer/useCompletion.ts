import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { queries } from '@/api/queries';
import type { Chat } from '@/api/types';
import { useMyId } from '@/lib/useMe';
import { usePeople } from '@/realtime/people';
import { type Candidate, candidatesFor, mentionAt } from './completion';

export interface Completion {
  candidates: Candidate[];
  index: number;
  from: number;
  move: (step: number) => void;
  dismiss: () => void;
}

const none: readonly string[] = [];

/** What may complete the `@word` before the caret. */
export function useCompletion(chat: Chat, text: string, caret: number): Completion | null {
  const me = useMyId();
  const found = useMemo(() => mentionAt(text, caret), [text, caret]);
  const members = useQuery({ ...queries.participants(chat.id), enabled: found !== null });
  const ids = useMemo(
    () => members.data?.map((member) => member.user_id).filter((id) => id !== me) ?? none,
    [members.data, me],
  );
  const people = usePeople(found ? ids : none);
  const [choice, setChoice] = useState({ of: '', index: 0 });
  const [dismissed, setDismissed] = useState<number | null>(null);
  if (!found || dismissed === found.from) return null;
  const candidates = candidatesFor(found.query, people, chat.kind !== 'direct');
  if (candidates.length === 0) return null;
  const of = `${found.from} ${found.query}`;
  const index = choice.of === of ? Math.min(choice.index, candidates.length - 1) : 0;
  return {
    candidates,
    index,
    from: found.from,
    move: (step) =>
      setChoice({ of, index: (index + step + candidates.length) % candidates.length }),
    dismiss: () => setDismissed(found.from),
  };
}
