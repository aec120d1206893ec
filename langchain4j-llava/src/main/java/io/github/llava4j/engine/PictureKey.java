package io.github.llava4j.engine;

/**
 * A picture in a cache.
 *
 * @param hash of its content: of the pixels where those count, of the encoded bytes where they are not decoded yet
 * @param overviewOnly whether only its overview tile is looked at
 * @param salt the tenant's, who shares nothing with others; empty for none
 */
record PictureKey(String hash, boolean overviewOnly, String salt) {}
