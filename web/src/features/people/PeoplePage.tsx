import { useQuery } from '@tanstack/react-query';
import { MessageSquare, Search, UserRoundSearch, Users } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { queries } from '@/api/queries';
import type { Connection, User } from '@/api/types';
import { openDialog } from '@/lib/dialogs';
import { useTranslation } from '@/lib/i18n';
import { useDebounced } from '@/lib/useDebounced';
import { usePresence } from '@/realtime/presence';
import { Avatar } from '@/ui/Avatar';
import { Button, IconButton } from '@/ui/Button';
import { SearchField } from '@/ui/Field';
import { Page } from '@/ui/Page';
import { PresenceDot } from '@/ui/PresenceDot';
import { Empty, Failed, SkeletonRows } from '@/ui/States';
import { ConnectButton } from './ConnectButton';
import { usePersonActions } from './usePersonActions';

export function PeoplePage() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const query = useDebounced(typed.trim());
  return (
    <Page title={t('people.title')}>
      <SearchField
        label={t('people.search')}
        icon={<Search className="size-4" aria-hidden />}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="mb-5"
      />
      {query ? <Found query={query} /> : <Connections />}
    </Page>
  );
}

function Found({ query }: { query: string }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(queries.searchPeople(query));
  if (isPending) return <SkeletonRows tall />;
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) {
    return (
      <Empty
        icon={<UserRoundSearch className="size-5" aria-hidden />}
        title={t('people.nobody')}
        text={t('people.nobody_text')}
      />
    );
  }
  return (
    <ul aria-label={t('people.results')}>
      {data.map((person) => (
        <PersonRow key={person.id} person={person}>
          <ConnectButton userId={person.id} />
        </PersonRow>
      ))}
    </ul>
  );
}

function Connections() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(queries.connections());
  const { respond, disconnect } = usePersonActions();
  if (isPending) return <SkeletonRows tall />;
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  const incoming = data.filter(
    (each) => each.status === 'pending' && each.direction === 'incoming',
  );
  const outgoing = data.filter(
    (each) => each.status === 'pending' && each.direction === 'outgoing',
  );
  const accepted = data.filter((each) => each.status === 'accepted');
  if (data.length === 0) {
    return (
      <Empty
        icon={<Users className="size-5" aria-hidden />}
        title={t('people.no_contacts')}
        text={t('people.no_contacts_text')}
      />
    );
  }
  return (
    <>
      <Group title={t('people.incoming')} connections={incoming}>
        {(connection) => (
          <>
            <Button small tone="primary" onClick={() => void respond(connection.id, true)}>
              {t('people.accept')}
            </Button>
            <Button small onClick={() => void respond(connection.id, false)}>
              {t('people.decline')}
            </Button>
          </>
        )}
      </Group>
      <Group title={t('people.outgoing')} connections={outgoing}>
        {(connection) => (
          <Button small onClick={() => void disconnect(connection.id)}>
            {t('people.withdraw')}
          </Button>
        )}
      </Group>
      <Group title={t('people.contacts')} connections={accepted}>
        {(connection) => (
          <Button small tone="quiet" onClick={() => void disconnect(connection.id)}>
            {t('people.disconnect')}
          </Button>
        )}
      </Group>
    </>
  );
}

interface GroupProps {
  title: string;
  connections: readonly Connection[];
  children: (connection: Connection) => ReactNode;
}

function Group({ title, connections, children }: GroupProps) {
  if (connections.length === 0) return null;
  return (
    <section className="mb-6">
      <h2 className="mb-1 font-medium text-muted text-sm">
        {title} <span className="tabular-nums">{connections.length}</span>
      </h2>
      <ul>
        {connections.map((connection) => (
          <PersonRow key={connection.id} person={connection.user}>
            {children(connection)}
          </PersonRow>
        ))}
      </ul>
    </section>
  );
}

function PersonRow({ person, children }: { person: User; children: ReactNode }) {
  const { t } = useTranslation();
  const presence = usePresence(person.id);
  const { message } = usePersonActions();
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b py-2">
      <button
        type="button"
        onClick={() => openDialog({ kind: 'person', userId: person.id })}
        className="flex min-w-0 flex-1 basis-40 items-center gap-3 text-left"
      >
        <span className="relative flex">
          <Avatar id={person.id} name={person.display_name} url={person.avatar_url} />
          {presence && presence.state !== 'offline' && (
            <PresenceDot
              state={presence.state}
              className="absolute -right-0.5 -bottom-0.5 ring-2 ring-bg"
            />
          )}
        </span>
        <span className="min-w-0">
          <span className="block truncate font-medium text-sm">{person.display_name}</span>
          <span className="block truncate text-muted text-sm">@{person.username}</span>
        </span>
      </button>
      <span className="flex items-center gap-1.5">
        {children}
        <IconButton
          label={t('people.message_to', { name: person.display_name })}
          onClick={() => void message(person.id)}
        >
          <MessageSquare className="size-4" aria-hidden />
        </IconButton>
      </span>
    </li>
  );
}
