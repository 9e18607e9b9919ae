import { useState } from 'react';
import { classes } from '@/lib/classes';
import type { SettingsSection } from '@/lib/dialogs';
import { useTranslation } from '@/lib/i18n';
import { useProfile } from '@/lib/useMe';
import { Dialog, DialogBody } from '@/ui/Dialog';
import { SkeletonRows } from '@/ui/States';
import { Devices } from './Devices';
import { Preferences } from './Preferences';
import { ProfileForm } from './ProfileForm';
import { StatusForm } from './StatusForm';

const sections: readonly SettingsSection[] = ['profile', 'status', 'preferences', 'devices'];

interface SettingsDialogProps {
  section: SettingsSection;
  onClose: () => void;
}

export function SettingsDialog({ section: first, onClose }: SettingsDialogProps) {
  const { t } = useTranslation();
  const [section, setSection] = useState(first);
  const profile = useProfile();
  return (
    <Dialog title={t('settings.title')} onClose={onClose} width="large">
      <div className="flex min-h-0 flex-1 flex-col sm:min-h-[26rem] sm:flex-row">
        <nav
          aria-label={t('settings.title')}
          className="flex shrink-0 gap-1 overflow-x-auto border-line px-4 pb-2 max-sm:border-b sm:w-44 sm:flex-col sm:border-r sm:py-2"
        >
          {sections.map((each) => (
            <button
              key={each}
              type="button"
              aria-current={each === section ? 'true' : undefined}
              onClick={() => setSection(each)}
              className={classes(
                'h-8 shrink-0 rounded-sm px-3 text-left text-sm touch:h-11',
                each === section
                  ? 'bg-selected font-medium'
                  : 'text-muted hover:bg-hover hover:text-fg',
              )}
            >
              {t(`settings.${each}`)}
            </button>
          ))}
        </nav>
        <DialogBody className="min-w-0 sm:px-6">
          {!profile && section !== 'devices' ? (
            <SkeletonRows count={4} tall />
          ) : (
            <>
              {section === 'profile' && profile && <ProfileForm profile={profile} />}
              {section === 'status' && profile && <StatusForm profile={profile} />}
              {section === 'preferences' && <Preferences />}
              {section === 'devices' && <Devices />}
            </>
          )}
        </DialogBody>
      </div>
    </Dialog>
  );
}
