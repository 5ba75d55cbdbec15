import type { Contact, Page } from "@foyer/protocol";
import { plain } from "@foyer/protocol/markdown/plain";
import { signal } from "@preact/signals";
import { MessageSquare, UserRound } from "lucide";
import { conversations } from "../../conversations/store";
import { commands } from "../../core/commands";
import { m } from "../../core/messages.en";
import { navigate } from "../../core/router";
import { http } from "../../core/session";
import { CommandPalette, type PaletteItem } from "../../ui/CommandPalette";

const open = signal(false);

export function openPalette(): void {
  open.value = true;
}

/** Runs every command that makes sense now; finds conversations and contacts. */
export function Palette() {
  if (!open.value) return null;
  return (
    <CommandPalette
      label={m.app.search}
      placeholder={m.app.searchPlaceholder}
      emptyText={m.app.searchEmpty}
      items={[...commandItems(), ...conversationItems()]}
      search={findContacts}
      onClose={() => {
        open.value = false;
      }}
    />
  );
}

function commandItems(): PaletteItem[] {
  return commands.value
    .filter((command) => !command.keyOnly && (command.when?.() ?? true))
    .map(({ id, label, group, icon, keys, also, run }) => ({
      id,
      label,
      group,
      icon,
      keys,
      also,
      run,
    }));
}

function conversationItems(): PaletteItem[] {
  return Object.values(conversations.value.byId)
    .sort((a, b) => (a.last_activity_at < b.last_activity_at ? 1 : -1))
    .map((one) => ({
      id: one.id,
      label: one.contact.name,
      group: m.app.groups.conversations,
      icon: MessageSquare,
      note: one.last_message ? plain(one.last_message.text) : m.conversations.status[one.status],
      also: `${one.contact.email ?? ""} ${one.last_message?.text ?? ""}`,
      run: () => navigate(`/conversations/${one.id}`),
    }));
}

async function findContacts(query: string, signal: AbortSignal): Promise<PaletteItem[]> {
  const page = await http.get<Page<Contact>>("/v1/contacts", { query, limit: 8 }, { signal });
  return page.data.map((contact) => ({
    id: contact.id,
    label: contact.name || m.contacts.unnamed,
    group: m.app.groups.contacts,
    icon: UserRound,
    note: contact.email ?? contact.phone ?? undefined,
    run: () => navigate(`/contacts/${contact.id}`),
  }));
}
