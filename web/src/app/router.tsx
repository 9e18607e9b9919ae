import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { ChatPage } from '@/features/messages';
import { App } from './App';
import { Crashed, NotFound } from './Crashed';
import { Home } from './Home';

interface ChatSearch {
  /** A message to show. */
  m?: string | undefined;
  panel?: 'details' | undefined;
}

const rootRoute = createRootRoute({ errorComponent: Crashed, notFoundComponent: NotFound });

const appRoute = createRoute({ getParentRoute: () => rootRoute, id: 'app', component: App });

const homeRoute = createRoute({ getParentRoute: () => appRoute, path: '/', component: Home });

const chatRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/c/$chatId',
  component: ChatPage,
  errorComponent: Crashed,
  validateSearch: (search): ChatSearch => ({
    m: typeof search.m === 'string' ? search.m : undefined,
    panel: search.panel === 'details' ? 'details' : undefined,
  }),
});

const peopleRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/people',
  component: lazyRouteComponent(() => import('@/features/people'), 'PeoplePage'),
});

const discoverRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/discover',
  component: lazyRouteComponent(() => import('@/features/discover'), 'DiscoverPage'),
});

const notificationsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/notifications',
  component: lazyRouteComponent(() => import('@/features/notifications'), 'NotificationsPage'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    appRoute.addChildren([homeRoute, chatRoute, peopleRoute, discoverRoute, notificationsRoute]),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
