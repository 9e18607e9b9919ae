import { Link } from '@tanstack/react-router';
import { Bell, Compass, Search, Users } from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { ChatList } from '@/features/chats';
import { useUnreadNotifications } from '@/features/notifications';
import { classes } from '@/lib/classes';
import { openDialog } from '@/lib/dialogs';
import { useTranslation } from '@/lib/i18n';
import { modKey } from '@/lib/keyboard';
import { Logo } from '@/ui/Logo';

// Menus are not needed for the first paint.
const Me = lazy(() => import('./Me'));

export function Sidebar() {
  const { t } = useTranslation();
  const unread = useUnreadNotifications();
  return (
    <div
      data-region="sidebar"
      className="flex h-full w-full flex-col bg-panel md:w-[264px] md:shrink-0 md:border-line md:border-r"
    >
      <div className="flex h-12 shrink-0 items-center gap-2.5 pr-2 pl-4 touch:h-14">
        <Logo className="size-6" />
        <span className="flex-1 font-semibold tracking-tight">Thread</span>
        <Suspense fallback={<span className="size-9 touch:size-10" />}>
          <Me />
        </Suspense>
      </div>
      <div className="px-3 pb-2">
        <button
          type="button"
          onClick={() => openDialog({ kind: 'switcher' })}
          className="flex h-8 w-full items-center gap-2 rounded-md border border-line bg-bg px-2.5 text-muted text-sm hover:border-line-strong touch:h-11"
        >
          <Search className="size-4" aria-hidden />
          <span className="flex-1 text-left">{t('switcher.open')}</span>
          <kbd className="font-sans text-xs max-md:hidden">{modKey('K')}</kbd>
        </button>
      </div>
      <nav aria-label={t('chats.title')} className="scroller flex-1" data-region-focus>
        <NavLink to="/notifications" icon={<Bell className="size-4" />} count={unread}>
          {t('notifications.title')}
        </NavLink>
        <NavLink to="/people" icon={<Users className="size-4" />}>
          {t('people.title')}
        </NavLink>
        <NavLink to="/discover" icon={<Compass className="size-4" />}>
          {t('discover.title')}
        </NavLink>
        <ChatList />
      </nav>
    </div>
  );
}

interface NavLinkProps {
  to: '/notifications' | '/people' | '/discover';
  icon: ReactNode;
  count?: number;
  children: ReactNode;
}

function NavLink({ to, icon, count = 0, children }: NavLinkProps) {
  const { t } = useTranslation();
  return (
    <Link
      to={to}
      activeProps={{ className: 'bg-selected text-fg', 'aria-current': 'page' }}
      inactiveProps={{ className: 'text-muted hover:bg-hover' }}
      className="mx-2 flex h-8 items-center gap-2.5 rounded-sm px-2 text-sm outline-offset-[-2px] touch:h-11"
    >
      <span className="flex size-5 items-center justify-center" aria-hidden>
        {icon}
      </span>
      <span className={classes('flex-1', count > 0 && 'font-semibold text-fg')}>{children}</span>
      {count > 0 && (
        <span className="min-w-5 rounded-full bg-accent px-1.5 text-center font-semibold text-accent-fg text-xs leading-5 tabular-nums">
          <span aria-hidden>{count > 99 ? '99+' : count}</span>
          <span className="sr-only">{t('chats.unread', { count })}</span>
        </span>
      )}
    </Link>
  );
}
