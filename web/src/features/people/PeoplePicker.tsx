import { useQuery } from '@tanstack/react-query';
import { Search, X } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { queries } from '@/api/queries';
import type { User } from '@/api/types';
import { classes } from '@/lib/classes';
import { useTranslation } from '@/lib/i18n';
import { useDebounced } from '@/lib/useDebounced';
import { useMyId } from '@/lib/useMe';
import { Avatar } from '@/ui/Avatar';
import { SearchField } from '@/ui/Field';
import { Failed, SkeletonRows } from '@/ui/States';

interface PeoplePickerProps {
  chosen: readonly User[];
  onChange: (chosen: readonly User[]) => void;
  without?: readonly string[];
}

/** Finds people by name and gathers them. Contacts are offered before anything is typed. */
export function PeoplePicker({ chosen, onChange, without = [] }: PeoplePickerProps) {
  const { t } = useTranslation();
  const id = useId();
  const me = useMyId();
  const [typed, setTyped] = useState('');
  const [index, setIndex] = useState(0);
  const query = useDebounced(typed.trim());
  const search = useQuery(queries.searchPeople(query));
  const connections = useQuery(queries.connections());
  const contacts = (connections.data ?? [])
    .filter((connection) => connection.status === 'accepted')
    .map((connection) => connection.user);
  const hidden = new Set([me, ...without, ...chosen.map((person) => person.id)]);
  const offered = (query ? (search.data ?? []) : contacts).filter(
    (person) => !hidden.has(person.id),
  );
  const at = Math.min(index, offered.length - 1);

  const choose = (person: User | undefined) => {
    if (!person) return;
    onChange([...chosen, person]);
    setTyped('');
    setIndex(0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setIndex(Math.min(at + 1, offered.length - 1));
    else if (event.key === 'ArrowUp') setIndex(Math.max(at - 1, 0));
    else if (event.key === 'Enter') choose(offered[at]);
    else if (event.key === 'Backspace' && typed === '') onChange(chosen.slice(0, -1));
    else return;
    if (event.key !== 'Backspace') event.preventDefault();
  };

  return (
    <div>
      {chosen.length > 0 && (
        <ul className="mb-2 flex flex-wrap gap-1.5">
          {chosen.map((person) => (
            <li
              key={person.id}
              className="flex h-7 items-center gap-1.5 rounded-full bg-accent-soft pr-1 pl-2.5 text-sm"
            >
              {person.display_name}
              <button
                type="button"
                aria-label={t('people.unpick', { name: person.display_name })}
                onClick={() => onChange(chosen.filter((each) => each !== person))}
                className="rounded-full p-0.5 hover:bg-hover"
              >
                <X className="size-3.5" aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      <SearchField
        data-autofocus
        label={t('people.search')}
        icon={<Search className="size-4" aria-hidden />}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-expanded={offered.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={offered[at] ? `${id}-${at}` : undefined}
      />
      <div className="mt-2 h-60">
        {query !== '' && search.isPending && <SkeletonRows count={4} />}
        {search.isError && <Failed error={search.error} onRetry={() => void search.refetch()} />}
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label={t('people.title')}
          className="scroller max-h-60"
        >
          {offered.map((person, position) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the search box's arrows and Enter choose.
            <div
              key={person.id}
              id={`${id}-${position}`}
              role="option"
              tabIndex={-1}
              aria-selected={position === at}
              onClick={() => choose(person)}
              onPointerMove={() => setIndex(position)}
              className={classes(
                'flex h-11 cursor-pointer items-center gap-3 rounded-sm px-2',
                position === at && 'bg-hover',
              )}
            >
              <Avatar
                id={person.id}
                name={person.display_name}
                url={person.avatar_url}
                size="compact"
              />
              <span className="truncate font-medium text-sm">{person.display_name}</span>
              <span className="truncate text-muted text-sm">@{person.username}</span>
            </div>
          ))}
        </div>
        {offered.length === 0 && !(query && (search.isPending || search.isError)) && (
          <p className="px-2 py-3 text-muted text-sm">
            {query ? t('people.nobody') : t('people.type_to_find')}
          </p>
        )}
      </div>
    </div>
  );
}
