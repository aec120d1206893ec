package io.github.llava4j.constraint.schema;

import java.util.StringJoiner;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.grammar.GrammarOracle;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Schemas come from strangers: none of them may cost much, loop, or overflow a stack. */
class HostileSchemasTest {

  private static void refused(String schema, String message) {
    for (Unsupported unsupported : Unsupported.values()) {
      assertThatThrownBy(() -> Words.of(schema, Words.COMPACT.withUnsupported(unsupported)))
          .isInstanceOf(ConstraintException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void nestedTooDeep() {
    refused("{'items':".repeat(5_000) + "{}" + "}".repeat(5_000), "the schema is not JSON");
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    ObjectNode inner = schema;
    for (int i = 0; i < 100_000; i++) {
      inner = inner.putObject("not");
    }
    assertThatThrownBy(() -> JsonSchemas.compile(schema, SchemaOptions.DEFAULT, "s"))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("nested deeper than 64");
    Words.of("{'type':'array','items':".repeat(60) + "{'type':'null'}" + "}".repeat(60))
        .takes("[".repeat(60) + "null" + "]".repeat(60));
  }

  @Test
  void tooLarge() {
    refused("{'enum':['" + "x".repeat(600_000) + "']}", "too large");
    StringJoiner values = new StringJoiner(",", "{'enum':[", "]}");
    for (int i = 0; i < 20_000; i++) {
      values.add(Integer.toString(i));
    }
    refused(values.toString(), "too large");
  }

  @Test
  void noJson() {
    refused("", "the schema is empty");
    refused("{'a'", "the schema is not JSON");
    refused("{} {}", "the schema is not JSON");
  }

  @Test
  void anEnumOfFiveThousandIsFine() {
    StringJoiner values = new StringJoiner(",", "{'enum':[", "]}");
    for (int i = 0; i < 5_000; i++) {
      values.add("'value number " + i * 7919 % 5_000 + "'");
    }
    Words words = Words.of(values.toString());
    assertThat(words.oracle().isWord("\"value number 4999\"")).isTrue();
    assertThat(words.oracle().isWord("\"value number 5000\"")).isFalse();
  }

  @Test
  void hugeCountsAreFine() {
    Words.of("{'type':'string','maxLength':100000}").takes("'x'");
    Words.of("{'type':'string','maxLength':1e30,'minLength':0}").takes("'x'");
    Words.of("{'type':'array','maxItems':99999999999999999999}").takes("[1]");
    Words.of("{'type':'object','minProperties':2,'maxProperties':99999999999999999999}").takes("{'a':1,'b':2}");
    refused("{'minimum':1e99999}", "a number of more than 1000 digits");
    refused("{'multipleOf':1e-99999}", "a number of more than 1000 digits");
  }

  @Test
  void referencesInCirclesSayNothing() {
    Words.of("{'$ref':'#'}").takes("1", "[]");
    Words.of("{'$ref':'#/$defs/a','$defs':{'a':{'$ref':'#/$defs/b'},'b':{'$ref':'#/$defs/a'}}}").takes("1");
    Words.of("{'type':'null','allOf':[{'$ref':'#'},{'$ref':'#'}]}").takes("null").refuses("1");
refused("{'anyOf':[{'$ref':'#'},{'$ref':'#'}]}", "without end");
  }

  @Test
  void whatContradictsItselfIsFound() {
    refused("{'not':{'$ref':'#'}}", "no value can fit");
    refused("{'type':'array','items':{'$ref':'#'},'minItems':1}", "without end");
    refused("{'allOf':[{'$ref':'#/$defs/a'}],'$defs':{'a':{'allOf':[{'$ref':'#/$defs/a'},false]}}}", "no value can fit");
  }

  @Test
  void aLongChainOfReferencesIsFine() {
    StringJoiner defs = new StringJoiner(",", "{'$ref':'#/$defs/d0','$defs':{", "}}");
    for (int i = 0; i < 3_000; i++) {
      defs.add("'d" + i + "':{'$ref':'#/$defs/d" + (i + 1) + "'}");
    }
    defs.add("'d3000':{'type':'null'}");
    Words.of(defs.toString()).takes("null");

    StringJoiner nested = new StringJoiner(",", "{'$ref':'#/$defs/d0','$defs':{", "}}");
    for (int i = 0; i < 1_000; i++) {
      nested.add("'d" + i + "':{'type':'array','items':{'$ref':'#/$defs/d" + (i + 1) + "'},'maxItems':1}");
    }
    nested.add("'d1000':{'type':'null'}");
    Words.of(nested.toString(), Words.COMPACT.withAllProperties(true)).takes("[]", "[[[]]]");
  }

  @Test
  void choicesThatMultiplyAreStopped() {
    StringJoiner all = new StringJoiner(",", "{'type':'object','allOf':[", "]}");
    for (int i = 0; i < 12; i++) {
      all.add("{'anyOf':[{'required':['a" + i + "']},{'required':['b" + i + "']},{'required':['c" + i + "']}]}");
    }
    assertThatThrownBy(() -> Words.of(all.toString()))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("anyOf at #/allOf/")
        .hasMessageContaining("64 cases");
  }

  @Test
  void manyAlternativesAreFine() {
    StringJoiner any = new StringJoiner(",", "{'anyOf':[", "]}");
    StringJoiner one = new StringJoiner(",", "{'oneOf':[", "]}");
    for (int i = 0; i < 300; i++) {
      any.add("{'type':'object','properties':{'kind':{'const':'k" + i + "'},'v':{'type':'null'}},'required':['kind']}");
      one.add("{'const':'k" + i + "','title':'t'}");
    }
    Words.of(any.toString()).takes("{'kind':'k299','v':null}", "{'kind':'k0'}").refuses("{'kind':'k300'}");
    Words.of(one.toString()).takes("'k299'", "'k0'").refuses("'k300'");
  }

  @Test
  void manyPropertiesAreFine() {
    StringJoiner optional = new StringJoiner(",", "{'type':'object','properties':{", "}}");
    StringJoiner required = new StringJoiner(",", "[", "]");
    for (int i = 0; i < 2_000; i++) {
      optional.add("'p" + i + "':{'type':'null'}");
      required.add("'p" + i + "'");
    }
    String schema = optional.toString();
    Words.of(schema).takes("{'p0':null,'p1999':null}", "{'p1000':null}");
    String all = schema.substring(0, schema.length() - 1) + ",'required':" + required + "}";
    Words words = Words.of(all);
    StringJoiner answer = new StringJoiner(",", "{", "}");
    for (int i = 0; i < 2_000; i++) {
      answer.add("\"p" + i + "\":null");
    }
    assertThat(words.oracle().isWord(answer.toString())).isTrue();
  }

  @Test
  void halvesOfSurrogatePairsCannotBeWritten() {
    String schema = "{\"type\":\"object\",\"properties\":{\"a\\ud800\":{},\"b\":{\"enum\":[\"\\udc00\",\"x\"]}}}";
    SchemaGrammar grammar = JsonSchemas.compile(JsonSchemas.read(schema), Words.COMPACT, "s");
    GrammarOracle oracle = new GrammarOracle(grammar.toGrammar("root"));
    assertThat(oracle.isWord("{\"b\":\"x\"}")).isTrue();
    assertThat(oracle.isWord("{\"b\":\"\udc00\"}")).isFalse();
  }

  @Test
  void validationGoesNoDeeperThanItMay() {
    SchemaValidator validator =
        SchemaValidator.of(
            JsonSchemas.read("{\"type\":[\"array\",\"null\"],\"items\":{\"$ref\":\"#\"}}"), SchemaOptions.DEFAULT);
    String deep = "[".repeat(900) + "]".repeat(900);
    assertThatThrownBy(() -> validator.check(Material.json(deep)))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("deeper than");
    assertThat(validator.check(Material.json("[[null],[]]"))).isEmpty();
    assertThat(validator.check(Material.json("[[1]]"))).contains("type at #");
  }
}
