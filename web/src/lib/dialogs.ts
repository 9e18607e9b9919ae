import { create } from 'zustand';

export type SettingsSection = 'profile' | 'status' | 'preferences' | 'devices';

/** The one dialog that is open, whoever opened it. */
export type OpenDialog =
  | { kind: 'switcher' }
  | { kind: 'new_chat' }
  | { kind: 'new_channel' }
  | { kind: 'settings'; section: SettingsSection }
  | { kind: 'person'; userId: string }
  | { kind: 'shortcuts' }
  | { kind: 'sign_out' };

export const useDialog = create<{ open: OpenDialog | null }>(() => ({ open: null }));

export function openDialog(open: OpenDialog): void {
  useDialog.setState({ open });
}

export function closeDialog(): void {
  useDialog.setState({ open: null });
}
