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
}

const TABLE = "entries";
/** Browsers at times never answer, when the database is opened or later: who waits goes on, ms. */
const TIMEOUT = 3000;

/**
 * Opens the database. What it refuses or never answers (private mode, a full disk) is in
 * memory, so nothing is lost while the page lasts.
 */
export async function openStore<E extends StoredEntry>(
  name = "foyer-outbox",
): Promise<EntryStore<E>> {
  const database = await openDatabase(name).catch(() => undefined);
  const memory = new Map<string, E>();

  function transact<T>(
    mode: IDBTransactionMode,
    work: (table: IDBObjectStore) => IDBRequest<T>[],
  ): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      if (!database) return reject();
      const transaction = database.transaction(TABLE, mode);
      transaction.onabort = transaction.onerror = reject;
      setTimeout(reject, TIMEOUT);
      const [request] = work(transaction.objectStore(TABLE));
      transaction.oncomplete = () => resolve(request?.result);
    });
  }

  return {
    async all() {
      const stored = await transact<E[]>("readonly", (table) => [table.getAll()]).catch(() => []);
      const byId = new Map(stored?.map((entry) => [entry.client_id, entry]));
      return [...new Map([...byId, ...memory]).values()];
    },
    async put(...entries) {
      try {
        await transact("readwrite", (table) => entries.map((entry) => table.put(entry)));
      } catch {
        for (const entry of entries) memory.set(entry.client_id, entry);
      }
    },
    async remove(clientId) {
      memory.delete(clientId);
      await transact("readwrite", (table) => [table.delete(clientId)]).catch(() => undefined);
    },
  };
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(TABLE, { keyPath: "client_id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = reject;
    setTimeout(reject, TIMEOUT);
  });
}
