/** The demo application. For now this is the command line, {@link io.github.llava4j.demo.cli}. */
package io.github.llava4j.demo;
