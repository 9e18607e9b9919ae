import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { classes } from '@/lib/classes';

interface MenuProps {
  trigger: ReactElement;
  children: ReactNode;
  align?: 'start' | 'end';
  side?: 'top' | 'bottom';
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

// Not modal: the modal kind locks scrolling with an injected <style>, which the content security
// policy refuses, and rightly.
export function Menu({ trigger, children, align = 'end', side, open, onOpenChange }: MenuProps) {
  const control = open === undefined ? {} : { open };
  return (
    <DropdownMenu.Root modal={false} {...control} {...(onOpenChange ? { onOpenChange } : {})}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          {...(side ? { side } : {})}
          sideOffset={4}
          collisionPadding={8}
          className="appear z-40 max-h-(--radix-dropdown-menu-content-available-height) min-w-52 overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-float"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const itemClass =
  'flex min-h-8 cursor-pointer select-none items-center gap-2.5 rounded-sm px-2 py-1 text-sm outline-none data-disabled:cursor-default data-disabled:opacity-50 data-highlighted:bg-hover touch:min-h-11';

interface ItemProps {
  children: ReactNode;
  onSelect: () => void;
  icon?: ReactNode;
  hint?: string;
  danger?: boolean;
  disabled?: boolean;
}

export function MenuItem({ children, onSelect, icon, hint, danger, disabled }: ItemProps) {
  return (
    <DropdownMenu.Item
      disabled={disabled ?? false}
      onSelect={onSelect}
      className={classes(itemClass, danger && 'text-danger')}
    >
      <span className={classes('flex size-4 items-center', !danger && 'text-muted')}>{icon}</span>
      <span className="flex-1">{children}</span>
      {hint && <kbd className="font-sans text-muted text-xs">{hint}</kbd>}
    </DropdownMenu.Item>
  );
}

interface ChoiceProps {
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; label: string; icon?: ReactNode }[];
}

export function MenuChoice({ value, onChange, options }: ChoiceProps) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={onChange}>
      {options.map((option) => (
        <DropdownMenu.RadioItem key={option.value} value={option.value} className={itemClass}>
          <span className="flex size-4 items-center text-muted">{option.icon}</span>
          <span className="flex-1">{option.label}</span>
          <DropdownMenu.ItemIndicator>
            <Check className="size-4 text-accent" aria-hidden />
          </DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <DropdownMenu.Label className="px-2 pt-1.5 pb-1 font-medium text-muted text-xs">
      {children}
    </DropdownMenu.Label>
  );
}

export function MenuLine() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
}
