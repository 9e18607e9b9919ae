/** Writes at the caret as typing would, so that undo takes it back. */
export function insert(box: HTMLTextAreaElement, text: string): void {
  box.focus();
  // Nothing that replaced this command keeps the history of a text box.
  if (document.execCommand?.('insertText', false, text)) return;
  const { selectionStart, selectionEnd, value } = box;
  const next = value.slice(0, selectionStart) + text + value.slice(selectionEnd);
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set?.call(box, next);
  const caret = selectionStart + text.length;
  box.setSelectionRange(caret, caret);
  box.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Puts marks around what is selected. */
export function wrap(box: HTMLTextAreaElement, mark: string): void {
  const { selectionStart, selectionEnd, value } = box;
  const selected = value.slice(selectionStart, selectionEnd);
  insert(box, `${mark}${selected}${mark}`);
  const from = selectionStart + mark.length;
  box.setSelectionRange(from, from + selected.length);
}
