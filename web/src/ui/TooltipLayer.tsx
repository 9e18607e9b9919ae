import { useEffect, useRef } from 'react';

const WAIT_MS = 400;
const GAP_PX = 6;

/**
 * Shows the `data-tip` of what the pointer or the keyboard's focus is on: one for the whole app,
 * in the top layer, so that it is seen above dialogs too.
 */
export function TooltipLayer() {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let shownFor: Element | null = null;
    const hide = () => {
      clearTimeout(timer);
      shownFor = null;
      if (ref.current?.matches(':popover-open')) ref.current.hidePopover();
    };
    const soon = (target: EventTarget | null) => {
      const owner = target instanceof Element ? target.closest('[data-tip]') : null;
      if (owner === shownFor) return;
      hide();
      if (!owner) return;
      shownFor = owner;
      timer = setTimeout(() => place(ref.current, owner), WAIT_MS);
    };
    const onOver = (event: PointerEvent) => event.pointerType === 'mouse' && soon(event.target);
    const onFocus = (event: FocusEvent) =>
      event.target instanceof Element && event.target.matches(':focus-visible')
        ? soon(event.target)
        : hide();
    document.addEventListener('pointerover', onOver);
    document.addEventListener('focusin', onFocus);
    for (const event of ['pointerdown', 'keydown', 'scroll', 'focusout'] as const) {
      document.addEventListener(event, hide, true);
    }
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerover', onOver);
      document.removeEventListener('focusin', onFocus);
      for (const event of ['pointerdown', 'keydown', 'scroll', 'focusout'] as const) {
        document.removeEventListener(event, hide, true);
      }
    };
  }, []);
  return (
    <div
      ref={ref}
      popover="manual"
      aria-hidden
      className="appear pointer-events-none m-0 max-w-72 rounded-sm border-0 bg-fg px-2 py-1 font-medium text-bg text-xs"
    />
  );
}

function place(tip: HTMLDivElement | null, owner: Element): void {
  const text = owner.getAttribute('data-tip');
  if (!tip || !text || !owner.isConnected) return;
  tip.textContent = text;
  tip.showPopover();
  const box = owner.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const left = box.left + box.width / 2 - own.width / 2;
  const above = box.top - own.height - GAP_PX;
  tip.style.left = `${Math.max(8, Math.min(left, innerWidth - own.width - 8))}px`;
  tip.style.top = `${above > 8 ? above : box.bottom + GAP_PX}px`;
}
