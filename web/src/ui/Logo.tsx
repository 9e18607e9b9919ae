/** The mark: a letter that is also a thread with a knot. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M9 10.5h14M16 10.5v6.2c0 3 1.6 4.8 4.6 4.8"
        fill="none"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="11" cy="21" r="1.9" fill="#fff" />
    </svg>
  );
}
