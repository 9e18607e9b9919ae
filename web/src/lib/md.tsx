import { Lexer, type Token, type Tokens } from 'marked';
import { Fragment, type ReactNode } from 'react';
import { CodeBlock } from './CodeBlock';

/** What `@word` stands for here, or null when it is only a word. */
export type ResolveMention = (word: string) => { label: string; isMe: boolean } | null;

const SCHEMES = new Set(['http:', 'https:', 'mailto:']);
/** Deeper than this nobody writes: what is deeper is shown as it was typed. */
const DEPTH_MAX = 12;
const CACHED = 400;

const cache = new Map<string, Token[] | null>();

interface MarkdownProps {
  text: string;
  mention?: ResolveMention;
  /** Stands after the last word. */
  tail?: ReactNode;
}

/**
 * Markdown as React elements. There is no HTML string on the way, so there is nothing to sanitise:
 * what is not one of the elements below is text.
 */
export function Markdown({ text, mention = () => null, tail }: MarkdownProps) {
  const tokens = lex(text);
  if (!tokens) {
    return (
      <p>
        {text}
        {tail}
      </p>
    );
  }
  const last = tokens.at(-1);
  if (!tail || last?.type !== 'paragraph') {
    return (
      <>
        {blocks(tokens, mention, 0)}
        {tail}
      </>
    );
  }
  return (
    <>
      {blocks(tokens.slice(0, -1), mention, 0)}
      <p>
        {inline(last.tokens, last.raw, mention, 1)}
        {tail}
      </p>
    </>
  );
}

function lex(text: string): Token[] | null {
  const held = cache.get(text);
  if (held !== undefined) return held;
  let tokens: Token[] | null = null;
  try {
    tokens = new Lexer({ gfm: true, breaks: true }).lex(text);
  } catch {
    // Absurdly nested text exhausts the stack: it is shown as it was typed.
  }
  cache.set(text, tokens);
  const oldest = cache.size > CACHED ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
  return tokens;
}

/** The address if it is one that may be followed. */
export function safeHref(href: string): string | null {
  try {
    const url = new URL(href);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** The text without its marks, for a line of preview. */
export function plain(text: string): string {
  const tokens = lex(text);
  if (!tokens) return text;
  return tokens.map(plainOf).join(' ').replace(/\s+/g, ' ').trim();
}

function plainOf(token: Token): string {
  if (token.type === 'list') return (token as Tokens.List).items.map(plainOf).join(' ');
  if ('tokens' in token && token.tokens) return token.tokens.map(plainOf).join('');
  if (token.type === 'br' || token.type === 'space') return ' ';
  return 'text' in token && typeof token.text === 'string' ? token.text : token.raw;
}

function blocks(tokens: Token[], mention: ResolveMention, depth: number): ReactNode[] {
  return tokens.map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the same text always gives the same tokens.
    <Fragment key={index}>{block(token, mention, depth)}</Fragment>
  ));
}

function block(token: Token, mention: ResolveMention, depth: number): ReactNode {
  if (depth > DEPTH_MAX) return token.raw;
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'paragraph':
      return <p>{inline(token.tokens, token.raw, mention, depth + 1)}</p>;
    case 'heading':
      // A message is not a document: its headings must not enter the page's outline.
      return (
        <p>
          <strong>{inline(token.tokens, token.raw, mention, depth + 1)}</strong>
        </p>
      );
    case 'code':
      return <CodeBlock code={token.text} language={token.lang ?? null} />;
    case 'blockquote':
      return <blockquote>{blocks(token.tokens ?? [], mention, depth + 1)}</blockquote>;
    case 'hr':
      return <hr />;
    case 'list':
      return listOf(token as Tokens.List, mention, depth);
    case 'table':
      return tableOf(token as Tokens.Table, mention, depth);
    case 'text':
      return <span>{inline(token.tokens, token.text, mention, depth + 1)}</span>;
    case 'html':
      return <p>{token.raw.trimEnd()}</p>;
    default:
      return inlineOne(token, mention, depth);
  }
}

function listOf(token: Tokens.List, mention: ResolveMention, depth: number): ReactNode {
  const items = token.items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the same text always gives the same items.
    <li key={index}>
      {item.task && <span>{item.checked ? '☑ ' : '☐ '}</span>}
      {blocks(
        item.tokens.filter((each) => each.type !== 'checkbox'),
        mention,
        depth + 1,
      )}
    </li>
  ));
  if (!token.ordered) return <ul>{items}</ul>;
  return <ol start={typeof token.start === 'number' ? token.start : 1}>{items}</ol>;
}

function tableOf(token: Tokens.Table, mention: ResolveMention, depth: number): ReactNode {
  const cells = (row: Tokens.TableCell[], Cell: 'th' | 'td') =>
    row.map((cell, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the same text always gives the same cells.
      <Cell key={index}>{inline(cell.tokens, cell.text, mention, depth + 1)}</Cell>
    ));
  return (
    <table>
      <thead>
        <tr>{cells(token.header, 'th')}</tr>
      </thead>
      <tbody>
        {token.rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same text always gives the same rows.
          <tr key={index}>{cells(row, 'td')}</tr>
        ))}
      </tbody>
    </table>
  );
}

function inline(
  tokens: Token[] | undefined,
  raw: string,
  mention: ResolveMention,
  depth: number,
): ReactNode {
  if (!tokens || depth > DEPTH_MAX) return raw;
  return tokens.map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the same text always gives the same tokens.
    <Fragment key={index}>{inlineOne(token, mention, depth)}</Fragment>
  ));
}

function inlineOne(token: Token, mention: ResolveMention, depth: number): ReactNode {
  const inner = () =>
    inline('tokens' in token ? token.tokens : undefined, textOf(token), mention, depth + 1);
  switch (token.type) {
    case 'strong':
      return <strong>{inner()}</strong>;
    case 'em':
      return <em>{inner()}</em>;
    case 'del':
      return <del>{inner()}</del>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'br':
      return <br />;
    case 'link':
      return linkTo(token.href, inner());
    case 'image':
      // Showing it would tell a stranger's server who reads what, and when.
      return linkTo(token.href, token.text || token.href);
    case 'text':
      if ('tokens' in token && token.tokens) return inner();
      return withMentions(token.text, mention);
    case 'escape':
      return token.text;
    default:
      return token.raw;
  }
}

function textOf(token: Token): string {
  return 'text' in token && typeof token.text === 'string' ? token.text : token.raw;
}

function linkTo(href: string, children: ReactNode): ReactNode {
  const safe = safeHref(href);
  if (!safe) return <>{children}</>;
  const isOurs = new URL(safe).origin === location.origin;
  return (
    <a href={safe} rel="noopener noreferrer nofollow" {...(isOurs ? {} : { target: '_blank' })}>
      {children}
    </a>
  );
}

const MENTION = /(^|[^\w@/.])@([a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])?)/gi;

function withMentions(text: string, mention: ResolveMention): ReactNode {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const match of text.matchAll(MENTION)) {
    const found = mention((match[2] ?? '').toLowerCase());
    if (!found) continue;
    const at = match.index + (match[1]?.length ?? 0);
    parts.push(text.slice(from, at));
    parts.push(
      <span
        key={at}
        className={`rounded px-0.5 font-medium ${found.isMe ? 'bg-mention text-mention-fg' : 'bg-accent-soft text-link'}`}
      >
        {found.label}
      </span>,
    );
    from = match.index + match[0].length;
  }
  if (parts.length === 0) return text;
  parts.push(text.slice(from));
  return parts;
}

const ONLY_EMOJI =
  /^(?:\p{RI}\p{RI}|\p{Emoji}(?:\p{EMod}|\uFE0F\u20E3?)?(?:\u200D\p{Emoji}(?:\p{EMod}|\uFE0F)?)*|\s)+$/u;

/** A few emoji and nothing else: shown larger. */
export function isOnlyEmoji(text: string): boolean {
  if (text.length > 64 || /[\d#*\n]/.test(text) || !ONLY_EMOJI.test(text)) return false;
  const seen = [...new Intl.Segmenter().segment(text)].filter(({ segment }) => segment.trim());
  return seen.length > 0 && seen.length <= 5;
}
