import { lazy, Suspense, useEffect } from 'react';
import { closeDialog, useDialog } from '@/lib/dialogs';

// None of these is needed for the first paint.
const Switcher = lazy(async () => ({ default: (await import('@/features/switcher')).Switcher }));
const NewChannel = lazy(async () => ({ default: (await import('./late')).NewChannel }));
const NewChat = lazy(async () => ({ default: (await import('./late')).NewChat }));
const PersonDialog = lazy(async () => ({ default: (await import('./late')).PersonDialog }));
const SettingsDialog = lazy(async () => ({
  default: (await import('@/features/settings')).SettingsDialog,
}));
const SignOut = lazy(async () => ({ default: (await import('@/features/settings')).SignOut }));
const Shortcuts = lazy(async () => ({ default: (await import('./Shortcuts')).Shortcuts }));

/** The one dialog that is open. */
export function Dialogs() {
  const open = useDialog((state) => state.open);
  // Who presses Ctrl-K types on at once: the switcher has to be here by then.
  useEffect(() => {
    const timer = setTimeout(
      () => void import('@/features/switcher').catch(() => undefined),
      1_500,
    );
    return () => clearTimeout(timer);
  }, []);
  return <Suspense fallback={null}>{open && dialogOf(open)}</Suspense>;
}

function dialogOf(open: NonNullable<ReturnType<typeof useDialog.getState>['open']>) {
  switch (open.kind) {
    case 'switcher':
      return <Switcher onClose={closeDialog} />;
    case 'new_chat':
      return <NewChat onClose={closeDialog} />;
    case 'new_channel':
      return <NewChannel onClose={closeDialog} />;
    case 'settings':
      return <SettingsDialog section={open.section} onClose={closeDialog} />;
    case 'person':
      return <PersonDialog key={open.userId} userId={open.userId} onClose={closeDialog} />;
    case 'shortcuts':
      return <Shortcuts onClose={closeDialog} />;
    case 'sign_out':
      return <SignOut onClose={closeDialog} />;
  }
}
