import { useTranslation } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Failed } from '@/ui/States';

/** A fault of ours. What was written is kept, so loading anew is safe. */
export function Crashed({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <main className="flex h-full flex-1 flex-col items-center justify-center">
      <Failed error={error} />
      <Button tone="primary" onClick={() => location.reload()}>
        {t('errors.reload')}
      </Button>
    </main>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-4 p-6 text-center">
      <p className="font-semibold text-lg">{t('errors.not_found')}</p>
      <a href="/" className="font-medium text-link text-sm hover:underline">
        {t('chats.back')}
      </a>
    </div>
  );
}
