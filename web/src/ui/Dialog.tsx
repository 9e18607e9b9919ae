import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { classes } from '@/lib/classes';
import { useTranslation } from '@/lib/i18n';
import { IconButton } from './Button';

interface DialogProps {
  title: string;
  /** Said, but not shown. */
  hideTitle?: boolean;
  onClose: () => void;
  children: ReactNode;
  width?: 'small' | 'medium' | 'large';
}

const widths = { small: 'sm:max-w-md', medium: 'sm:max-w-lg', large: 'sm:max-w-3xl' };

/**
 * The browser's own modal dialog: it keeps the focus in, gives it back, closes on Esc and makes
 * the rest inert without help.
 */
export function Dialog({ title, hideTitle, onClose, children, width = 'medium' }: DialogProps) {
  const { t } = useTranslation();
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    // React's autoFocus comes before the dialog is shown, when nothing in it can take the focus.
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc does for the keyboard what the backdrop does for the pointer.
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
      className={classes(
        'm-auto w-full max-w-full bg-raised p-0 shadow-float max-sm:mt-auto max-sm:mb-0 max-sm:rounded-b-none sm:w-[calc(100%-2rem)]',
        'max-h-[min(90dvh,48rem)] flex-col overflow-hidden rounded-lg border border-line open:flex',
        widths[width],
      )}
    >
      <div
        className={classes(
          'flex items-center justify-between gap-4 pt-4 pr-3 pb-2 pl-5',
          hideTitle && 'sr-only',
        )}
      >
        <h2 id={titleId} className="truncate font-semibold text-lg">
          {title}
        </h2>
        <IconButton label={t('common.close')} onClick={onClose}>
          <X className="size-4" aria-hidden />
        </IconButton>
      </div>
      {children}
    </dialog>
  );
}

export function DialogBody({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={classes('scroller flex-1 px-5 py-2', className)}>{children}</div>;
}

export function DialogFoot({ children }: { children: ReactNode }) {
  return <div className="flex justify-end gap-2 px-5 pt-3 pb-5">{children}</div>;
}
