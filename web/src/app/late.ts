// Dialogs of features whose other parts may be needed sooner: fetched when one is opened.
export { NewChannel } from '@/features/chats';
export { NewChat, PersonDialog } from '@/features/people';
