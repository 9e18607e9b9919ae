import { type FormEvent, useState } from 'react';
import { Refusal } from '@/api/problem';
import type { Profile } from '@/api/types';
import { useTranslation } from '@/lib/i18n';
import { Avatar } from '@/ui/Avatar';
import { TextArea, TextField } from '@/ui/Field';
import { SaveLine } from './SaveLine';
import { useSave } from './useSave';

export function ProfileForm({ profile }: { profile: Profile }) {
  const { t } = useTranslation();
  const [name, setName] = useState(profile.display_name);
  const [bio, setBio] = useState(profile.bio);
  const { save, edited, ...state } = useSave();
  const fieldError = (field: string) =>
    state.error instanceof Refusal
      ? state.error.errors.find((each) => each.field === field)?.message
      : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save({ display_name: name.trim(), bio });
  };
  return (
    <form onSubmit={submit}>
      <div className="mb-5 flex items-center gap-4">
        <Avatar
          id={profile.id}
          name={name || profile.username}
          url={profile.avatar_url}
          size="large"
        />
        <div className="min-w-0">
          <p className="truncate font-semibold">@{profile.username}</p>
          <p className="truncate text-muted text-sm">{profile.email}</p>
        </div>
      </div>
      <TextField
        label={t('settings.display_name')}
        required
        maxLength={64}
        value={name}
        error={fieldError('display_name')}
        onChange={(event) => {
          setName(event.target.value);
          edited();
        }}
      />
      <TextArea
        label={t('settings.bio')}
        hint={t('settings.bio_hint')}
        maxLength={500}
        value={bio}
        error={fieldError('bio')}
        onChange={(event) => {
          setBio(event.target.value);
          edited();
        }}
      />
      <SaveLine {...state} />
    </form>
  );
}
