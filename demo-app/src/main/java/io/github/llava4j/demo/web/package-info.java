/**
 * The web page and the chat endpoint, on Spring Web MVC over the starter's beans. A request carries its whole
 * conversation, pictures included: the server keeps nothing of it but the engine's caches, opens no file and fetches no
 * address that a client names.
 */
@Internal
@NullMarked
package io.github.llava4j.demo.web;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
