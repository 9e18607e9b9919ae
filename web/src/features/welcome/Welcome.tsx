import { signInUrl } from '@/auth/session';
import { changeLocale, type Locale, useTranslation } from '@/lib/i18n';
import { Logo } from '@/ui/Logo';

/** For who is not signed in: what this is, and the two ways in. */
export function Welcome() {
  const { t, locale } = useTranslation();
  const other: Locale = locale === 'en' ? 'pt-BR' : 'en';
  return (
    <main className="scroller flex h-full flex-col items-center justify-center bg-panel px-6 py-10">
      <div className="w-full max-w-sm text-center">
        <Logo className="mx-auto size-14" />
        <h1 className="mt-6 font-semibold text-[28px] leading-9 tracking-tight">
          {t('welcome.title')}
        </h1>
        <p className="mt-2 text-balance text-muted">{t('welcome.text')}</p>
        <div className="mt-8 flex flex-col gap-3">
          <a
            href={signInUrl(locale)}
            className="flex h-11 items-center justify-center rounded-md bg-accent font-medium text-accent-fg hover:bg-accent-hover"
          >
            {t('welcome.sign_in')}
          </a>
          <a
            href={signInUrl(locale, true)}
            className="flex h-11 items-center justify-center rounded-md border border-line-strong/60 bg-raised font-medium hover:bg-hover"
          >
            {t('welcome.sign_up')}
          </a>
        </div>
        <button
          type="button"
          lang={other}
          onClick={() => void changeLocale(other)}
          className="mt-8 rounded-sm px-2 py-1 text-muted text-sm hover:text-fg"
        >
          {other === 'en' ? 'English' : 'Português'}
        </button>
      </div>
    </main>
  );
}
