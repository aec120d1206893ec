/**
 * LangChain4j's interfaces over a {@link io.github.llava4j.engine.LlavaEngine}.
 *
 * <p>{@link io.github.llava4j.langchain4j.LlavaChatModel} and
 * {@link io.github.llava4j.langchain4j.LlavaStreamingChatModel} are thin: they translate a request, hand it to the
 * engine and translate what comes back. Both share one engine, so its weights are loaded once.
 */
@NullMarked
package io.github.llava4j.langchain4j;

import org.jspecify.annotations.NullMarked;
