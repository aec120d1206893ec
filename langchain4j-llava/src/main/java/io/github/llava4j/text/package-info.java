/**
 * Text on its way in and out: conversations to prompts ({@link io.github.llava4j.text.ChatTemplate}), prompts to tokens
 * ({@link io.github.llava4j.text.Tokenizer}), tokens to text ({@link io.github.llava4j.text.Detokenizer},
 * {@link io.github.llava4j.text.StopFilter}).
 *
 * <h2>Which file says what</h2>
 *
 * <p>Of a folder's files the first that speaks wins. The order follows transformers, which made the goldens:
 *
 * <ul>
 *   <li>pieces and merges: {@code tokenizer.json}, else {@code tokenizer.model}, else {@code sentencepiece.bpe.model};
 *   <li>ids of added tokens: {@code tokenizer.json} or the SentencePiece model, then {@code added_tokens_decoder} of
 *       {@code tokenizer_config.json}, then {@code added_tokens.json}; but whether a token swallows the white space
 *       around it is as {@code added_tokens_decoder} says where it gives the same id;
 *   <li>which tokens begin and end a sequence: {@code tokenizer_config.json}, then {@code special_tokens_map.json},
 *       then the vocabulary's file;
 *   <li>whether a prompt begins with one: {@code add_bos_token} of {@code tokenizer_config.json}, then the
 *       post-processor of {@code tokenizer.json};
 *   <li>the dummy space: {@code tokenizer.json} alone if there is one, else the flag "legacy" of
 *       {@code tokenizer_config.json}.
 * </ul>
 *
 * <h2>Where the dummy space goes</h2>
 *
 * <p>SentencePiece puts a space in front of a text. A prompt is several texts between special tokens, and the files
 * differ in which of them count; {@link io.github.llava4j.text.Vocabulary.PrefixSpace} names the ways. The token
 * that the tokenizer itself puts in front of a prompt is never "before" a text.
 *
 * <table>
 *   <caption>Rules by source</caption>
 *   <tr><th>source</th><th>rule</th><th>before a text that starts with a space</th></tr>
 *   <tr><td>tokenizer.json, normalizer Prepend (converted with "legacy": true)</td><td>EVERY_RUN</td><td>yes</td></tr>
 *   <tr><td>tokenizer.json, Metaspace "always"</td><td>EVERY_RUN</td><td>no</td></tr>
 *   <tr><td>tokenizer.json, Metaspace "first" (converted with "legacy": false)</td><td>FIRST_RUN</td><td>no</td></tr>
 *   <tr><td>SentencePiece, config with "legacy" true or not given</td><td>EVERY_RUN</td><td>yes</td></tr>
 *   <tr><td>SentencePiece, "legacy": false, an added token {@code <image>}</td><td>FIRST_RUN</td><td>yes</td></tr>
 *   <tr><td>SentencePiece, "legacy": false, no {@code <image>}: original LLaVA, Paddle</td>
 *       <td>FIRST_RUN_AND_AFTER_IMAGE</td><td>yes</td></tr>
 *   <tr><td>SentencePiece without tokenizer_config.json</td><td>FIRST_RUN</td><td>yes</td></tr>
 *   <tr><td>GGUF with a token {@code <image>} (converted from Hugging Face)</td><td>FIRST_RUN</td><td>yes</td></tr>
 *   <tr><td>GGUF without (converted from the original)</td><td>FIRST_RUN_AND_AFTER_IMAGE</td><td>yes</td></tr>
 *   <tr><td>GGUF with add_space_prefix false, or a model without dummy prefix</td><td>NEVER</td><td>-</td></tr>
 * </table>
 *
 * <p>So behind a picture, {@code <image>\n} is {@code image, <0x0A>} under FIRST_RUN and {@code image, ▁, <0x0A>} under
 * the others: one token more, and another answer. llama.cpp follows EVERY_RUN for any GGUF; the goldens, made by
 * transformers 5, follow the "legacy" flag of the folder that the GGUF was made from, and so does this. A caller who
 * knows better uses {@link io.github.llava4j.text.Vocabulary#withPrefix}.
 *
 * <p>transformers 4's slow tokenizer with "legacy": false puts a lone dummy space in front of a prompt that opens with
 * {@code <image>}; its fast one and transformers 5 do not, and neither does this.
 */
@NullMarked
package io.github.llava4j.text;

import org.jspecify.annotations.NullMarked;
