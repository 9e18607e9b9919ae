import { AtSign } from 'lucide-react';
import { classes } from '@/lib/classes';
import { useTranslation } from '@/lib/i18n';
import { Avatar } from '@/ui/Avatar';
import type { Completion } from './useCompletion';

interface CompletionListProps {
  id: string;
  completion: Completion;
  onChoose: (index: number) => void;
}

export function CompletionList({ id, completion, onChoose }: CompletionListProps) {
  const { t } = useTranslation();
  return (
    <div
      id={id}
      role="listbox"
      aria-label={t('composer.people')}
      className="appear absolute bottom-full left-0 z-20 mb-1 w-80 max-w-full overflow-hidden rounded-md border border-line bg-raised p-1 shadow-float"
    >
      {completion.candidates.map(({ word, person }, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the text box's arrows and Enter choose.
        <div
          key={word}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === completion.index}
          // The text box keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(index)}
          className={classes(
            'flex h-9 cursor-pointer items-center gap-2.5 rounded-sm px-2 text-sm touch:h-11',
            index === completion.index && 'bg-hover',
          )}
        >
          {person ? (
            <Avatar
              id={person.id}
              name={person.display_name}
              url={person.avatar_url}
              size="small"
            />
          ) : (
            <AtSign className="size-5 p-0.5 text-muted" aria-hidden />
          )}
          <span className="truncate font-medium">{person?.display_name ?? `@${word}`}</span>
          <span className="truncate text-muted">
            {person ? `@${word}` : t(word === 'here' ? 'composer.here' : 'composer.all')}
          </span>
        </div>
      ))}
    </div>
  );
}
