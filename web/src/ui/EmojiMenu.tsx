import { Popover } from 'radix-ui';
import { lazy, type ReactElement, Suspense, useState } from 'react';

const EmojiPanel = lazy(() => import('./EmojiPanel'));

export interface EmojiPopoverProps {
  trigger: ReactElement;
  onPick: (emoji: string) => void;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  onCloseAutoFocus?: (event: Event) => void;
}

/** Fetched after the first paint, hence the default export. */
// biome-ignore lint/style/noDefaultExport: React.lazy asks for one.
export default function EmojiMenu({
  trigger,
  onPick,
  onCloseAutoFocus,
  ...control
}: EmojiPopoverProps) {
  const [ownOpen, setOwnOpen] = useState(false);
  const open = control.open ?? ownOpen;
  const setOpen = (next: boolean) => {
    setOwnOpen(next);
    control.onOpenChange?.(next);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={6}
          collisionPadding={8}
          align="end"
          {...(onCloseAutoFocus ? { onCloseAutoFocus } : {})}
          className="appear z-40 h-80 w-[min(20.5rem,calc(100vw-16px))] overflow-hidden rounded-lg border border-line bg-raised shadow-float"
        >
          <Suspense fallback={null}>
            <EmojiPanel
              onPick={(emoji) => {
                setOpen(false);
                onPick(emoji);
              }}
            />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
