import type { LogEvent, Message, MessagePage } from '@/api/types';

/**
 * A stretch of the timeline that is held without a hole: every message with `lo <= seq <= hi`.
 * `lo` 0 reaches the chat's first message, `hi` Infinity follows its newest.
 */
export interface Segment {
  readonly lo: number;
  readonly hi: number;
  readonly ids: readonly string[];
}

/**
 * What is held of one chat's log. `hi` is the last event applied; what comes out of order waits in
 * `pending`. Segments ascend and neither overlap nor touch.
 */
export interface TimelineState {
  readonly epoch: string | null;
  readonly hi: number;
  readonly byId: ReadonlyMap<string, Message>;
  readonly segments: readonly Segment[];
  readonly pending: ReadonlyMap<number, LogEvent>;
  /** The newest applied events, without a gap up to `hi`: they bring a late page up to date. */
  readonly recent: readonly LogEvent[];
}

/** What a page was asked for: it says which stretch the page covers. */
export type PageRequest =
  | { at: 'newest' }
  | { at: 'before'; seq: number }
  | { at: 'after'; seq: number }
  | { at: 'around'; seq: number };

export const emptyTimeline: TimelineState = {
  epoch: null,
  hi: 0,
  byId: new Map(),
  segments: [],
  pending: new Map(),
  recent: [],
};

const RECENT_MAX = 1_000;
/** Further behind than this, a fresh snapshot is cheaper than the events. */
export const BEHIND_MAX = 2_000;

export function isLoaded(state: TimelineState): boolean {
  return state.epoch !== null;
}

/** Events came that can't be applied yet: something before them is missing. */
export function hasGap(state: TimelineState): boolean {
  return isLoaded(state) && state.pending.size > 0;
}

/** The segment that follows the newest message, if it is held. */
export function tailOf(state: TimelineState): Segment | undefined {
  const last = state.segments.at(-1);
  return last?.hi === Number.POSITIVE_INFINITY ? last : undefined;
}

/** The segment that covers `seq`. */
export function segmentAt(state: TimelineState, seq: number): Segment | undefined {
  return state.segments.find((segment) => segment.lo <= seq && seq <= segment.hi);
}

/**
 * Applies events of the log: each exactly once, in the order of `seq`, however they arrive.
 * Answers the same object when nothing changes.
 */
export function applyEvents(state: TimelineState, events: readonly LogEvent[]): TimelineState {
  const draft = new Draft(state);
  for (const event of events) draft.take(event);
  return draft.done();
}

/**
 * Adds a page of messages. Answers `null` when the page is so old that the events since are no
 * longer held: it has to be asked for again.
 */
export function mergePage(
  state: TimelineState,
  page: MessagePage,
  request: PageRequest,
): TimelineState | null {
  if (!isLoaded(state) || state.epoch !== page.epoch) return snapshot(state, page, request);
  if (page.as_of_seq >= state.hi) return absorb(state, page.items, coverOf(page, request));

  const missed = state.recent.filter((event) => event.seq > page.as_of_seq);
  if (missed.length !== state.hi - page.as_of_seq) return null;
  const fresh = applyEvents(snapshot(emptyTimeline, page, request), missed);
  const segment = fresh.segments[0];
  return segment ? absorb(state, [...fresh.byId.values()], segment) : state;
}

/** Adds single messages in a known state, such as the answer to sending one. */
export function mergeMessages(state: TimelineState, messages: readonly Message[]): TimelineState {
  if (!isLoaded(state)) return state;
  const draft = new Draft(state);
  for (const message of messages) draft.put(message);
  return draft.done();
}

/** Forgets what is held and begins again from `page`; waiting events newer than it stay. */
export function snapshot(
  state: TimelineState,
  page: MessagePage,
  request: PageRequest,
): TimelineState {
  const sameLog = state.epoch === null || state.epoch === page.epoch;
  const waiting = sameLog ? [...state.pending.values()] : [];
  const start: TimelineState = { ...emptyTimeline, epoch: page.epoch, hi: page.as_of_seq };
  return applyEvents(absorb(start, page.items, coverOf(page, request)), waiting);
}

function coverOf(page: MessagePage, request: PageRequest): Pick<Segment, 'lo' | 'hi'> {
  const first = page.items[0]?.seq;
  const last = page.items.at(-1)?.seq;
  const lo = request.at === 'after' ? request.seq + 1 : page.has_before ? first : 0;
  const hi =
    request.at === 'before' ? request.seq - 1 : page.has_after ? last : Number.POSITIVE_INFINITY;
  // An empty page that claims more on a side says nothing about that side.
  const anchor = request.at === 'newest' ? 0 : request.seq;
  return { lo: lo ?? anchor, hi: hi ?? anchor };
}

function absorb(
  state: TimelineState,
  items: readonly Message[],
  cover: Pick<Segment, 'lo' | 'hi'>,
): TimelineState {
  const draft = new Draft(state);
  draft.cover(cover);
  for (const message of items) draft.put(message);
  return draft.done();
}

/** Copies what it changes, once, when it changes it. */
class Draft {
  readonly #from: TimelineState;
  #hi: number;
  #byId: ReadonlyMap<string, Message>;
  #segments: readonly Segment[];
  #pending: ReadonlyMap<number, LogEvent>;
  #recent: readonly LogEvent[];

  constructor(from: TimelineState) {
    this.#from = from;
    this.#hi = from.hi;
    this.#byId = from.byId;
    this.#segments = from.segments;
    this.#pending = from.pending;
    this.#recent = from.recent;
  }

  done(): TimelineState {
    const from = this.#from;
    if (
      this.#hi === from.hi &&
      this.#byId === from.byId &&
      this.#segments === from.segments &&
      this.#pending === from.pending
    ) {
      return from;
    }
    return {
      epoch: from.epoch,
      hi: this.#hi,
      byId: this.#byId,
      segments: this.#segments,
      pending: this.#pending,
      recent: this.#recent,
    };
  }

  take(event: LogEvent): void {
    if (event.seq <= this.#hi && isLoaded(this.#from)) return;
    if (event.seq !== this.#hi + 1 || !isLoaded(this.#from)) {
      if (this.#pending.has(event.seq)) return;
      this.#ownPending().set(event.seq, event);
      return;
    }
    this.#advance(event);
    for (;;) {
      const next = this.#pending.get(this.#hi + 1);
      if (!next) break;
      this.#advance(next);
    }
    this.#dropApplied();
  }

  #advance(event: LogEvent): void {
    this.#apply(event);
    this.#hi = event.seq;
    if (this.#recent === this.#from.recent) this.#recent = [...this.#recent];
    const recent = this.#recent as LogEvent[];
    recent.push(event);
    if (recent.length > RECENT_MAX * 1.5) recent.splice(0, recent.length - RECENT_MAX);
  }

  #apply(event: LogEvent): void {
    switch (event.kind) {
      case 'message_posted':
        this.put(event.message);
        if (event.message.thread_root_id) this.#countReply(event.message, event.seq);
        return;
      case 'message_edited':
        if (this.#byId.has(event.message.id)) this.put(event.message);
        return;
      case 'message_deleted':
        this.#change(event.message_id, event.seq, (message) => ({
          ...message,
          text: '',
          mentions: [],
          attachments: [],
          reactions: [],
          deleted_at: event.at,
        }));
        return;
      case 'reaction_added':
        this.#change(event.message_id, event.seq, (message) =>
          withReaction(message, event.emoji, event.user_id),
        );
        return;
      case 'reaction_removed':
        this.#change(event.message_id, event.seq, (message) =>
          withoutReaction(message, event.emoji, event.user_id),
        );
        return;
      case 'participant_joined':
      case 'participant_left':
      case 'participant_role_changed':
      case 'chat_updated':
      case 'chat_archived':
        // These change the chat, not its messages.
        return;
      default:
        event satisfies never;
    }
  }

  /** Takes over a message's state unless a newer one is held. */
  put(message: Message): void {
    const held = this.#byId.get(message.id);
    if (held) {
      if (held.version < message.version) this.#ownById().set(message.id, message);
      return;
    }
    if (message.thread_root_id && !message.also_in_chat) return;
    const index = this.#segments.findIndex(
      (segment) => segment.lo <= message.seq && message.seq <= segment.hi,
    );
    const segment = this.#segments[index];
    if (!segment) return;
    const ids = [...segment.ids];
    ids.splice(this.#placeOf(ids, message.seq), 0, message.id);
    this.#ownById().set(message.id, message);
    this.#segments = this.#segments.with(index, { ...segment, ids });
  }

  /** Notes that a stretch is held now, and joins the segments that it connects. */
  cover({ lo, hi }: Pick<Segment, 'lo' | 'hi'>): void {
    if (lo > hi || this.#segments.some((segment) => segment.lo <= lo && hi <= segment.hi)) return;
    const touches = (segment: Segment) => segment.lo <= hi + 1 && lo <= segment.hi + 1;
    const joined = this.#segments.filter(touches);
    const segment: Segment = {
      lo: Math.min(lo, ...joined.map((each) => each.lo)),
      hi: Math.max(hi, ...joined.map((each) => each.hi)),
      ids: joined.flatMap((each) => each.ids),
    };
    this.#segments = [...this.#segments.filter((each) => !touches(each)), segment].sort(
      (a, b) => a.lo - b.lo,
    );
  }

  #change(id: string, seq: number, change: (message: Message) => Message): void {
    const held = this.#byId.get(id);
    if (!held || held.version >= seq) return;
    this.#ownById().set(id, { ...change(held), version: seq });
  }

  #countReply(reply: Message, seq: number): void {
    if (!reply.thread_root_id) return;
    this.#change(reply.thread_root_id, seq, (root) => {
      const before = root.thread ?? { reply_count: 0, last_reply_at: null, user_ids: [] };
      const known = before.user_ids.includes(reply.sender_id) || before.user_ids.length >= 10;
      return {
        ...root,
        thread: {
          reply_count: before.reply_count + 1,
          last_reply_at: reply.created_at,
          user_ids: known ? before.user_ids : [...before.user_ids, reply.sender_id],
        },
      };
    });
  }

  /** Where a message of that `seq` belongs; nearly always at the end. */
  #placeOf(ids: readonly string[], seq: number): number {
    let low = 0;
    let high = ids.length;
    const last = this.#seqOf(ids[high - 1]);
    if (last < seq) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#seqOf(ids[middle]) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #seqOf(id: string | undefined): number {
    return (id === undefined ? undefined : this.#byId.get(id)?.seq) ?? -1;
  }

  #dropApplied(): void {
    if (this.#pending.size === 0) return;
    const waiting = [...this.#pending].filter(([seq]) => seq > this.#hi);
    if (waiting.length !== this.#pending.size) this.#pending = new Map(waiting);
  }

  #ownById(): Map<string, Message> {
    if (this.#byId === this.#from.byId) this.#byId = new Map(this.#byId);
    return this.#byId as Map<string, Message>;
  }

  #ownPending(): Map<number, LogEvent> {
    if (this.#pending === this.#from.pending) this.#pending = new Map(this.#pending);
    return this.#pending as Map<number, LogEvent>;
  }
}

/** The message as it looks with that reaction; the same object if it is there already. */
export function withReaction(message: Message, emoji: string, userId: string): Message {
  const at = message.reactions.findIndex((reaction) => reaction.emoji === emoji);
  const reaction = message.reactions[at];
  if (!reaction) {
    const added = { emoji, count: 1, user_ids: [userId] };
    return { ...message, reactions: [...message.reactions, added] };
  }
  if (reaction.user_ids.includes(userId)) return message;
  const user_ids = [...reaction.user_ids, userId];
  return {
    ...message,
    reactions: message.reactions.with(at, { emoji, count: user_ids.length, user_ids }),
  };
}

/** The message as it looks without that reaction. */
export function withoutReaction(message: Message, emoji: string, userId: string): Message {
  const at = message.reactions.findIndex((reaction) => reaction.emoji === emoji);
  const reaction = message.reactions[at];
  if (!reaction?.user_ids.includes(userId)) return message;
  const user_ids = reaction.user_ids.filter((id) => id !== userId);
  const reactions =
    user_ids.length === 0
      ? message.reactions.toSpliced(at, 1)
      : message.reactions.with(at, { emoji, count: user_ids.length, user_ids });
  return { ...message, reactions };
}
