package io.github.llava4j.langchain4j;

import java.util.List;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelIT;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * LangChain4j's contract of a chat model, with flags that say what LLaVA can do. What a model with random
 * weights cannot know is asked in the form of {@link KnowledgeFree}.
 */
class LlavaChatModelContractTest extends AbstractChatModelIT {

  @Override
  protected List<ChatModel> models() {
    return List.of(model().build());
  }

  private static LlavaChatModel.Builder model() {
    return LlavaChatModel.builder().engine(Goldens.engine(Goldens.VICUNA));
  }

  @Override
  protected ChatModel createModelWith(ChatRequestParameters parameters) {
    return model().defaultRequestParameters(parameters).build();
  }

  @Override
  protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
    return LlavaChatRequestParameters.builder().maxOutputTokens(maxOutputTokens).build();
  }

  @Override
  protected Class<? extends ChatResponseMetadata> chatResponseMetadataType(ChatModel model) {
    return LlavaChatResponseMetadata.class;
  }

  @Override
  protected boolean supportsModelNameParameter() {
    return false;
  }

  @Override
  protected boolean supportsTools() {
    return false;
  }

  @Override
  protected boolean supportsToolChoiceRequired() {
    return false;
  }

  @Override
  protected boolean supportsJsonResponseFormat() {
    return false;
  }

  @Override
  protected boolean supportsJsonResponseFormatWithSchema() {
    return false;
  }

  @Override
  protected boolean supportsJsonResponseFormatWithRawSchema() {
    return false;
  }

  /** Only where the model's owner allows it; see PictureReaderTest. */
  @Override
  protected boolean supportsSingleImageInputAsPublicURL() {
    return false;
  }

  @Override
  @ParameterizedTest
  @MethodSource("models")
  protected void should_respect_user_message(ChatModel model) {
    knowledgeFree(model).userMessage();
  }

  @Override
  @ParameterizedTest
  @MethodSource("models")
  protected void should_respect_system_message(ChatModel model) {
    knowledgeFree(model).systemMessage();
  }

  @Override
  @ParameterizedTest
  @MethodSource("models")
  protected void should_respect_multiple_messages(ChatModel model) {
    knowledgeFree(model).multipleMessages();
  }

  @Override
  @ParameterizedTest
  @MethodSource("models")
  protected void should_respect_stopSequences_in_chat_request(ChatModel model) {
    knowledgeFree(model).stopSequences();
  }

  @Override
  @Test
  protected void should_respect_stopSequences_in_default_model_parameters() {
    new KnowledgeFree(request -> chat(createModelWith(request.parameters()), request).chatResponse()).stopSequences();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingImageInputs")
  protected void should_accept_single_image_as_base64_encoded_string(ChatModel model) {
    knowledgeFree(model).images(catImageContentBase64(), diceImageContentBase64());
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingImageInputs")
  protected void should_accept_multiple_images_as_base64_encoded_strings(ChatModel model) {
    knowledgeFree(model).images(diceImageContentBase64(), catImageContentBase64());
  }

  private KnowledgeFree knowledgeFree(ChatModel model) {
    return new KnowledgeFree(request -> chat(model, request).chatResponse());
  }
}
