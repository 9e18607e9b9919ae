export { ChatIcon } from './ChatIcon';
export { ChatList } from './ChatList';
export { NewChannel } from './NewChannel';
export { inOrder, isUnread, sectionsOf } from './order';
export { otherOf, useChatTitle } from './title';
