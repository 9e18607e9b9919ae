import chats from './chats.json';
import common from './common.json';
import composer from './composer.json';
import discover from './discover.json';
import emoji from './emoji.json';
import errors from './errors.json';
import home from './home.json';
import members from './members.json';
import messages from './messages.json';
import notifications from './notifications.json';
import offline from './offline.json';
import people from './people.json';
import presence from './presence.json';
import roles from './roles.json';
import settings from './settings.json';
import shortcuts from './shortcuts.json';
import switcher from './switcher.json';
import welcome from './welcome.json';

// Fetched by language, hence the default export.
// biome-ignore lint/style/noDefaultExport: a language is a module of its own.
export default {
  chats,
  common,
  composer,
  discover,
  emoji,
  errors,
  home,
  members,
  messages,
  notifications,
  offline,
  people,
  presence,
  roles,
  settings,
  shortcuts,
  switcher,
  welcome,
};
