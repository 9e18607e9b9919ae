import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from '@/lib/i18n';
import { useNarrow } from '@/lib/useMedia';

interface PageProps {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen that is not a chat: a heading and a column to read. */
export function Page({ title, actions, children }: PageProps) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  return (
    <div className="flex h-full min-w-0 flex-1 flex-col">
      <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b pr-2 pl-5 max-sm:pl-1 touch:h-14">
        {narrow && (
          <Link
            to="/"
            aria-label={t('chats.back')}
            className="flex size-11 items-center justify-center rounded-sm text-muted"
          >
            <ArrowLeft className="size-5" aria-hidden />
          </Link>
        )}
        <h1 className="min-w-0 flex-1 truncate font-semibold">{title}</h1>
        {actions}
      </header>
      <div className="scroller flex-1" data-region="page">
        <div className="mx-auto w-full max-w-2xl px-5 py-5 max-sm:px-4">{children}</div>
      </div>
    </div>
  );
}
