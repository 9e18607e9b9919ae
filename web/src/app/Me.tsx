import { Keyboard, LogOut, Monitor, Moon, Settings, SmilePlus, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PresenceState } from '@/api/types';
import { openDialog } from '@/lib/dialogs';
import { useTranslation } from '@/lib/i18n';
import { modKey } from '@/lib/keyboard';
import { setTheme, type Theme, useTheme } from '@/lib/theme';
import { useMyId, useProfile } from '@/lib/useMe';
import { setPresence, usePresences } from '@/realtime/presence';
import { Avatar } from '@/ui/Avatar';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from '@/ui/Menu';
import { PresenceDot } from '@/ui/PresenceDot';

const states: readonly PresenceState[] = ['online', 'away', 'dnd', 'offline'];
const themes: readonly { value: Theme; icon: ReactNode }[] = [
  { value: 'system', icon: <Monitor className="size-4" /> },
  { value: 'light', icon: <Sun className="size-4" /> },
  { value: 'dark', icon: <Moon className="size-4" /> },
];

/** My face, and everything that is about me. */
// biome-ignore lint/style/noDefaultExport: React.lazy asks for one.
export default function Me() {
  const { t } = useTranslation();
  const myId = useMyId();
  const profile = useProfile();
  const mine = usePresences((state) => state.mine);
  const theme = useTheme((state) => state.theme);
  const name = profile?.display_name ?? '';
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={t('settings.menu', { name })}
          className="relative flex rounded-md p-1 hover:bg-hover touch:p-1.5"
        >
          <Avatar id={myId} name={name} url={profile?.avatar_url} size="compact" />
          <PresenceDot
            decorative
            state={mine}
            className="absolute right-0 bottom-0 ring-2 ring-panel"
          />
        </button>
      }
    >
      <div className="px-2 pt-1 pb-2">
        <p className="truncate font-semibold text-sm">{name}</p>
        <p className="truncate text-muted text-sm">@{profile?.username}</p>
      </div>
      <MenuLine />
      <MenuChoice
        value={mine}
        onChange={(state) => setPresence(state as PresenceState)}
        options={states.map((value) => ({
          value,
          label: t(value === 'offline' ? 'presence.invisible' : `presence.${value}`),
          icon: <PresenceDot decorative state={value} />,
        }))}
      />
      <MenuLine />
      <MenuItem
        icon={<SmilePlus className="size-4" />}
        onSelect={() => openDialog({ kind: 'settings', section: 'status' })}
      >
        {profile?.status.text || profile?.status.emoji
          ? `${profile.status.emoji} ${profile.status.text}`.trim()
          : t('settings.set_status')}
      </MenuItem>
      <MenuItem
        icon={<Settings className="size-4" />}
        onSelect={() => openDialog({ kind: 'settings', section: 'profile' })}
      >
        {t('settings.title')}
      </MenuItem>
      <MenuItem
        icon={<Keyboard className="size-4" />}
        hint={modKey('/')}
        onSelect={() => openDialog({ kind: 'shortcuts' })}
      >
        {t('shortcuts.title')}
      </MenuItem>
      <MenuLine />
      <MenuLabel>{t('settings.theme')}</MenuLabel>
      <MenuChoice
        value={theme}
        onChange={(value) => setTheme(value as Theme)}
        options={themes.map(({ value, icon }) => ({
          value,
          icon,
          label: t(`settings.theme_${value}`),
        }))}
      />
      <MenuLine />
      <MenuItem
        icon={<LogOut className="size-4" />}
        onSelect={() => openDialog({ kind: 'sign_out' })}
      >
        {t('settings.sign_out')}
      </MenuItem>
    </Menu>
  );
}
