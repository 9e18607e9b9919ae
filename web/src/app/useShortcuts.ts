import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { inOrder, isUnread, sectionsOf } from '@/features/chats';
import { openDialog, useDialog } from '@/lib/dialogs';
import { withMod } from '@/lib/keyboard';
import { useChats } from '@/realtime/chats';

/** The keys that work everywhere. */
export function useShortcuts(): void {
  const navigate = useNavigate();
  const { chatId } = useParams({ strict: false });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (withMod(event) && event.key.toLowerCase() === 'k') openDialog({ kind: 'switcher' });
      else if (withMod(event) && event.key === '/') openDialog({ kind: 'shortcuts' });
      else if (useDialog.getState().open) return;
      else if (event.key === 'F6') cycleRegions(event.shiftKey ? -1 : 1);
      else if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
        const step = event.key === 'ArrowDown' ? 1 : -1;
        const next = neighbour(chatId, step, event.shiftKey);
        if (next) void navigate({ to: '/c/$chatId', params: { chatId: next } });
      } else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [navigate, chatId]);
}

function neighbour(chatId: string | undefined, step: number, unreadOnly: boolean) {
  const chats = inOrder(sectionsOf(useChats.getState().byId.values()));
  const at = chats.findIndex((chat) => chat.id === chatId);
  for (let tried = 1; tried <= chats.length; tried += 1) {
    const chat = chats[(at + step * tried + chats.length * 2) % chats.length];
    if (chat && chat.id !== chatId && (!unreadOnly || isUnread(chat))) return chat.id;
  }
  return undefined;
}

const regions = ['sidebar', 'timeline', 'page', 'composer', 'details'];
/** Where the focus goes in a region: its own stop first, then whatever can take it. */
const stops = [
  'article[tabindex="0"]',
  'a[data-chat][tabindex="0"]',
  'textarea',
  'input',
  'a[href]:not([tabindex="-1"])',
  'button:not([tabindex="-1"])',
];

/** F6: from one part of the window to the next. */
function cycleRegions(step: number): void {
  const present = regions.flatMap((name) => {
    const region = document.querySelector<HTMLElement>(`[data-region="${name}"]`);
    return region && region.offsetParent !== null ? region : [];
  });
  const at = present.findIndex((region) => region.contains(document.activeElement));
  const next = present[(at + step + present.length) % present.length];
  for (const stop of stops) {
    const target = next?.querySelector<HTMLElement>(stop);
    if (target) {
      target.focus();
      return;
    }
  }
}
