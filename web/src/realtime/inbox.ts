import type { LogEvent } from '@/api/types';

type Deliver = (chatId: string, events: LogEvent[]) => void;

let waiting: LogEvent[] = [];
let scheduled = false;
let deliver: Deliver = () => undefined;

/** Says where the events go. Called once. */
export function deliverTo(target: Deliver): void {
  deliver = target;
}

/** Takes an event of the log from wherever it comes; one delivery per chat and frame. */
export function receive(event: LogEvent): void {
  waiting.push(event);
  if (scheduled) return;
  scheduled = true;
  // Frames stop in a hidden tab, the log does not.
  if (document.visibilityState === 'visible') requestAnimationFrame(flush);
  else setTimeout(flush, 16);
}

/** Delivers what waits, now. */
export function flush(): void {
  scheduled = false;
  const byChat = new Map<string, LogEvent[]>();
  for (const event of waiting) {
    const events = byChat.get(event.chat_id);
    if (events) events.push(event);
    else byChat.set(event.chat_id, [event]);
  }
  waiting = [];
  for (const [chatId, events] of byChat) deliver(chatId, events);
}
