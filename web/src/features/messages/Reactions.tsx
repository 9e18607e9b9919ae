import { SmilePlus } from 'lucide-react';
import type { Message, Reaction } from '@/api/types';
import { classes } from '@/lib/classes';
import { list } from '@/lib/dates';
import { useTranslation } from '@/lib/i18n';
import { useMyId } from '@/lib/useMe';
import { usePeople } from '@/realtime/people';
import { EmojiPopover } from '@/ui/EmojiPopover';
import { useOpenChat } from './context';
import { useReact } from './useReact';

/** Who said what with a single sign. */
export function Reactions({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { canWrite } = useOpenChat();
  const react = useReact(message);
  if (message.deleted_at || message.reactions.length === 0) return null;
  return (
    <div className="mt-1 flex flex-wrap items-center gap-1">
      {message.reactions.map((reaction) => (
        <Chip
          key={reaction.emoji}
          reaction={reaction}
          disabled={!canWrite}
          onToggle={(given) => react(reaction.emoji, given)}
        />
      ))}
      {canWrite && (
        <EmojiPopover
          onPick={(emoji) => react(emoji, true)}
          trigger={
            <button
              type="button"
              aria-label={t('messages.add_reaction')}
              className="flex h-6 items-center rounded-full border border-line px-2 text-muted hover:bg-hover hover:text-fg touch:h-8"
            >
              <SmilePlus className="size-3.5" aria-hidden />
            </button>
          }
        />
      )}
    </div>
  );
}

interface ChipProps {
  reaction: Reaction;
  disabled: boolean;
  onToggle: (given: boolean) => void;
}

const NAMED = 12;

function Chip({ reaction, disabled, onToggle }: ChipProps) {
  const { t, locale } = useTranslation();
  const me = useMyId();
  const isMine = reaction.user_ids.includes(me);
  const people = usePeople(reaction.user_ids.slice(0, NAMED));
  const names = people.map((person) => (person.id === me ? t('common.you') : person.display_name));
  const more = reaction.count - names.length;
  if (more > 0 && names.length > 0) names.push(t('messages.and_more', { count: more }));
  return (
    <button
      type="button"
      data-tip={names.length > 0 ? list(locale, names) : undefined}
      aria-pressed={isMine}
      aria-label={t('messages.reaction', { emoji: reaction.emoji, count: reaction.count })}
      disabled={disabled}
      onClick={() => onToggle(!isMine)}
      className={classes(
        'flex h-6 items-center gap-1.5 rounded-full border px-2 text-sm tabular-nums transition-colors touch:h-8',
        isMine
          ? 'border-accent bg-accent-soft text-link'
          : 'border-line bg-panel text-muted hover:border-line-strong',
      )}
    >
      <span aria-hidden>{reaction.emoji}</span>
      <span aria-hidden className="font-medium text-xs">
        {reaction.count}
      </span>
    </button>
  );
}
