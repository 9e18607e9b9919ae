export { SettingsDialog } from './SettingsDialog';
export { SignOut } from './SignOut';
