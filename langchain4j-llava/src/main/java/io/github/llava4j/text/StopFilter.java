package io.github.llava4j.text;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import io.github.llava4j.PromptException;
import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Ends a stream of text at the first stop string. A tail that may be the beginning of a stop string is held back, so
 * that nothing of one is ever given out; how the text is cut into chunks makes no difference. Of several stop strings
 * the one that is complete first wins, and of those that end together the longest.
 */
@Internal
public final class StopFilter {

  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private @Nullable String found;

  /** @throws PromptException if a stop string is empty, which would stop before the first character */
  public StopFilter(Collection<String> stops) {
    if (stops.stream().anyMatch(String::isEmpty)) {
      throw new PromptException("A stop string is empty");
    }
    this.stops = stops.stream().distinct().sorted((a, b) -> b.length() - a.length()).toList();
  }

  /** Takes the next text and returns what may be given out; after a stop string, nothing. */
  public String append(String text) {
    if (stops.isEmpty()) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && found == null; i++) {
      held.append(text.charAt(i));
      step(out);
    }
    return out.toString();
  }

  /** Ends the stream: what was held back in vain. */
  public String finish() {
    String rest = held.toString();
    held.setLength(0);
    return rest;
  }

  /** The stop string that ended the text, if one did. */
  public Optional<String> found() {
    return Optional.ofNullable(found);
  }

  private void step(StringBuilder out) {
    for (String stop : stops) {
      int start = held.length() - stop.length();
      if (start >= 0 && held.indexOf(stop, start) == start) {
        found = stop;
        out.append(held, 0, start);
        held.setLength(0);
        return;
      }
    }
    int safe = 0;
    while (safe < held.length() && !mayBecomeStop(safe)) {
      safe++;
    }
    out.append(held, 0, safe);
    held.delete(0, safe);
  }

  private boolean mayBecomeStop(int from) {
    String tail = held.substring(from);
    for (String stop : stops) {
      if (stop.length() > tail.length() && stop.startsWith(tail)) {
        return true;
      }
    }
    return false;
  }
}
