import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { create } from 'zustand';
import { useTranslation } from '@/lib/i18n';
import { IconButton } from './Button';

interface ToastContent {
  text: string;
  detail?: string;
  icon?: ReactNode;
  action?: { label: string; run: () => void };
  urgent?: boolean;
}

interface Toast extends ToastContent {
  id: number;
}

const useToasts = create<{ items: readonly Toast[] }>(() => ({ items: [] }));

let lastId = 0;
const SHOWN = 3;

/** Says something in the corner for some seconds. */
export function toast(content: ToastContent): void {
  lastId += 1;
  const id = lastId;
  useToasts.setState(({ items }) => ({ items: [...items.slice(1 - SHOWN), { ...content, id }] }));
  setTimeout(() => dismiss(id), content.action ? 9_000 : 5_000);
}

function dismiss(id: number): void {
  useToasts.setState(({ items }) => ({ items: items.filter((item) => item.id !== id) }));
}

export function Toaster() {
  const { t } = useTranslation();
  const items = useToasts((state) => state.items);
  return (
    <section
      aria-label={t('common.messages')}
      className="pointer-events-none fixed top-14 right-4 z-50 flex w-[min(22rem,calc(100vw-2rem))] flex-col gap-2"
    >
      {items.map((item) => (
        <div
          key={item.id}
          role={item.urgent ? 'alert' : 'status'}
          className="appear pointer-events-auto flex items-start gap-3 rounded-md border border-line bg-raised py-2 pr-1.5 pl-3 text-sm shadow-float"
        >
          {item.icon && <span className="mt-1.5">{item.icon}</span>}
          <div className="min-w-0 flex-1 py-1.5">
            <p className="line-clamp-2 break-words font-medium">{item.text}</p>
            {item.detail && <p className="line-clamp-2 break-words text-muted">{item.detail}</p>}
            {item.action && (
              <button
                type="button"
                className="mt-1 font-medium text-link hover:underline"
                onClick={() => {
                  item.action?.run();
                  dismiss(item.id);
                }}
              >
                {item.action.label}
              </button>
            )}
          </div>
          <IconButton small label={t('common.close')} onClick={() => dismiss(item.id)}>
            <X className="size-3.5" aria-hidden />
          </IconButton>
        </div>
      ))}
    </section>
  );
}
