/** Where the outbox keeps its entries: IndexedDB, or memory where the browser refuses it. */

export interface StoredEntry {
  client_id: string;
  owner: string;
}

/** A small durable set of entries, keyed by `client_id`, in the order of their ids. */
export interface EntryStore<E extends StoredEntry> {
  all(): Promise<E[]>;
  put(...entries: E[]): Promise<void>;
  remove(clientId: string): Promise<void>;
  /**
   * Takes the right to send until `until` (ms since the epoch); false while another holder has
   * it. Renewing one's own always succeeds.
   */
  lease(holder: string, until: number, now: number): Promise<boolean>;
}

const ENTRIES = "entries";
const LEASES = "leases";
/** Browsers at times never answer, when the database is opened or later: who waits goes on, ms. */
const PATIENCE = 3000;

/** Opens the database; falls back to memory when it can't be had (private mode, blocked, full). */
export async function openStore<E extends StoredEntry>(
  name = "foyer-outbox",
): Promise<EntryStore<E>> {
  const memory = memoryStore<E>();
  try {
    return backed(durableStore(await openDatabase(name)), memory);
  } catch {
    return memory;
  }
}

/** A disk that gets full, or is taken away, loses nothing: `memory` takes what it refuses. */
function backed<E extends StoredEntry>(disk: EntryStore<E>, memory: EntryStore<E>): EntryStore<E> {
  return {
    async all() {
      const [kept, held] = [await disk.all().catch(() => []), await memory.all()];
      const isHeld = (id: string) => held.some(({ client_id }) => client_id === id);
      return [...kept.filter(({ client_id }) => !isHeld(client_id)), ...held];
    },
    put: (...entries) => disk.put(...entries).catch(() => memory.put(...entries)),
    async remove(clientId) {
      await memory.remove(clientId);
      await disk.remove(clientId).catch(() => undefined);
    },
    lease: (...wanted) => disk.lease(...wanted).catch(() => true),
  };
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(ENTRIES, { keyPath: "client_id" });
      request.result.createObjectStore(LEASES);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = reject;
    request.onblocked = reject;
    setTimeout(reject, PATIENCE);
  });
}

function durableStore<E extends StoredEntry>(database: IDBDatabase): EntryStore<E> {
  function within<T>(
    table: string,
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore, give: (value: T) => void) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      let given: T;
      const transaction = database.transaction(table, mode);
      transaction.oncomplete = () => resolve(given);
      transaction.onabort = transaction.onerror = reject;
      setTimeout(reject, PATIENCE);
      work(transaction.objectStore(table), (value) => {
        given = value;
      });
    });
  }

  return {
    all: () =>
      within<E[]>(ENTRIES, "readonly", (store, give) => {
        const request = store.getAll();
        request.onsuccess = () => give(request.result);
      }),
    put: (...entries) =>
      within<void>(ENTRIES, "readwrite", (store) => {
        for (const entry of entries) store.put(entry);
      }),
    remove: (clientId) =>
      within<void>(ENTRIES, "readwrite", (store) => {
        store.delete(clientId);
      }),
    lease: (holder, until, now) =>
      within<boolean>(LEASES, "readwrite", (store, give) => {
        const request = store.get("send");
        request.onsuccess = () => {
          const held = request.result as { holder: string; until: number } | undefined;
          const free = !held || held.holder === holder || held.until <= now;
          if (free) store.put({ holder, until }, "send");
          give(free);
        };
      }),
  };
}

export function memoryStore<E extends StoredEntry>(): EntryStore<E> {
  const entries = new Map<string, E>();
  return {
    all: async () => [...entries.values()].sort((a, b) => (a.client_id < b.client_id ? -1 : 1)),
    put: async (...given) => {
      for (const entry of given) entries.set(entry.client_id, entry);
    },
    remove: async (clientId) => {
      entries.delete(clientId);
    },
    lease: async () => true,
  };
}
