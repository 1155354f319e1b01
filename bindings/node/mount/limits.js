// How much of a request is read before it is given to the shop.

// The shop refuses what is larger than 1 MiB; this much is read so that it can say so.
export const MOST_BYTES = 2 * 1024 * 1024;
