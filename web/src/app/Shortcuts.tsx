import { useTranslation } from '@/lib/i18n';
import { modKey } from '@/lib/keyboard';
import { Dialog, DialogBody } from '@/ui/Dialog';

export function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const rows = [
    [modKey('K'), t('shortcuts.switcher')],
    ['Alt ↓ / Alt ↑', t('shortcuts.next_chat')],
    ['Alt Shift ↓ / ↑', t('shortcuts.next_unread')],
    ['F6 / Shift F6', t('shortcuts.regions')],
    ['↑', t('shortcuts.edit_last')],
    [`${modKey('B')} / ${modKey('I')}`, t('shortcuts.format')],
    ['Shift Enter', t('shortcuts.new_line')],
    ['↑ ↓ Enter', t('shortcuts.messages')],
    ['R / E / U', t('shortcuts.message_keys')],
    ['Esc', t('shortcuts.escape')],
    [modKey('/'), t('shortcuts.this')],
  ] as const;
  return (
    <Dialog title={t('shortcuts.title')} onClose={onClose}>
      <DialogBody className="pb-5">
        <dl>
          {rows.map(([keys, what]) => (
            <div
              key={keys}
              className="flex items-center justify-between gap-4 border-line border-b py-2 text-sm last:border-b-0"
            >
              <dt>{what}</dt>
              <dd>
                <kbd className="whitespace-nowrap rounded-sm border border-line bg-panel px-1.5 py-0.5 font-sans text-xs">
                  {keys}
                </kbd>
              </dd>
            </div>
          ))}
        </dl>
      </DialogBody>
    </Dialog>
  );
}
