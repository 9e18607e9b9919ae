export { NotificationsPage } from './NotificationsPage';
export { useArrivals } from './useArrivals';
export { useUnreadNotifications } from './useNotifications';
