export { NewChat } from './NewChat';
export { PeoplePage } from './PeoplePage';
export { PeoplePicker } from './PeoplePicker';
export { PersonCard } from './PersonCard';
export { PersonDialog } from './PersonDialog';
export { usePersonActions } from './usePersonActions';
