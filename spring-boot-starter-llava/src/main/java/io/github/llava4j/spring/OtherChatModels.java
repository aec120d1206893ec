package io.github.llava4j.spring;

import java.util.Set;
import java.util.TreeSet;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import io.github.llava4j.langchain4j.LlavaChatModel;
import io.github.llava4j.langchain4j.LlavaStreamingChatModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Says so where another provider's models answer, although a LLaVA model is configured. */
record OtherChatModels(ConfigurableListableBeanFactory beans) implements SmartInitializingSingleton {

  private static final Logger LOG = LoggerFactory.getLogger(OtherChatModels.class);

  @Override
  public void afterSingletonsInstantiated() {
    Set<String> others = new TreeSet<>(names(ChatModel.class));
    others.addAll(names(StreamingChatModel.class));
    if (!others.isEmpty() && names(LlavaChatModel.class).isEmpty() && names(LlavaStreamingChatModel.class).isEmpty()) {
      LOG.warn("{}.model-path is set, but llavaChatModel and llavaStreamingChatModel step back for {}, which answers the"
              + " application's chats. Set {}.chat-model.enabled=true and {}.streaming-chat-model.enabled=true to have"
              + " them beside it",
          LlavaProperties.PREFIX, String.join(", ", others), LlavaProperties.PREFIX, LlavaProperties.PREFIX);
    }
  }

  private Set<String> names(Class<?> type) {
    return Set.of(beans.getBeanNamesForType(type, true, false));
  }
}
