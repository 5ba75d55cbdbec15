/** Blocking: done at once, without a question, and taken back by Undo. */

import type { Contact, VisitorBlock } from "@foyer/protocol";
import { explain } from "../../core/problems";
import { http } from "../../core/session";
import { toast } from "../../ui/Toast";
import { m } from "./messages";

/** Takes nothing any more of whoever is on the site with this id. */
export async function blockVisitor(visitorId: string, name: string): Promise<void> {
  await toastFailure(async () => {
    const { contact_id } = await http.post<VisitorBlock>(`/v1/visitors/${visitorId}/block`);
    toast({
      text: m.isBlocked({ name }),
      ...(contact_id && { undo: () => void setBlocked(contact_id, name, false) }),
    });
  });
}

/** Blocks a contact, or takes what they say again; `onChange` hears how they are then. */
export async function setBlocked(
  contactId: string,
  name: string,
  blocked: boolean,
  onChange: (next: Contact) => void = () => undefined,
): Promise<void> {
  await toastFailure(async () => {
    onChange(await http.patch<Contact>(`/v1/contacts/${contactId}`, { blocked }));
    toast({
      text: blocked ? m.isBlocked({ name }) : m.isUnblocked({ name }),
      undo: () => void setBlocked(contactId, name, !blocked, onChange),
    });
  });
}

async function toastFailure(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    toast({ text: explain(error), tone: "danger" });
  }
}
