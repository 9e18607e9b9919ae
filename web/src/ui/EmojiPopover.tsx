import { lazy, Suspense } from 'react';
import type { EmojiPopoverProps } from './EmojiMenu';

const EmojiMenu = lazy(() => import('./EmojiMenu'));

/** A button that opens every emoji there is. The picker and its data are fetched then. */
export function EmojiPopover(props: EmojiPopoverProps) {
  return (
    <Suspense fallback={props.trigger}>
      <EmojiMenu {...props} />
    </Suspense>
  );
}
