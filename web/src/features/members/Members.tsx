import { useQuery } from '@tanstack/react-query';
import { MoreHorizontal, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { chatsApi } from '@/api/chats';
import { queries, queryClient } from '@/api/queries';
import type { Chat, Participant, Role } from '@/api/types';
import { classes } from '@/lib/classes';
import { openDialog } from '@/lib/dialogs';
import { fold } from '@/lib/fold';
import { useTranslation } from '@/lib/i18n';
import { sentenceOf } from '@/lib/sentence';
import { useMyId } from '@/lib/useMe';
import { usePeople, usePerson } from '@/realtime/people';
import { usePresence } from '@/realtime/presence';
import { Avatar } from '@/ui/Avatar';
import { Button, IconButton } from '@/ui/Button';
import { SearchField } from '@/ui/Field';
import { Menu, MenuItem, MenuLine } from '@/ui/Menu';
import { PresenceDot } from '@/ui/PresenceDot';
import { Failed, SkeletonRows } from '@/ui/States';
import { toast } from '@/ui/toast';
import { AddMembers } from './AddMembers';

const rank: Record<Role, number> = { owner: 0, admin: 1, member: 2 };
/** With more than this, finding somebody by looking is no fun. */
const SEARCHED_FROM = 10;

export function Members({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const { data, isPending, error, refetch } = useQuery(queries.participants(chat.id));
  const [adding, setAdding] = useState(false);
  const [wanted, setWanted] = useState('');
  const people = usePeople(data?.map((member) => member.user_id) ?? []);
  const names = new Map(people.map((person) => [person.id, person]));
  const mayAdd = !chat.archived_at && chat.my !== null;
  const nameOf = (member: Participant) => names.get(member.user_id)?.display_name ?? '';
  const shown = (data ?? [])
    .filter((member) => {
      const person = names.get(member.user_id);
      return fold(`${person?.display_name} ${person?.username}`).includes(fold(wanted));
    })
    .sort((a, b) => rank[a.role] - rank[b.role] || nameOf(a).localeCompare(nameOf(b)));

  return (
    <section aria-label={t('members.title')}>
      <div className="mb-2 flex items-center justify-between">
        <h3 className="font-medium text-sm">
          {t('members.count', { count: chat.participant_count })}
        </h3>
        {mayAdd && (
          <Button small onClick={() => setAdding(true)}>
            <UserPlus className="size-4" aria-hidden />
            {t('members.add')}
          </Button>
        )}
      </div>
      {(data?.length ?? 0) > SEARCHED_FROM && (
        <SearchField
          label={t('members.search')}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          className="mb-2"
        />
      )}
      {isPending && <SkeletonRows count={4} />}
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      <ul>
        {shown.map((member) => (
          <MemberRow key={member.user_id} chat={chat} member={member} />
        ))}
      </ul>
      {adding && (
        <AddMembers
          chat={chat}
          present={data?.map((member) => member.user_id) ?? []}
          onClose={() => setAdding(false)}
        />
      )}
    </section>
  );
}

function MemberRow({ chat, member }: { chat: Chat; member: Participant }) {
  const { t } = useTranslation();
  const me = useMyId();
  const person = usePerson(member.user_id);
  const presence = usePresence(member.user_id);
  const name = person?.display_name ?? '…';
  const isMe = member.user_id === me;
  const myRole = chat.my?.role ?? 'member';
  const mayName = myRole === 'owner' && !isMe && !chat.archived_at;
  const mayRemove =
    !isMe && !chat.archived_at && rank[myRole] < 2 && rank[myRole] <= rank[member.role];

  const run = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await queryClient.invalidateQueries({ queryKey: ['participants', chat.id] });
    } catch (error) {
      toast({ text: sentenceOf(t, error), urgent: true });
    }
  };
  const setRole = (role: Role) => run(() => chatsApi.changeRole(chat.id, member.user_id, role));

  return (
    <li className="group flex h-11 items-center gap-2.5 rounded-sm px-1 hover:bg-hover">
      <button
        type="button"
        onClick={() => openDialog({ kind: 'person', userId: member.user_id })}
        className="flex min-w-0 flex-1 items-center gap-2.5 text-left"
      >
        <span className="relative flex">
          <Avatar id={member.user_id} name={name} url={person?.avatar_url} size="compact" />
          {presence && (
            <PresenceDot
              state={presence.state}
              className="absolute -right-0.5 -bottom-0.5 ring-2 ring-bg"
            />
          )}
        </span>
        <span
          className={classes('truncate text-sm', presence?.state === 'offline' && 'text-muted')}
        >
          {name}
          {isMe && <span className="text-muted"> {t('members.you')}</span>}
        </span>
      </button>
      {member.role !== 'member' && (
        <span className="text-muted text-xs">{t(`roles.${member.role}`)}</span>
      )}
      {(mayName || mayRemove) && (
        <Menu
          trigger={
            <IconButton small label={t('members.manage', { name })}>
              <MoreHorizontal className="size-4" aria-hidden />
            </IconButton>
          }
        >
          {mayName &&
            (['owner', 'admin', 'member'] as const)
              .filter((role) => role !== member.role)
              .map((role) => (
                <MenuItem key={role} onSelect={() => void setRole(role)}>
                  {t(`members.make_${role}`)}
                </MenuItem>
              ))}
          {mayName && mayRemove && <MenuLine />}
          {mayRemove && (
            <MenuItem
              danger
              onSelect={() => void run(() => chatsApi.removeParticipant(chat.id, member.user_id))}
            >
              {t('members.remove')}
            </MenuItem>
          )}
        </Menu>
      )}
    </li>
  );
}
