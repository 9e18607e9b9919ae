import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { Refusal, Unreachable } from '@/api/problem';
import { speak } from '@/lib/i18n';
import { Avatar, initials } from './Avatar';
import { Confirm } from './Confirm';
import { TextField } from './Field';
import { PresenceDot } from './PresenceDot';
import { Empty, ErrorLine, Failed, SkeletonRows } from './States';
import { Toaster, toast } from './toast';

describe('a failure', () => {
  it('is told in a sentence, with a way to try again and the id of the request', async () => {
    const onRetry = vi.fn();
    render(
      <Failed error={new Refusal({ status: 500, code: 'internal' }, 'req-9')} onRetry={onRetry} />,
    );
    expect(screen.getByRole('alert')).toHaveTextContent('Something went wrong on the server.');
    expect(screen.getByText('req-9')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(onRetry).toHaveBeenCalledOnce();
  });

  it('to reach the server says that it mends itself', () => {
    render(<Failed error={new Unreachable()} />);
    expect(screen.getByRole('alert')).toHaveTextContent('The server can’t be reached.');
    expect(screen.getByText(/tried again by itself/)).toBeInTheDocument();
  });

  it.each([
    ['chat_archived', 409, 'This chat is archived.'],
    ['last_owner', 409, /only owner/],
    ['something_new', 403, 'You are not allowed to do this.'],
    ['something_new', 422, 'The server refused this.'],
  ])('%s (%i) has words', (code, status, words) => {
    render(<ErrorLine error={new Refusal({ status, code })} />);
    expect(screen.getByRole('alert')).toHaveTextContent(words);
  });

  it('is told in the language of the reader, also when that changes', async () => {
    render(<ErrorLine error={new Unreachable()} />);
    await waitFor(() => speak('pt-BR'));
    expect(await screen.findByText('Não foi possível contatar o servidor.')).toBeInTheDocument();
    await speak('en');
  });
});

describe('waiting and emptiness', () => {
  it('are told to who can’t see them', () => {
    render(
      <>
        <SkeletonRows count={3} />
        <Empty title="Nothing" text="Yet" />
      </>,
    );
    expect(screen.getByRole('status', { name: 'Loading' })).toBeInTheDocument();
    expect(screen.getByText('Yet')).toBeInTheDocument();
  });
});

describe('a question', () => {
  const ask = (onConfirm: () => Promise<unknown>) => {
    const onClose = vi.fn();
    render(
      <Confirm
        title="Sure?"
        text="Really"
        action="Do it"
        onConfirm={onConfirm}
        onClose={onClose}
      />,
    );
    return onClose;
  };

  it('is answered with yes', async () => {
    const onConfirm = vi.fn(async () => undefined);
    const onClose = ask(onConfirm);
    expect(screen.getByRole('dialog', { name: 'Sure?' })).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Do it' }));
    expect(onConfirm).toHaveBeenCalledOnce();
    expect(onClose).toHaveBeenCalledOnce();
  });

  it('is answered with no, by a button or by Esc', async () => {
    const onConfirm = vi.fn(async () => undefined);
    const onClose = ask(onConfirm);
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    fireEvent(screen.getByRole('dialog'), new Event('cancel', { cancelable: true }));
    expect(onClose).toHaveBeenCalledTimes(2);
    expect(onConfirm).not.toHaveBeenCalled();
  });

  it('stays, and says why, when it can’t be done', async () => {
    const onClose = ask(async () => {
      throw new Refusal({ status: 409, code: 'last_owner' });
    });
    await userEvent.click(screen.getByRole('button', { name: 'Do it' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(/only owner/);
    expect(onClose).not.toHaveBeenCalled();
    expect(screen.getByRole('button', { name: 'Do it' })).toBeEnabled();
  });
});

describe('a field', () => {
  it('is tied to its label and to what is wrong with it', () => {
    render(<TextField label="Name" error="Too short" defaultValue="x" />);
    const field = screen.getByLabelText('Name');
    expect(field).toBeInvalid();
    expect(field).toHaveAccessibleDescription('Too short');
  });
});

describe('a face', () => {
  it.each([
    ['Ana', 'A'],
    ['Ana Lúcia Prado', 'AP'],
    ['  ', '?'],
    ['🌱 Garden', '🌱G'],
  ])('of %j is %s', (name, letters) => {
    expect(initials(name)).toBe(letters);
  });

  it('falls back to initials when the picture is gone', () => {
    const { container } = render(<Avatar id="1" name="Ana" url="/gone.png" />);
    const image = container.querySelector('img');
    expect(image).toHaveAttribute('alt', '');
    if (image) fireEvent.error(image);
    expect(container.querySelector('[data-initials="A"]')).not.toBeNull();
  });

  it('tells presence in words too', () => {
    render(<PresenceDot state="dnd" />);
    expect(screen.getByRole('img', { name: 'Do not disturb' })).toBeInTheDocument();
  });
});

describe('a word in the corner', () => {
  it('can be acted on, and goes away', async () => {
    const run = vi.fn();
    render(<Toaster />);
    toast({ text: 'Ana wrote to you', action: { label: 'Show', run } });
    await userEvent.click(await screen.findByRole('button', { name: 'Show' }));
    expect(run).toHaveBeenCalledOnce();
    await waitFor(() => expect(screen.queryByText('Ana wrote to you')).toBeNull());
  });

  it('never piles up', async () => {
    render(<Toaster />);
    for (let at = 0; at < 6; at += 1) toast({ text: `word ${at}`, urgent: true });
    expect(await screen.findAllByRole('alert')).toHaveLength(3);
  });
});
