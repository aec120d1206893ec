/** Auto-configuration: {@code langchain4j.llava.*} properties become an engine and LangChain4j models over it. */
@NullMarked
package io.github.llava4j.spring;

import org.jspecify.annotations.NullMarked;
