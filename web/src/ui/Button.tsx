import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classes } from '@/lib/classes';

const tones = {
  primary: 'bg-accent text-accent-fg hover:bg-accent-hover disabled:opacity-50',
  plain: 'bg-raised text-fg border border-line hover:bg-hover disabled:opacity-50',
  quiet: 'text-muted hover:bg-hover hover:text-fg disabled:opacity-50',
  danger:
    'bg-danger-soft text-danger hover:brightness-95 disabled:opacity-50 dark:hover:brightness-125',
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  tone?: keyof typeof tones;
  small?: boolean;
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ tone = 'plain', small, busy, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={busy || undefined}
      {...rest}
      disabled={rest.disabled || busy}
      className={classes(
        'inline-flex shrink-0 items-center justify-center gap-2 rounded-md font-medium transition-colors duration-100',
        small ? 'h-8 px-3 text-sm touch:h-10' : 'h-9 px-4 text-sm touch:h-11',
        tones[tone],
        className,
      )}
    />
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
  /** Shown after the label, such as a keyboard shortcut. */
  hint?: string;
  small?: boolean;
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
}

/** A button that is only a picture: its name is in a tooltip, and told to screen readers. */
export function IconButton({ label, hint, small, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={hint ? `${label} (${hint})` : label}
      {...rest}
      className={classes(
        'inline-flex shrink-0 items-center justify-center rounded-sm text-muted transition-colors duration-100 hover:bg-hover hover:text-fg disabled:opacity-40 aria-expanded:bg-hover aria-expanded:text-fg aria-pressed:bg-selected aria-pressed:text-fg',
        small ? 'size-7 touch:size-9' : 'size-8 touch:size-11',
        className,
      )}
    >
      {children}
    </button>
  );
}
