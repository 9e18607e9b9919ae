/** Gathers ids for a moment and asks for them together, at most 100 at a time. */
export function batched(load: (ids: string[]) => Promise<void>, waitMs = 20): (id: string) => void {
  let wanted = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = () => {
    timer = undefined;
    const ids = [...wanted];
    wanted = new Set();
    for (let at = 0; at < ids.length; at += 100) {
      // Who is missing is asked for again when somebody needs them again.
      load(ids.slice(at, at + 100)).catch(() => undefined);
    }
  };
  return (id) => {
    wanted.add(id);
    if (!timer) timer = setTimeout(run, waitMs);
  };
}
