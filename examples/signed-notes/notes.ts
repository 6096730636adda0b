import { createClient, type Client } from '@drops/client';

interface Keypair {
  readonly public: string;
  readonly private: string;
}

/** Gets a new key of a server. Its private half is in this answer and nowhere else. */
export async function newKey(url: string): Promise<Keypair> {
  const answer = await createClient({ url }).drop('hello', 'first drop');
  const { keypair }: { readonly keypair: Keypair } = JSON.parse(JSON.stringify(answer));
  return keypair;
}

/** Notes that only their writer can read: they lie below the writer's own key. */
export function notesOf(client: Client) {
  const route = `${client.key ?? ''}/notes`;
  return {
    write: (id: string, text: string) =>
      client.exec(`save ${route} @"${id}" text: $text`, { params: { text } }),
    list: () => client.rows(`list ${route} then pick key, text`),
  };
}
