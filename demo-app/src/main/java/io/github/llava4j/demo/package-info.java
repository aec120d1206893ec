/**
 * The demo application: a command line, {@link io.github.llava4j.demo.cli}, one of whose commands serves a web page and
 * a chat endpoint, {@link io.github.llava4j.demo.web}.
 */
@Internal
@NullMarked
package io.github.llava4j.demo;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
