/** Every text of the dashboard in English, by area. Another language is another such object. */

import { app, problem } from "./messages/app.en";
import { auth } from "./messages/auth.en";
import { conversations } from "./messages/conversations.en";
import { contacts, visitors } from "./messages/people.en";
import { settings } from "./messages/settings.en";

export const m = { app, problem, auth, conversations, visitors, contacts, settings };
