/** JSON schemas on their way from LangChain4j into grammars and prompts, and answers checked against them. */
@NullMarked
@Internal
package io.github.llava4j.langchain4j.json;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
