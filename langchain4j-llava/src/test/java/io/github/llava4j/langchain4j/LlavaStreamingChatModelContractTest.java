package io.github.llava4j.langchain4j;

import java.util.List;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.InOrder;

/**
 * LangChain4j's contract of a streaming chat model, with flags that say what LLaVA can do. What a model with random
 * weights cannot know is asked in the form of {@link KnowledgeFree} and {@link KnowledgeFreeTools}.
 */
class LlavaStreamingChatModelContractTest extends AbstractStreamingChatModelIT {

  @Override
  protected List<StreamingChatModel> models() {
    return List.of(model().build());
  }

  /** A model with random weights would not end strings and answers. */
  @Override
  protected List<StreamingChatModel> modelsSupportingTools() {
    return List.of(LlavaStreamingChatModel.builder().engine(Goldens.mini()).build());
  }

  @Override
  protected List<StreamingChatModel> modelsSupportingStructuredOutputs() {
    return modelsSupportingTools();
  }

  private static LlavaStreamingChatModel.Builder model() {
    return LlavaStreamingChatModel.builder().engine(Goldens.engine(Goldens.VICUNA));
  }

  @Override
  protected StreamingChatModel createModelWith(ChatRequestParameters parameters) {
    return model().defaultRequestParameters(parameters).build();
  }

  /** None, which leaves out tests that wait for "Berlin"; LlavaStreamingChatModelTest has them for any answer. */
  @Override
  public StreamingChatModel createModelWith(ChatModelListener listener) {
    return null;
  }

  @Override
  protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
    return LlavaChatRequestParameters.builder().maxOutputTokens(maxOutputTokens).build();
  }

  @Override
  protected Class<? extends ChatResponseMetadata> chatResponseMetadataType(StreamingChatModel model) {
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
  protected void should_respect_user_message(StreamingChatModel model) {
    knowledgeFree(model).userMessage();
  }

  @Override
  @ParameterizedTest
  @MethodSource("models")
  protected void should_respect_system_message(StreamingChatModel model) {
    knowledgeFree(model).systemMessage();
  }

  @Override
  @ParameterizedTest
  @MethodSource("models")
  protected void should_respect_multiple_messages(StreamingChatModel model) {
    knowledgeFree(model).multipleMessages();
  }

  @Override
  @ParameterizedTest
  @MethodSource("models")
  protected void should_respect_stopSequences_in_chat_request(StreamingChatModel model) {
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
  protected void should_accept_single_image_as_base64_encoded_string(StreamingChatModel model) {
    knowledgeFree(model).images(catImageContentBase64(), diceImageContentBase64());
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingImageInputs")
  protected void should_accept_multiple_images_as_base64_encoded_strings(StreamingChatModel model) {
    knowledgeFree(model).images(diceImageContentBase64(), catImageContentBase64());
  }

  private KnowledgeFree knowledgeFree(StreamingChatModel model) {
    return new KnowledgeFree(request -> chat(model, request).chatResponse());
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingTools")
  protected void should_execute_a_tool_then_answer(StreamingChatModel model) {
    tools(model).toolThenAnswer();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingTools")
  protected void should_execute_a_tool_without_arguments_then_answer(StreamingChatModel model) {
    tools(model).toolWithoutArguments();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingTools")
  protected void should_execute_multiple_tools_in_parallel_then_answer(StreamingChatModel model) {
    tools(model).toolsInParallel();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingTools")
  protected void should_force_LLM_to_execute_any_tool(StreamingChatModel model) {
    tools(model).anyTool();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingTools")
  protected void should_force_LLM_to_execute_specific_tool(StreamingChatModel model) {
    tools(model).specificTool();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingTools")
  protected void should_execute_a_tool_then_answer_respecting_JSON_response_format_with_schema(StreamingChatModel model) {
    tools(model).toolThenJson();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingStructuredOutputs")
  protected void should_respect_JSON_response_format(StreamingChatModel model) {
    tools(model).json();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingStructuredOutputs")
  protected void should_respect_JSON_response_format_with_schema(StreamingChatModel model) {
    tools(model).jsonWithSchema();
  }

  @Override
  @ParameterizedTest
  @MethodSource("modelsSupportingStructuredOutputs")
  protected void should_respect_JsonRawSchema_responseFormat(StreamingChatModel model) {
    tools(model).jsonWithRawSchema();
  }

  @Override
  protected void verifyToolCallbacks(StreamingChatResponseHandler handler, InOrder order, String id) {
    KnowledgeFreeTools.verifyToolCallbacks(handler, order, id);
  }

  @Override
  protected void verifyToolCallbacks(StreamingChatResponseHandler handler, InOrder order, String first, String second) {
    KnowledgeFreeTools.verifyToolCallbacks(handler, order, first);
    KnowledgeFreeTools.verifyToolCallbacks(handler, order, second);
  }

  private KnowledgeFreeTools tools(StreamingChatModel model) {
    return new KnowledgeFreeTools(request -> chat(model, request));
  }
}
