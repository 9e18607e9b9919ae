import { type ReactNode, useEffect, useState } from 'react';

/** Code, in colours once the highlighter is here. Most chats never need it, so it comes late. */
export function CodeBlock({ code, language }: { code: string; language: string | null }) {
  const [colours, setColours] = useState<ReactNode>(null);
  useEffect(() => {
    if (!language) return;
    let wanted = true;
    import('./highlight').then(
      ({ highlight }) => wanted && setColours(highlight(code, language)),
      // Without colours it can still be read.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [code, language]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, by keyboard too.
    <pre tabIndex={0}>
      <code>{colours ?? code}</code>
    </pre>
  );
}
