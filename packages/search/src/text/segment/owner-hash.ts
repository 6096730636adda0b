/** A number for the drop of a document, by which it is found when the drop changes: FNV-1a over route and key, or tx of an event. */
export function ownerHash(route: string, key: string | null, tx: number): number {
  let hash = 0x811c9dc5;
  const add = (text: string): void => {
    for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  };
  add(route);
  add(key === null ? `\0\0${tx}` : `\0${key}`);
  return hash >>> 0;
}
