/** Version of the IR's JSON form; it rises when a reader of an older one would misread it. */
export const irVersion = 1;
