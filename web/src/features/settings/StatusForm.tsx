import { Smile } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Profile, Status } from '@/api/types';
import { useTranslation } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { SelectField, TextField } from '@/ui/Field';
import { SaveLine } from './SaveLine';
import { useSave } from './useSave';

const emoji = ['', '💬', '🎧', '🍽️', '🏠', '🚆', '🌴', '🤒', '📅'] as const;
const suggestions = [
  { emoji: '📅', key: 'settings.in_meeting' },
  { emoji: '🎧', key: 'settings.focusing' },
  { emoji: '🍽️', key: 'settings.at_lunch' },
  { emoji: '🌴', key: 'settings.on_holiday' },
] as const;
const lasts = ['never', 'hour', 'four_hours', 'today'] as const;
type Lasts = (typeof lasts)[number];

export function StatusForm({ profile }: { profile: Profile }) {
  const { t } = useTranslation();
  const [status, setStatus] = useState<Status>(profile.status);
  const [ends, setEnds] = useState<Lasts>('never');
  const { save, edited, ...state } = useSave();
  const change = (next: Partial<Status>) => {
    setStatus({ ...status, ...next });
    edited();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save({ status: { ...status, text: status.text.trim(), expires_at: endOf(ends) } });
  };
  const clear = () => {
    const none = { text: '', emoji: '', expires_at: null };
    setStatus(none);
    void save({ status: none });
  };
  return (
    <form onSubmit={submit}>
      <div className="mb-4 flex flex-wrap gap-2">
        {suggestions.map((suggestion) => (
          <Button
            key={suggestion.key}
            small
            onClick={() => change({ emoji: suggestion.emoji, text: t(suggestion.key) })}
          >
            <span aria-hidden>{suggestion.emoji}</span> {t(suggestion.key)}
          </Button>
        ))}
      </div>
      <fieldset className="mb-4">
        <legend className="mb-1 font-medium text-sm">{t('settings.emoji')}</legend>
        <div className="flex flex-wrap gap-1">
          {emoji.map((each) => (
            <button
              key={each}
              type="button"
              aria-label={each || t('settings.no_emoji')}
              aria-pressed={status.emoji === each}
              onClick={() => change({ emoji: each })}
              className="flex size-9 items-center justify-center rounded-sm border border-transparent text-lg hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-soft touch:size-11"
            >
              {each || <Smile className="size-4 text-muted" aria-hidden />}
            </button>
          ))}
        </div>
      </fieldset>
      <TextField
        label={t('settings.status_text')}
        maxLength={100}
        value={status.text}
        onChange={(event) => change({ text: event.target.value })}
      />
      <SelectField
        label={t('settings.clear_after')}
        value={ends}
        onChange={(event) => {
          setEnds(event.target.value as Lasts);
          edited();
        }}
        options={lasts.map((value) => ({ value, label: t(`settings.lasts_${value}`) }))}
      />
      {(profile.status.text || profile.status.emoji) && (
        <Button small tone="quiet" className="mb-3" onClick={clear}>
          {t('settings.clear_status')}
        </Button>
      )}
      <SaveLine {...state} />
    </form>
  );
}

function endOf(lasting: Lasts): string | null {
  const now = new Date();
  switch (lasting) {
    case 'never':
      return null;
    case 'hour':
      return new Date(now.getTime() + 3_600_000).toISOString();
    case 'four_hours':
      return new Date(now.getTime() + 4 * 3_600_000).toISOString();
    case 'today':
      return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).toISOString();
  }
}
