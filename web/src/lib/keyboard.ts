const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Ctrl, or Command where that is the habit. */
export function withMod(event: Pick<KeyboardEvent, 'ctrlKey' | 'metaKey'>): boolean {
  return isMac ? event.metaKey : event.ctrlKey;
}

/** "Ctrl K" or "⌘K", for hints. */
export function modKey(key: string): string {
  return isMac ? `⌘${key}` : `Ctrl ${key}`;
}

/** The key belongs to an input method that is putting a character together. */
export function isComposing(event: { nativeEvent: KeyboardEvent }): boolean {
  return event.nativeEvent.isComposing || event.nativeEvent.keyCode === 229;
}
