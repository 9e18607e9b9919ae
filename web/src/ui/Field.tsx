import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import { classes } from '@/lib/classes';

const boxClass =
  'w-full rounded-md border border-line-strong/60 bg-bg px-3 text-base placeholder:text-muted focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 disabled:opacity-60';

interface WrapProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
}

function Wrap({
  label,
  hint,
  error,
  id,
  children,
}: WrapProps & { id: string; children: ReactNode }) {
  return (
    <div className="mb-4">
      <label htmlFor={id} className="mb-1 block font-medium text-sm">
        {label}
      </label>
      {children}
      {error ? (
        <p id={`${id}-note`} role="alert" className="mt-1 text-danger text-sm">
          {error}
        </p>
      ) : (
        hint && (
          <p id={`${id}-note`} className="mt-1 text-muted text-sm">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

type InputProps = WrapProps &
  InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> };

export function TextField({ label, hint, error, className, ...rest }: InputProps) {
  const id = useId();
  return (
    <Wrap label={label} hint={hint} error={error} id={id}>
      <input
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-note` : undefined}
        className={classes(boxClass, 'h-9 touch:h-11', className)}
      />
    </Wrap>
  );
}

type AreaProps = WrapProps & TextareaHTMLAttributes<HTMLTextAreaElement>;

export function TextArea({ label, hint, error, className, ...rest }: AreaProps) {
  const id = useId();
  return (
    <Wrap label={label} hint={hint} error={error} id={id}>
      <textarea
        rows={3}
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-note` : undefined}
        className={classes(boxClass, 'resize-none py-2', className)}
      />
    </Wrap>
  );
}

type ChoiceProps = WrapProps &
  SelectHTMLAttributes<HTMLSelectElement> & {
    options: readonly { value: string; label: string }[];
  };

export function SelectField({ label, hint, error, options, className, ...rest }: ChoiceProps) {
  const id = useId();
  return (
    <Wrap label={label} hint={hint} error={error} id={id}>
      <select
        {...rest}
        id={id}
        aria-describedby={hint || error ? `${id}-note` : undefined}
        className={classes(boxClass, 'h-9 touch:h-11', className)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Wrap>
  );
}

type SearchProps = InputHTMLAttributes<HTMLInputElement> & {
  label: string;
  icon?: ReactNode;
  ref?: Ref<HTMLInputElement>;
};

/** A search box: its label is said, its icon shown. */
export function SearchField({ label, icon, className, ...rest }: SearchProps) {
  return (
    <div className={classes('relative', className)}>
      <span className="pointer-events-none absolute inset-y-0 left-3 flex items-center text-muted">
        {icon}
      </span>
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        {...rest}
        className={classes(boxClass, 'h-10 pl-9 touch:h-11')}
      />
    </div>
  );
}
