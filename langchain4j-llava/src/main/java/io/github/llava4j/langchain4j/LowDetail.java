package io.github.llava4j.langchain4j;

import dev.langchain4j.data.message.ImageContent.DetailLevel;

/**
 * What {@link DetailLevel#LOW} means. LangChain4j sends it whenever the user named no level, so by itself it does not
 * say that anybody wants less than the model can see.
 *
 * <p>All other levels always mean every tile that the checkpoint's configuration gives a picture: LLaVA knows nothing
 * between that and its overview, so {@code MEDIUM} is not less than {@code HIGH}, and {@code AUTO}, which leaves the
 * choice to the model, is what the model was made for. A checkpoint without tiles (LLaVA-1.5) sees the same at every
 * level.
 */
public enum LowDetail {

  /** Like the other levels: what the checkpoint's configuration says. */
  AS_CONFIGURED,

  /** Only the overview, the picture scaled to one tile: several times faster, and small print is lost. */
  OVERVIEW;

  boolean overviewOnly(DetailLevel level) {
    return this == OVERVIEW && level == DetailLevel.LOW;
  }
}
