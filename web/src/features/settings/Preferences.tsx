import { usersApi } from '@/api/users';
import { changeLocale, type Locale, useTranslation } from '@/lib/i18n';
import { setTheme, type Theme, useTheme } from '@/lib/theme';
import { SelectField } from '@/ui/Field';

/** Each language says its own name. */
const languages: readonly { value: Locale; label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'pt-BR', label: 'Português (Brasil)' },
];

export function Preferences() {
  const { t, locale } = useTranslation();
  const theme = useTheme((state) => state.theme);
  const speak = async (next: Locale) => {
    await changeLocale(next);
    // This browser speaks it already; the profile is for the next one.
    await usersApi.updateProfile({ locale: next }).catch(() => undefined);
  };
  return (
    <>
      <SelectField
        label={t('settings.language')}
        value={locale}
        onChange={(event) => void speak(event.target.value as Locale)}
        options={languages}
      />
      <SelectField
        label={t('settings.theme')}
        value={theme}
        onChange={(event) => setTheme(event.target.value as Theme)}
        options={[
          { value: 'system', label: t('settings.theme_system') },
          { value: 'light', label: t('settings.theme_light') },
          { value: 'dark', label: t('settings.theme_dark') },
        ]}
      />
    </>
  );
}
