package io.github.llava4j.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.github.llava4j.CheckpointException;
import io.github.llava4j.PromptException;
import io.github.llava4j.kernels.Internal;
import io.github.llava4j.text.Turn.Content;
import io.github.llava4j.text.Turn.Role;
import io.github.llava4j.text.jinja.JinjaException;
import io.github.llava4j.text.jinja.Marked;
import io.github.llava4j.text.jinja.Template;
import org.jspecify.annotations.Nullable;

/**
 * The chat template in a model's own files, run as transformers runs it. Text of a conversation stays text: only what the
 * template itself writes is searched for special tokens and the picture's mark.
 *
 * <p>Templates differ in what they take a message's content for: a list of texts and pictures, as transformers gives it to
 * processors, or one text. Which it is for each role, whether system messages have a place, and what ends an answer, is
 * found by trying when the template is read. Where system messages have no place, their text goes to the front of the next
 * user turn, as is the custom with such models.
 */
@Internal
public final class JinjaTemplate implements ChatTemplate {

  private static final String AFTER_IMAGE = "\n";
  private static final String AFTER_SYSTEM = "\n\n";
  /** What a special token looks like that the vocabulary has as ordinary text, if at all. */
  private static final Pattern MARKUP = Pattern.compile("\\s*(<\\|[\\w ]+\\|>|</s>)");
  /** The published template of LLaVA-1.6-Mistral closes answers with this slip of the pen in place of the token. */
  private static final String SLIP = "<\\s>";

  /** What a message's content is to a template. */
  private enum Form { PARTS, TEXT }

  private final String name;
  private final Template template;
  private final Literals marks;
  private final String imageMark;
  private final @Nullable PromptPart begin;
  private final Map<String, @Nullable Object> variables = new LinkedHashMap<>();
  private final Map<Role, Form> forms = new LinkedHashMap<>();
  private final List<String> stopTokens = new ArrayList<>();
  private final List<String> stopStrings = new ArrayList<>();

  private JinjaTemplate(String name, Template template, Vocabulary vocabulary, Map<String, String> tokens) {
    this.name = name;
    this.template = template;
    this.imageMark = tokens.getOrDefault("image_token", PromptPart.IMAGE_MARK);
    Set<String> all = new HashSet<>(vocabulary.specials().keySet());
    all.add(imageMark);
    this.marks = new Literals(all);
    this.begin = vocabulary.addBos() ? new PromptPart.Special(vocabulary.pieces().get(vocabulary.bos())) : null;
    variables.put("tools", null);
    variables.put("documents", null);
    tokens.forEach((token, text) -> variables.put(token, Marked.of(text)));
  }

  /**
   * Reads a template and tries it.
   *
   * @param name what to call it in messages
   * @param source its text
   * @param tokens the names of special tokens that it may use, such as {@code eos_token}, and what they read
   * @throws CheckpointException if it is damaged, uses what is not supported, or writes neither text nor pictures
   */
  public static JinjaTemplate of(String name, String source, Vocabulary vocabulary, Map<String, String> tokens) {
    try {
      JinjaTemplate made =
          new JinjaTemplate(name, Template.parse(source.replace(SLIP, "</s>")), vocabulary, tokens);
      made.tryOut();
      return made;
    } catch (JinjaException e) {
      throw new CheckpointException(
          "the chat template in " + name + " cannot be used: " + e.getMessage() + "; to choose a known one, set template to "
              + String.join(", ", ChatTemplates.all().stream().map(ChatTemplate::name).toList()),
          e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> stopTokens() {
    return List.copyOf(stopTokens);
  }

  @Override
  public List<String> stopStrings() {
    return List.copyOf(stopStrings);
  }

  private void tryOut() {
    Turn user = new Turn(Role.USER, List.of(new Content.Image(), new Content.Text("Tell")));
    Turn answer = Turn.of(Role.ASSISTANT, "Told");
    find(Role.USER, List.of(user));
    if (!forms.containsKey(Role.USER)) {
      run(List.of(user), ImageOrder.TEMPLATE, true, Map.of(Role.USER, Form.PARTS));
      throw new JinjaException("it writes neither the text nor the picture of a user's turn");
    }
    find(Role.ASSISTANT, List.of(user, answer, user));
    find(Role.SYSTEM, List.of(Turn.of(Role.SYSTEM, "Be"), user));
    if (forms.containsKey(Role.ASSISTANT)) {
      findStops(List.of(user, answer));
    }
  }

  /** The form of a role's content that gets every text and picture of {@code turns} into the prompt; none if neither does. */
  private void find(Role role, List<Turn> turns) {
    for (Form form : Form.values()) {
      Map<Role, Form> tried = new LinkedHashMap<>(forms);
      tried.put(role, form);
      try {
        check(turns, run(turns, ImageOrder.TEMPLATE, true, tried));
        forms.put(role, form);
        return;
      } catch (JinjaException | PromptException e) {
        // the other form, or none
      }
    }
  }

  private void findStops(List<Turn> turns) {
    Marked text;
    try {
      text = run(turns, ImageOrder.TEMPLATE, false, forms);
    } catch (JinjaException e) {
      return;
    }
    int end = text.length();
    while (text.origin(end - 1) == 0) {
      end--;
    }
    List<PromptPart> after = parts(text.slice(end, text.length()));
    if (!after.isEmpty() && after.getFirst() instanceof PromptPart.Special(String token)) {
      stopTokens.add(token);
    }
    Matcher markup = MARKUP.matcher(text.text()).region(end, text.length());
    if (markup.lookingAt()) {
      stopStrings.add(markup.group(1));
    }
  }

  @Override
  public List<PromptPart> render(List<Turn> turns, ImageOrder order) {
    for (Turn turn : turns) {
      if (turn.role() == Role.SYSTEM && turn.contents().contains(new Content.Image())) {
        throw new PromptException("A system message cannot hold a picture");
      }
      if (turn.role() == Role.ASSISTANT && !forms.containsKey(Role.ASSISTANT)) {
        throw new PromptException("The chat template in " + name + " has no place for answers");
      }
    }
    List<Turn> said = forms.containsKey(Role.SYSTEM) ? turns : withoutSystem(turns);
    Marked text;
    try {
      text = run(said, order, true, forms);
    } catch (JinjaException e) {
      throw new PromptException("The chat template in " + name + " refuses this conversation: " + e.getMessage(), e);
    }
    check(said, text);
    List<PromptPart> parts = parts(text);
    boolean begins = begin != null && !parts.isEmpty() && parts.getFirst().equals(begin);
    return List.copyOf(begins ? parts.subList(1, parts.size()) : parts);
  }

  /** System texts in front of the next user turn, or as one where none follows. */
  private static List<Turn> withoutSystem(List<Turn> turns) {
    List<Turn> out = new ArrayList<>();
    List<Content> waiting = new ArrayList<>();
    for (Turn turn : turns) {
      if (turn.role() == Role.SYSTEM) {
        turn.contents().forEach(content -> waiting.add(
            content instanceof Content.Text(String text) ? new Content.Text(text + AFTER_SYSTEM) : content));
        continue;
      }
      if (turn.role() == Role.USER) {
        waiting.addAll(turn.contents());
      }
      if (!waiting.isEmpty()) {
        out.add(new Turn(Role.USER, waiting));
        waiting.clear();
      }
      if (turn.role() == Role.ASSISTANT) {
        out.add(turn);
      }
    }
    if (!waiting.isEmpty()) {
      out.add(new Turn(Role.USER, waiting));
    }
    return out;
  }

  private Marked run(List<Turn> turns, ImageOrder order, boolean opening, Map<Role, Form> forms) {
    List<Object> messages = new ArrayList<>();
    int number = 0;
    for (Turn turn : turns) {
      Map<Object, Object> message = new LinkedHashMap<>();
      message.put(Marked.of("role"), Marked.of(turn.role().name().toLowerCase(Locale.ROOT)));
      message.put(Marked.of("content"), content(turn, order, forms.get(turn.role()), number));
      messages.add(message);
      number += turn.contents().size();
    }
    Map<String, @Nullable Object> all = new LinkedHashMap<>(variables);
    all.put("messages", messages);
    all.put("add_generation_prompt", opening);
    return template.render(all);
  }

  /** @param number of contents before this turn: the origin of its first one, less one */
  private Object content(Turn turn, ImageOrder order, Form form, int number) {
    List<Content> contents = turn.contents();
    boolean pictures = contents.contains(new Content.Image());
    boolean oneText = order == ImageOrder.IN_PLACE && pictures
        || turn.role() != Role.USER && contents.size() > 1;
    if (form == Form.TEXT) {
      return text(contents, order, number);
    }
    if (oneText) {
      return List.of(part("text", text(contents, order, number)));
    }
    List<Object> parts = new ArrayList<>();
    for (int i = 0; i < contents.size(); i++) {
      parts.add(contents.get(i) instanceof Content.Text(String text)
          ? part("text", Marked.of(text, number + i + 1))
          : part("image", null));
    }
    return parts;
  }

  private static Map<Object, Object> part(String type, @Nullable Marked text) {
    Map<Object, Object> part = new LinkedHashMap<>();
    part.put(Marked.of("type"), Marked.of(type));
    if (text != null) {
      part.put(Marked.of("text"), text);
    }
    return part;
  }

  /** A turn as one text; the marks of its pictures are the template's, not the user's. */
  private Marked text(List<Content> contents, ImageOrder order, int number) {
    List<Content> ordered = new ArrayList<>(contents);
    if (order == ImageOrder.TEMPLATE) {
      ordered.sort(Comparator.comparing(Content.Text.class::isInstance));
    }
    List<Marked> pieces = new ArrayList<>();
    Iterator<Integer> origins = IntStream.range(0, contents.size())
        .filter(i -> contents.get(i) instanceof Content.Text)
        .mapToObj(i -> number + i + 1)
        .iterator();
    Interleaved.walk(ordered, AFTER_IMAGE, gap -> pieces.add(Marked.of(gap)), content -> pieces.add(
        switch (content) {
          case Content.Text(String text) -> Marked.of(text, origins.next());
          case Content.Image() -> Marked.of(imageMark);
        }));
    return pieces.stream().reduce(Marked.of(""), Marked::plus);
  }

  /** Refuses a prompt that lacks something of the conversation: it would be answered as if that had not been said. */
  private void check(List<Turn> turns, Marked prompt) {
    int[] written = new int[1 + turns.stream().mapToInt(turn -> turn.contents().size()).sum()];
    for (int i = 0; i < prompt.length(); i++) {
      written[prompt.origin(i)]++;
    }
    int number = 0;
    long pictures = 0;
    for (Turn turn : turns) {
      for (Content content : turn.contents()) {
        number++;
        switch (content) {
          case Content.Image() -> pictures++;
          case Content.Text(String text) -> {
            // White space may be trimmed, and of earlier answers what was thought and not said.
            int least = turn.role() == Role.ASSISTANT ? Math.min(1, text.strip().length()) : text.strip().length();
            if (written[number] < least) {
              throw new PromptException("The chat template in " + name + " leaves out a text of a message of the "
                  + turn.role().name().toLowerCase(Locale.ROOT) + ": " + (text.length() > 40 ? text.substring(0, 40) + " ..." : text));
            }
          }
        }
      }
    }
    long places = parts(prompt).stream().filter(PromptPart.Image.class::isInstance).count();
    if (places != pictures) {
      throw new PromptException(
          "The chat template in " + name + " has places for " + places + " of the " + pictures + " pictures");
    }
  }

  /** The prompt's parts: special tokens and pictures are looked for in what the template wrote. */
  private List<PromptPart> parts(Marked prompt) {
    List<PromptPart> parts = new ArrayList<>();
    for (int from = 0; from < prompt.length(); ) {
      boolean own = prompt.origin(from) == 0;
      int to = from + 1;
      while (to < prompt.length() && (own ? prompt.origin(to) == 0 : prompt.origin(to) == prompt.origin(from))) {
        to++;
      }
      String text = prompt.text().substring(from, to);
      if (own) {
        marks.split(
            text,
            run -> parts.add(new PromptPart.Text(run)),
            mark -> parts.add(
                mark.equals(imageMark) ? new PromptPart.Image() : new PromptPart.Special(mark)));
      } else {
        parts.add(new PromptPart.Text(text));
      }
      from = to;
    }
    return parts;
  }
}
