import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { queries } from '@/api/queries';
import type { Chat, User } from '@/api/types';
import { ChatIcon, inOrder, isUnread, sectionsOf, useChatTitle } from '@/features/chats';
import { usePersonActions } from '@/features/people';
import { classes } from '@/lib/classes';
import { likeness } from '@/lib/fold';
import { useTranslation } from '@/lib/i18n';
import { useDebounced } from '@/lib/useDebounced';
import { useMyId } from '@/lib/useMe';
import { useChats } from '@/realtime/chats';
import { usePeopleStore } from '@/realtime/people';
import { Avatar } from '@/ui/Avatar';
import { Dialog } from '@/ui/Dialog';

type Entry =
  | { kind: 'chat'; key: string; chat: Chat }
  | { kind: 'person'; key: string; person: User };

const SHOWN = 12;

/** Ctrl-K: any chat or person by a few letters. */
export function Switcher({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMyId();
  const { message } = usePersonActions();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const byId = useChats((state) => state.byId);
  const known = usePeopleStore((state) => state.byId);
  const asked = useDebounced(typed.trim(), 150);
  const people = useQuery(queries.searchPeople(asked));

  const entries = useMemo<Entry[]>(() => {
    const chats = inOrder(sectionsOf(byId.values()));
    const wordsOf = (chat: Chat) =>
      chat.name ??
      chat.participant_ids
        .filter((id) => id !== me)
        .map((id) => `${known.get(id)?.display_name ?? ''} ${known.get(id)?.username ?? ''}`)
        .join(' ');
    const scored = chats.flatMap((chat) => {
      const score = likeness(typed, wordsOf(chat));
      return score === null ? [] : [{ chat, score: score + (isUnread(chat) ? 0.5 : 0) }];
    });
    scored.sort((a, b) => b.score - a.score);
    const direct = new Set(
      chats.filter((chat) => chat.kind === 'direct').flatMap((chat) => chat.participant_ids),
    );
    const strangers = asked
      ? (people.data ?? []).filter((person) => person.id !== me && !direct.has(person.id))
      : [];
    return [
      ...scored.slice(0, SHOWN).map(({ chat }) => ({ kind: 'chat' as const, key: chat.id, chat })),
      ...strangers
        .slice(0, 6)
        .map((person) => ({ kind: 'person' as const, key: person.id, person })),
    ];
  }, [byId, known, typed, asked, people.data, me]);
  const index = Math.min(chosen, entries.length - 1);

  const go = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    if (entry.kind === 'chat') {
      void navigate({ to: '/c/$chatId', params: { chatId: entry.chat.id } });
    } else {
      void message(entry.person.id);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setChosen(Math.min(index + 1, entries.length - 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(index - 1, 0));
    else if (event.key === 'Enter') go(entries[index]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog title={t('switcher.title')} hideTitle onClose={onClose}>
      <div className="relative border-line border-b">
        <Search className="absolute top-4 left-4 size-4 text-muted" aria-hidden />
        <input
          data-autofocus
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
          role="combobox"
          aria-label={t('switcher.title')}
          placeholder={t('switcher.placeholder')}
          aria-expanded={entries.length > 0}
          aria-controls="switcher-list"
          aria-activedescendant={entries[index] ? `switcher-${entries[index].key}` : undefined}
          autoComplete="off"
          spellCheck={false}
          className="h-12 w-full bg-transparent pr-4 pl-11 focus-visible:outline-none"
        />
      </div>
      <div
        id="switcher-list"
        role="listbox"
        aria-label={t('switcher.title')}
        className="scroller max-h-96 min-h-24 flex-1 p-1.5"
      >
        {entries.map((entry, position) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the search box's arrows and Enter choose.
          <div
            key={entry.key}
            id={`switcher-${entry.key}`}
            role="option"
            tabIndex={-1}
            aria-selected={position === index}
            onClick={() => go(entry)}
            onPointerMove={() => setChosen(position)}
            className={classes(
              'flex h-10 cursor-pointer items-center gap-2.5 rounded-sm px-2.5 text-sm touch:h-11',
              position === index && 'bg-hover',
            )}
          >
            {entry.kind === 'chat' ? (
              <ChatEntry chat={entry.chat} />
            ) : (
              <>
                <Avatar
                  id={entry.person.id}
                  name={entry.person.display_name}
                  url={entry.person.avatar_url}
                  size="small"
                />
                <span className="truncate">{entry.person.display_name}</span>
                <span className="truncate text-muted">@{entry.person.username}</span>
              </>
            )}
          </div>
        ))}
        {entries.length === 0 && (
          <p className="px-3 py-6 text-center text-muted text-sm">{t('switcher.nothing')}</p>
        )}
      </div>
    </Dialog>
  );
}

function ChatEntry({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const title = useChatTitle(chat);
  const unread = isUnread(chat);
  return (
    <>
      <ChatIcon chat={chat} />
      <span className={classes('min-w-0 flex-1 truncate', unread && 'font-semibold')}>{title}</span>
      {unread && (
        <span className="text-link text-xs">
          {t('chats.unread', { count: chat.my?.unread_count ?? 0 })}
        </span>
      )}
    </>
  );
}
