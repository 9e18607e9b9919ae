// The wire's types under the names the app uses. They come from the Rust types by way of
// openapi.json (`npm run gen`): a field that changes there does not compile here.
import type { components } from './schema';

type Schemas = components['schemas'];

/** The generator calls every nullable field optional; the server always sends it. */
type Told<T> = T extends readonly (infer Item)[]
  ? Told<Item>[]
  : T extends object
    ? { [Field in keyof T]-?: Told<T[Field]> }
    : T;

/** But these fields are left out when there is nothing to say. */
type Omittable<T, Field extends keyof T> = Omit<T, Field> & Partial<Pick<T, Field>>;

export type ChatKind = Schemas['ChatKind'];
export type Visibility = Schemas['Visibility'];
export type Role = Schemas['Role'];
export type Notify = Schemas['Notify'];
export type PresenceState = Schemas['PresenceState'];

export type Status = Told<Schemas['Status']>;
export type User = Omittable<Told<Schemas['User']>, 'email'>;
export type Profile = Told<Schemas['Profile']>;
export type UpdateProfile = Schemas['UpdateProfile'];
export type Presence = Told<Schemas['Presence']>;
export type Session = Told<Schemas['Session']>;
export type AccessToken = Schemas['AccessToken'];
export type Connection = Omit<Told<Schemas['Connection']>, 'user'> & { user: User };

export type Reaction = Told<Schemas['Reaction']>;
export type Message = Told<Schemas['Message']>;
export type PostMessage = Schemas['PostMessage'];
export type MessagePage = Told<Schemas['MessagePage']>;
export type ReadPlace = Schemas['ReadAcknowledged'];

export type ChatInfo = Told<Schemas['ChatInfo']>;
export type Chat = Told<Schemas['Chat']>;
export type CreateChat = Schemas['CreateChat'];
export type UpdateChat = Schemas['UpdateChat'];
export type Participant = Told<Schemas['Participant']>;

export type LogEvent = Told<Schemas['Event']>;
export type EventPage = Told<Schemas['EventPage']>;

export type Notification = Omit<
  Omittable<Told<Schemas['Notification']>, 'chat_id' | 'message_id'>,
  'actor'
> & { actor: User | null };
export type Notifications = Omit<Told<Schemas['Notifications']>, 'items'> & {
  items: Notification[];
};

export type FieldError = Schemas['FieldError'];
export type Problem = Schemas['Problem'];

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
