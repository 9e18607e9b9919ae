import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { queryClient } from '@/api/queries';
import { useSession } from '@/auth/session';
import { closeDrafts, draftOf, openDrafts, setDraft } from '@/lib/drafts';
import { outbox, useOutbox } from '@/realtime/outbox';
import { usePeopleStore } from '@/realtime/people';
import { useLink } from '@/realtime/socket';
import { ana, chatId, makeChat, makeMessage, makeUser, me } from '../../../test/make';
import { Composer } from './Composer';

const texts = () => useOutbox.getState().rows.map((row) => row.text);

function show(more: Partial<Parameters<typeof Composer>[0]> = {}) {
  const onSent = vi.fn();
  const onEditLast = vi.fn();
  render(
    <QueryClientProvider client={queryClient}>
      <Composer
        chat={makeChat()}
        title="Garden"
        replyTo={undefined}
        onSent={onSent}
        onEditLast={onEditLast}
        {...more}
      />
    </QueryClientProvider>,
  );
  return { box: screen.getByRole('textbox', { name: 'Message Garden' }), onSent, onEditLast };
}

describe('the composer', () => {
  beforeEach(() => {
    useSession.setState({ phase: 'signed_in', userId: me });
    usePeopleStore.setState({ byId: new Map([[ana, makeUser(ana, 'ana')]]) });
    queryClient.setQueryData(
      ['participants', chatId],
      [me, ana].map((user_id) => ({ user_id, role: 'member', joined_at: '' })),
    );
    openDrafts(me);
  });
  afterEach(async () => {
    closeDrafts(true);
    await outbox.stop(true);
    queryClient.clear();
  });

  it('has the focus when a chat is opened', () => {
    expect(show().box).toHaveFocus();
  });

  it('sends with Enter and is empty again', async () => {
    const { box, onSent } = show();
    await userEvent.type(box, 'Hello{Enter}');
    expect(texts()).toEqual(['Hello']);
    expect(box).toHaveValue('');
    expect(onSent).toHaveBeenCalledOnce();
  });

  it('begins a new line with Shift-Enter, and trims what it sends', async () => {
    const { box } = show();
    await userEvent.type(box, '  one{Shift>}{Enter}{/Shift}two  {Enter}');
    expect(texts()).toEqual(['one\ntwo']);
  });

  it('sends nothing when there is nothing', async () => {
    const { box } = show();
    await userEvent.type(box, '   {Enter}');
    expect(texts()).toEqual([]);
  });

  it('leaves Enter to an input method that is putting a character together', () => {
    const { box } = show();
    fireEvent.change(box, { target: { value: 'にほ' } });
    fireEvent.keyDown(box, { key: 'Enter', isComposing: true, keyCode: 229 });
    expect(texts()).toEqual([]);
  });

  it('keeps what was begun', async () => {
    const { box } = show();
    await userEvent.type(box, 'to be continued');
    expect(draftOf(chatId).text).toBe('to be continued');
  });

  it('counts near the limit, and refuses beyond it', () => {
    const { box } = show();
    fireEvent.change(box, { target: { value: 'x'.repeat(7_990) } });
    expect(screen.getByText('10 characters left')).toBeInTheDocument();
    fireEvent.change(box, { target: { value: 'x'.repeat(8_001) } });
    expect(screen.getByRole('alert')).toHaveTextContent('1 character too many');
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(texts()).toEqual([]);
  });

  it('counts characters as people do, not their halves', () => {
    const { box } = show();
    fireEvent.change(box, { target: { value: '🌱'.repeat(8_000) } });
    expect(screen.queryByRole('alert')).toBeNull();
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(texts()).toHaveLength(1);
  });

  it('edits the last message with ↑, but only when it is empty', async () => {
    const { box, onEditLast } = show();
    await userEvent.type(box, 'x{ArrowUp}');
    expect(onEditLast).not.toHaveBeenCalled();
    await userEvent.type(box, '{Backspace}{ArrowUp}');
    expect(onEditLast).toHaveBeenCalledOnce();
  });

  it('says what it answers, sends that along, and lets go of it with Esc', async () => {
    setDraft(chatId, { text: '', replyTo: 'm1' });
    const { box } = show({ replyTo: makeMessage(1) });
    expect(screen.getByText('Replying to Ana')).toBeInTheDocument();
    await userEvent.type(box, 'yes{Enter}');
    expect(useOutbox.getState().rows[0]?.reply_to).toBe('m1');
    setDraft(chatId, { text: '', replyTo: 'm1' });
    await screen.findByText('Replying to Ana');
    await userEvent.type(box, '{Escape}');
    expect(draftOf(chatId).replyTo).toBeNull();
  });

  it('completes a mention by keyboard, without leaving the text', async () => {
    const { box } = show();
    await userEvent.type(box, 'hi @a');
    const option = await screen.findByRole('option', { name: /Ana/ });
    expect(option).toHaveAttribute('aria-selected', 'true');
    expect(box).toHaveAttribute('aria-activedescendant', option.id);
    await userEvent.keyboard('{Enter}');
    expect(box).toHaveValue('hi @ana ');
    expect(texts()).toEqual([]);
    expect(screen.queryByRole('listbox')).toBeNull();
  });

  it('puts the offers away with Esc', async () => {
    const { box } = show();
    await userEvent.type(box, '@a');
    await screen.findByRole('listbox');
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(box).toHaveValue('@a');
  });

  it('makes bold what is selected', () => {
    const { box } = show();
    fireEvent.change(box, { target: { value: 'very big' } });
    (box as HTMLTextAreaElement).setSelectionRange(5, 8);
    fireEvent.keyDown(box, { key: 'b', ctrlKey: true });
    expect(box).toHaveValue('very **big**');
  });

  it('says that it waits while there is no connection, and takes messages all the same', async () => {
    useLink.setState({ link: 'offline' });
    const { box } = show();
    expect(box).toHaveAttribute('placeholder', expect.stringContaining('offline'));
    await userEvent.type(box, 'later{Enter}');
    expect(texts()).toEqual(['later']);
    useLink.setState({ link: 'connecting' });
  });
});
