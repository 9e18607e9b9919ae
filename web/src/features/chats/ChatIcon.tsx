import { Hash, Lock, Users } from 'lucide-react';
import type { Chat } from '@/api/types';
import { useMyId } from '@/lib/useMe';
import { usePerson } from '@/realtime/people';
import { usePresence } from '@/realtime/presence';
import { Avatar } from '@/ui/Avatar';
import { PresenceDot } from '@/ui/PresenceDot';
import { otherOf } from './title';

/** What sort of chat it is, or whose face. */
export function ChatIcon({ chat }: { chat: Chat }) {
  if (chat.kind === 'direct') return <Face chat={chat} />;
  const Icon = chat.kind === 'group' ? Users : chat.visibility === 'private' ? Lock : Hash;
  return (
    <span className="flex size-5 shrink-0 items-center justify-center">
      <Icon className="size-4 text-muted" aria-hidden />
    </span>
  );
}

function Face({ chat }: { chat: Chat }) {
  const other = otherOf(chat, useMyId());
  const person = usePerson(other);
  const presence = usePresence(other);
  return (
    <span className="relative flex">
      <Avatar
        id={other ?? ''}
        name={person?.display_name ?? ''}
        url={person?.avatar_url}
        size="small"
      />
      {presence && presence.state !== 'offline' && (
        <PresenceDot
          decorative
          state={presence.state}
          className="absolute -right-1 -bottom-1 ring-2 ring-panel"
        />
      )}
    </span>
  );
}
