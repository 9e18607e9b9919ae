import { useSession } from '@/auth/session';
import { Welcome } from '@/features/welcome';
import { useTranslation } from '@/lib/i18n';
import { Logo } from '@/ui/Logo';
import { Shell } from './Shell';

/** What to show depends on who is there. */
export function App() {
  const { t } = useTranslation();
  const phase = useSession((state) => state.phase);
  switch (phase) {
    case 'signed_in':
      return <Shell />;
    case 'signed_out':
      return <Welcome />;
    case 'starting':
    case 'away':
      return (
        <main className="flex h-full flex-col items-center justify-center gap-4 px-6 text-center">
          <Logo className="skeleton size-12" />
          <p role="status" className="min-h-6 text-muted">
            {phase === 'away' && t('welcome.away')}
          </p>
        </main>
      );
  }
}
