/** Rises when the truth is written in another way: a newer one cannot be read. */
export const truthFormat = 1;
