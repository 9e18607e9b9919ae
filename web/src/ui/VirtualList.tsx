import type { HTMLAttributes, ReactElement, Ref } from 'react';
import { useRef } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';

export type ListHandle = Pick<
  VirtualizerHandle,
  | 'scrollOffset'
  | 'scrollSize'
  | 'viewportSize'
  | 'findItemIndex'
  | 'getItemOffset'
  | 'getItemSize'
  | 'scrollToIndex'
>;

interface VirtualListProps<T>
  extends Omit<HTMLAttributes<HTMLDivElement>, 'onScroll' | 'onResize'> {
  items: readonly T[];
  render: (item: T, index: number) => ReactElement;
  handle: Ref<ListHandle>;
  /** True only in the render in which items were put before the first one. */
  prepended: boolean;
  keepMounted?: readonly number[];
  onScroll: () => void;
  onResize: () => void;
}

/**
 * A list of which only what is visible exists, growing at both ends without moving what is on
 * screen. The only place that knows which library does it.
 */
export function VirtualList<T>(props: VirtualListProps<T>) {
  const { items, render, handle, prepended, keepMounted, onScroll, onResize, ...rest } = props;
  const scroller = useRef<HTMLDivElement>(null);
  return (
    <div {...rest} ref={scroller}>
      {/* Few items stand at the bottom, where the next one will come. */}
      <div className="grow" />
      <Virtualizer
        ref={handle as Ref<VirtualizerHandle>}
        scrollRef={scroller}
        data={items}
        shift={prepended}
        bufferSize={600}
        {...(keepMounted ? { keepMounted } : {})}
        onScroll={onScroll}
        onResize={onResize}
      >
        {render}
      </Virtualizer>
    </div>
  );
}
