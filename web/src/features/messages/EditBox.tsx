import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Message } from '@/api/types';
import { useTranslation } from '@/lib/i18n';
import { isComposing } from '@/lib/keyboard';
import { sentenceOf } from '@/lib/sentence';
import { deleteMessage, editMessage } from '@/realtime/actions';
import { Button } from '@/ui/Button';
import { Confirm } from '@/ui/Confirm';
import { toast } from '@/ui/toast';

const TEXT_MAX = 8_000;

/** A message of mine being rewritten in its place. */
export function EditBox({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(message.text);
  const [asking, setAsking] = useState(false);
  const ref = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
    box.scrollIntoView({ block: 'nearest' });
  }, []);

  const save = () => {
    const next = text.trim();
    if (next.length > TEXT_MAX) return;
    if (!next) {
      setAsking(true);
      return;
    }
    onClose();
    if (next === message.text) return;
    editMessage(message, next).catch((error) =>
      toast({ text: t('messages.edit_failed'), detail: sentenceOf(t, error), urgent: true }),
    );
  };

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (isComposing(event)) return;
    if (event.key === 'Escape') onClose();
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      save();
    }
  };

  return (
    <div className="my-1">
      <textarea
        ref={ref}
        value={text}
        aria-label={t('messages.edit_label')}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        className="field-sizing-content max-h-80 min-h-10 w-full resize-none rounded-md border border-line-strong/60 bg-bg px-3 py-2 focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0"
      />
      <div className="mt-1 flex items-center gap-2">
        <Button small tone="primary" onClick={save} disabled={text.trim().length > TEXT_MAX}>
          {t('common.save')}
        </Button>
        <Button small onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <span className="text-muted text-xs max-sm:hidden">{t('messages.edit_hint')}</span>
      </div>
      {asking && (
        <Confirm
          title={t('messages.delete_title')}
          text={t('messages.delete_text')}
          action={t('messages.delete')}
          onConfirm={() => deleteMessage(message)}
          onClose={onClose}
        />
      )}
    </div>
  );
}
