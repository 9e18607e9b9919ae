import { useState } from 'react';
import { classes } from '@/lib/classes';

const sizes = {
  small: 'size-5 text-[9px]',
  compact: 'size-7 text-xs',
  medium: 'size-9 text-sm',
  large: 'size-16 text-xl',
};

/** Hues whose pairs with the text on them are at least 4.5:1, in both themes. */
const hues = [
  'bg-[#e0e7ff] text-[#3730a3] dark:bg-[#2b2a5c] dark:text-[#c7d2fe]',
  'bg-[#dcfce7] text-[#166534] dark:bg-[#12382a] dark:text-[#a7f3d0]',
  'bg-[#fef3c7] text-[#854d0e] dark:bg-[#40320f] dark:text-[#fde68a]',
  'bg-[#fee2e2] text-[#991b1b] dark:bg-[#471f24] dark:text-[#fecaca]',
  'bg-[#fae8ff] text-[#86198f] dark:bg-[#411846] dark:text-[#f5d0fe]',
  'bg-[#cffafe] text-[#155e75] dark:bg-[#103640] dark:text-[#a5f3fc]',
  'bg-[#ffedd5] text-[#9a3412] dark:bg-[#45260f] dark:text-[#fed7aa]',
  'bg-[#e2e8f0] text-[#334155] dark:bg-[#2b3442] dark:text-[#cbd5e1]',
];

interface AvatarProps {
  /** Decides the hue, so that a person keeps it. */
  id: string;
  name: string;
  url?: string | null | undefined;
  size?: keyof typeof sizes;
  className?: string;
}

/** A person's picture, or their initials. Their name is beside it, so it says nothing itself. */
export function Avatar({ id, name, url, size = 'medium', className }: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null);
  const shape = classes(
    'inline-flex shrink-0 select-none items-center justify-center overflow-hidden font-semibold',
    size === 'small' ? 'rounded' : size === 'large' ? 'rounded-lg' : 'rounded-md',
    sizes[size],
    className,
  );
  if (url && broken !== url) {
    return (
      <img
        src={url}
        alt=""
        className={classes(shape, 'object-cover')}
        onError={() => setBroken(url)}
        loading="lazy"
      />
    );
  }
  return (
    // The initials are a picture, not text that anybody should hear or search for.
    <span
      aria-hidden
      // Not known yet is no question mark.
      data-initials={name && initials(name)}
      className={classes(
        shape,
        'before:content-[attr(data-initials)]',
        hues[hash(id) % hues.length],
      )}
    />
  );
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => (word ? [...word][0] : ''))
    .join('');
  return (letters || '?').toLocaleUpperCase();
}

/** Ids of one moment begin alike: their ends tell them apart. */
function hash(text: string): number {
  let sum = 0;
  for (const char of text.slice(-12)) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
  return sum;
}
