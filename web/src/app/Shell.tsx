import { Outlet, useParams, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isUnread, useChatTitle } from '@/features/chats';
import { useArrivals } from '@/features/notifications';
import { useTranslation } from '@/lib/i18n';
import { useNarrow } from '@/lib/useMedia';
import { useChats } from '@/realtime/chats';
import { Toaster } from '@/ui/toast';
import { Dialogs } from './Dialogs';
import { LiveRegion } from './LiveRegion';
import { OfflineBar } from './OfflineBar';
import { Sidebar } from './Sidebar';
import { useShortcuts } from './useShortcuts';

/** The app's frame: the list beside what is open, or one of the two where there is no room. */
export function Shell() {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const isHome = useRouterState({ select: (state) => state.location.pathname === '/' });
  useShortcuts();
  useArrivals();
  useTitle();
  return (
    <div className="flex h-dvh flex-col">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent px-4 py-2 font-medium text-accent-fg focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {t('common.skip')}
      </a>
      <OfflineBar />
      <div className="flex min-h-0 flex-1">
        {(!narrow || isHome) && <Sidebar />}
        {(!narrow || !isHome) && (
          <main id="main" tabIndex={-1} className="flex min-w-0 flex-1 outline-none">
            <Outlet />
          </main>
        )}
      </div>
      <LiveRegion />
      <Dialogs />
      <Toaster />
    </div>
  );
}

/** The tab says where one is and how many chats wait. */
function useTitle(): void {
  const { chatId } = useParams({ strict: false });
  const chat = useChats((state) => (chatId ? state.byId.get(chatId) : undefined));
  const waiting = useChats((state) => [...state.byId.values()].filter(isUnread).length);
  const title = useChatTitle(chat);
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${title ? `${title} · ` : ''}Thread`;
  }, [waiting, title]);
}
