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
 * weights cannot know is asked in the form of {@link KnowledgeFree} and {@link KnowledgeFreeTools}.
 */
class LlavaChatModelContractTest extends AbstractChatModelIT {

  @Override
  protected List<ChatModel> models() {
    return List.of(model().build());
  }

  /** A model with random weights would not end strings and answers. */
  @Override
  protected List<ChatModel> modelsSupportingTools() {
    return List.of(LlavaChatModel.builder().engine(Goldens.mini()).build());
  }

  @Override
  protected List<ChatModel> modelsSupportingStructuredOutputs() {
    return modelsSupportingTools();
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

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingTools")
  protected void should_execute_a_tool_then_answer(ChatModel model) {
    tools(model).toolThenAnswer();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingTools")
  protected void should_execute_a_tool_without_arguments_then_answer(ChatModel model) {
    tools(model).toolWithoutArguments();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingTools")
  protected void should_execute_multiple_tools_in_parallel_then_answer(ChatModel model) {
    tools(model).toolsInParallel();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingTools")
  protected void should_force_LLM_to_execute_any_tool(ChatModel model) {
    tools(model).anyTool();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingTools")
  protected void should_force_LLM_to_execute_specific_tool(ChatModel model) {
    tools(model).specificTool();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingTools")
  protected void should_execute_a_tool_then_answer_respecting_JSON_response_format_with_schema(ChatModel model) {
    tools(model).toolThenJson();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingStructuredOutputs")
  protected void should_respect_JSON_response_format(ChatModel model) {
    tools(model).json();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingStructuredOutputs")
  protected void should_respect_JSON_response_format_with_schema(ChatModel model) {
    tools(model).jsonWithSchema();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingStructuredOutputs")
  protected void should_respect_JsonRawSchema_responseFormat(ChatModel model) {
    tools(model).jsonWithRawSchema();
  }

  private KnowledgeFreeTools tools(ChatModel model) {
    return new KnowledgeFreeTools(request -> chat(model, request));
  }
}
