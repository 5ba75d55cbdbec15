/** What is fetched of which module, in the order of the navigation. The first file that runs reads it. */

import { auth } from "../auth/parts";
import { contacts } from "../contacts/parts";
import { conversations } from "../conversations/parts";
import type { Parts } from "../core/module";
import { settings } from "../settings/parts";
import { visitors } from "../visitors/parts";

export const parts: readonly Parts[] = [conversations, visitors, contacts, settings, auth];
