import { render } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { corpus } from '../../test/xss';
import { isOnlyEmoji, Markdown, plain, safeHref } from './md';

const html = (text: string) => render(<Markdown text={text} />).container.innerHTML;

const ALLOWED = new Set(
  'p strong em del code pre a br hr blockquote ul ol li table thead tbody tr th td span'
    .toUpperCase()
    .split(' '),
);
const ATTRIBUTES = new Set(['href', 'rel', 'target', 'class', 'start', 'tabindex']);

describe('Markdown', () => {
  it.each([
    [
      '**bold** _slanted_ ~~gone~~',
      '<p><strong>bold</strong> <em>slanted</em> <del>gone</del></p>',
    ],
    ['`a < b`', '<p><code>a &lt; b</code></p>'],
    ['one\ntwo', '<p>one<br>two</p>'],
    ['> said', '<blockquote><p>said</p></blockquote>'],
    ['# title', '<p><strong>title</strong></p>'],
    ['3. three', '<ol start="3"><li><span>three</span></li></ol>'],
    ['- [x] done', '<ul><li><span>☑ </span><span>done</span></li></ul>'],
    ['a & b < c', '<p>a &amp; b &lt; c</p>'],
    ['\\*literal\\*', '<p>*literal*</p>'],
    ['<b>not html</b>', '<p>&lt;b&gt;not html&lt;/b&gt;</p>'],
  ])('%j', (text, expected) => {
    expect(html(text)).toBe(expected);
  });

  it('follows links to the web and mail only', () => {
    expect(html('https://example.org/a')).toContain('href="https://example.org/a"');
    expect(html('[x](javascript:alert(1))')).toBe('<p>x</p>');
    expect(html('[x](/relative)')).toBe('<p>x</p>');
    expect(safeHref('JaVaScRiPt:alert(1)')).toBeNull();
    expect(safeHref('mailto:a@example.org')).toBe('mailto:a@example.org');
  });

  it('never fetches an image: it links to it', () => {
    expect(html('![cat](https://example.org/cat.png)')).toBe(
      '<p><a href="https://example.org/cat.png" rel="noopener noreferrer nofollow" target="_blank">cat</a></p>',
    );
  });

  it('points out who is mentioned, and only people who are there', () => {
    const { container } = render(
      <Markdown
        text="@ana and @nobody, mail@ana.org `@ana`"
        mention={(word) => (word === 'ana' ? { label: '@Ana', isMe: true } : null)}
      />,
    );
    const found = [...container.querySelectorAll('span')].map((span) => span.textContent);
    expect(found).toEqual(['@Ana']);
    expect(container.textContent).toBe('@Ana and @nobody, mail@ana.org @ana');
  });

  it('survives absurd nesting', () => {
    for (const text of [
      '>'.repeat(8_000),
      '[('.repeat(4_000),
      '*a '.repeat(2_600),
      `${'- '.repeat(3_000)}x`,
    ]) {
      const began = performance.now();
      expect(render(<Markdown text={text} />).container.textContent).not.toBe('');
      expect(performance.now() - began).toBeLessThan(4_000);
    }
  });

  it(`turns ${corpus.length} attacks into nothing but the allowed elements`, () => {
    expect(corpus.length).toBeGreaterThanOrEqual(200);
    for (const attack of corpus) {
      const { container, unmount } = render(<Markdown text={attack} />);
      for (const element of container.querySelectorAll('*')) {
        expect(ALLOWED, attack).toContain(element.tagName);
        for (const { name, value } of element.attributes) {
          expect(ATTRIBUTES, attack).toContain(name);
          if (name === 'href') expect(value, attack).toMatch(/^(https?:|mailto:)/);
        }
      }
      unmount();
    }
  });
});

describe('a preview', () => {
  it('is one line of plain text', () => {
    expect(plain('**Hi** [there](https://example.org)\n\n- a\n- b')).toBe('Hi there a b');
  });
});

describe('a message of emoji alone', () => {
  it.each(['👍', '👩‍👩‍👧 🎉', '🇧🇷', '❤️'])('%s is large', (text) => {
    expect(isOnlyEmoji(text)).toBe(true);
  });
  it.each(['hi 👍', '123', '👍👍👍👍👍👍', '', ' ', '#'])('%j is not', (text) => {
    expect(isOnlyEmoji(text)).toBe(false);
  });
});
