package io.github.llava4j.constraint.schema;

import java.util.Random;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.UnsupportedConstraintException;
import io.github.llava4j.constraint.grammar.GrammarOracle;
import io.github.llava4j.constraint.grammar.GrammarSampler;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The table of docs/constrained-decoding.md, row by row. Single quotes stand for double ones. */
class SchemaKeywordsTest {

  private static final String CLOSED = ",'additionalProperties':false";

  private static void refused(String schema, String keyword, String pointer) {
    assertThatThrownBy(() -> Words.of(schema))
        .isInstanceOf(UnsupportedConstraintException.class)
        .hasMessageStartingWith(keyword + " at " + pointer + " ");
  }

  private static void contradicts(String schema, String pointer) {
    assertThatThrownBy(() -> Words.of(schema))
        .isExactlyInstanceOf(ConstraintException.class)
        .hasMessageStartingWith("no value can fit the schema: ")
        .hasMessageContaining(pointer + " ");
  }

  private static void wrong(String schema, String pointer) {
    assertThatThrownBy(() -> Words.of(schema))
        .isExactlyInstanceOf(ConstraintException.class)
        .hasMessageContaining(pointer);
  }

  @Test
  void type() {
    Words.of("{'type':'null'}").takes("null").refuses("0", "''");
    Words.of("{'type':'boolean'}").takes("true", "false").refuses("null", "0");
    Words.of("{'type':'integer'}").takes("0", "-7", "123456789012345678").refuses("1.0", "01", "-0", "1234567890123456789");
    Words.of("{'type':'number'}").takes("0", "-7.5", "1e9").refuses("'1'", ".5", "1.", "+1");
    Words.of("{'type':'string'}").takes("''", "'a\\n😀'").refuses("1", "'a", "'\n'", "'\\/'");
    Words.of("{'type':'array'}").takes("[]", "[1,[],{}]").refuses("{}");
    Words.of("{'type':'object'}").takes("{}", "{'a':1,'':[{}]}").refuses("[]", "{1:2}");
    Words.of("{'type':['string','null']}").takes("'x'", "null").refuses("1");
    Words.of("true").takes("1", "{'a':[null]}");
    contradicts("false", "#");
    wrong("{'type':'record'}", "#/type");
    wrong("[]", "#");
    Words.of("{'type':'integer'}", new SchemaOptions(JsonStyle.COMPACT, false, Unsupported.REFUSE, 9))
        .takes("123456789")
        .refuses("1234567890");
  }

  @Test
  void constAndEnum() {
    Words.of("{'const':{'a':[1,'x'],'b':{}}}").takes("{'a':[1,'x'],'b':{}}").refuses("{}", "{'b':{},'a':[1,'x']}");
    Words.of("{'enum':['a','ab',1,1.50,null,true,[]]}")
        .takes("'a'", "'ab'", "1", "1.50", "null", "true", "[]")
        .refuses("'b'", "1.5", "false", "[1]", "''");
    Words.of("{'type':'string','enum':['a',1]}").takes("'a'").refuses("1");
    Words.of("{'enum':[1,5,10],'minimum':5,'not':{'const':10}}").takes("5").refuses("1", "10");
    Words.of("{'enum':['中文','\\u4e2d','\\n']}").takes("'中文'", "'中'", "'\\n'");
    contradicts("{'enum':[]}", "#");
    contradicts("{'const':1,'type':'string'}", "#");
  }

  @Test
  void propertiesInTheOrderOfTheSchema() {
    String schema = "{'type':'object','properties':{'a':{'type':'integer'},'b':{'type':'null'},'c':true},'required':['b']}";
    Words.of(schema)
        .takes("{'b':null}", "{'a':1,'b':null}", "{'a':1,'b':null,'c':[]}", "{'b':null,'c':0}")
        .refuses("{}", "{'a':1}", "{'b':null,'a':1}", "{'b':null,}", "{'b':null,'d':1}", "{'b':null,'b':null}", "{'b':1}");
    Words.of("{'type':'object','properties':{'a':{},'b':{},'c':{}}}")
        .takes("{}", "{'c':1}", "{'a':1,'c':1}", "{'b':1}")
        .refuses("{,'a':1}", "{'a':1,}", "{'c':1,'a':1}");
    Words.of("{'type':'object','properties':{'a':{}},'required':['z','a','y']}")
        .takes("{'a':1,'z':2,'y':3}")
        .refuses("{'a':1}", "{'a':1,'y':3,'z':2}");
  }

  @Test
  void keysMayBeAnyText() {
    Words.of("{'type':'object','properties':{'':{'type':'null'},'键\\n':{'type':'null'},'a\\\\\\\"/':{'type':'null'}}}".replace("\\\"", "\\u0022"))
        .takes("{'':null}", "{'键\\n':null}")
        .refuses("{'键n':null}");
    Words quoted = Words.of("{\"properties\":{\"a\\\"\\\\/\\u0001\":{\"type\":\"null\"}},\"type\":\"object\"}");
    assertThat(quoted.oracle().isWord("{\"a\\\"\\\\/\\u0001\":null}")).isTrue();
    Words.of("{'type':'object','properties':{'😀':{'type':'null'}},'required':['😀']}").takes("{'😀':null}");
  }

  @Test
  void twiceTheSameKeyInASchemaMeansTheLast() {
    Words.of("{'type':'object','properties':{'a':{'type':'null'},'a':{'type':'integer'}}}")
        .takes("{'a':1}")
        .refuses("{'a':null}");
  }

  @Test
  void additionalProperties() {
    Words.of("{'type':'object','properties':{'a':{}}" + CLOSED + "}").takes("{}", "{'a':1}").refuses("{'b':1}");
    Words.of("{'type':'object','properties':{'a':{}}}").refuses("{'b':1}");
    Words.of("{'type':'object','properties':{'a':{'type':'null'}},'additionalProperties':true}")
        .takes("{'a':null,'b':1,'c':2}", "{'b':1}")
        .refuses("{'a':1}", "{'b':1,'a':null}");
    Words.of("{'type':'object','additionalProperties':{'type':'integer'}}")
        .takes("{}", "{'b':1,'c':2}")
        .refuses("{'b':'x'}", "{'b':1,}");
    contradicts("{'type':'object','required':['a']" + CLOSED + "}", "#");
  }

  @Test
  void patternProperties() {
    Words.of("{'type':'object','patternProperties':{'^x':{'type':'integer'}}" + CLOSED + "}")
        .takes("{}", "{'x':1,'xy':2}")
        .refuses("{'y':1}", "{'x':null}");
    Words.of("{'type':'object','patternProperties':{'a':{'minimum':5},'b':{'maximum':7}},'additionalProperties':{'type':'null'}}")
        .takes("{'ab':6,'a':9,'b':1,'c':null}", "{'a':'x'}")
        .refuses("{'ab':4}", "{'ab':8}", "{'c':1}");
    Words.of("{'type':'object','properties':{'foo':{'type':'integer'}},'patternProperties':{'^f':{'minimum':3}}" + CLOSED + "}")
        .takes("{'foo':3,'fa':4}")
        .refuses("{'foo':2}", "{'foo':3,'fa':2}");
  }

  @Test
  void propertyNames() {
    Words.of("{'type':'object','propertyNames':{'pattern':'^[a-z]+$','maxLength':3},'additionalProperties':{'type':'null'}}")
        .takes("{'abc':null}", "{}")
        .refuses("{'abcd':null}", "{'A':null}");
    Words.of("{'type':'object','properties':{'ab':{},'c':{}},'propertyNames':{'enum':['c','d']},'additionalProperties':true}")
        .takes("{'c':1,'d':2}")
        .refuses("{'ab':1}");
    contradicts("{'type':'object','propertyNames':false,'minProperties':1}", "#");
  }

  @Test
  void minAndMaxProperties() {
    String optional = "'properties':{'a':{'type':'null'},'b':{'type':'null'},'c':{'type':'null'}}";
    Words.of("{'type':'object','minProperties':1," + optional + "}").takes("{'c':null}").refuses("{}");
    Words.of("{'type':'object','minProperties':2,'maxProperties':2," + optional + "}")
        .takes("{'a':null,'b':null}", "{'a':null,'c':null}", "{'b':null,'c':null}")
        .refuses("{}", "{'a':null}", "{'a':null,'b':null,'c':null}");
    Words.of("{'type':'object','maxProperties':1,'required':['b']," + optional + "}")
        .takes("{'b':null}")
        .refuses("{'a':null,'b':null}", "{'b':null,'c':null}");
    Words.of("{'type':'object','minProperties':2,'maxProperties':3,'additionalProperties':{'type':'null'}}")
        .takes("{'x':null,'y':null}", "{'x':null,'y':null,'z':null}")
        .refuses("{}", "{'x':null}", "{'x':null,'y':null,'z':null,'w':null}");
    Words.of("{'type':'object','maxProperties':0}").takes("{}").refuses("{'a':1}");
    contradicts("{'type':'object','maxProperties':1,'required':['a','b']}", "#");
    contradicts("{'type':'object','minProperties':2,'properties':{'a':{}}" + CLOSED + "}", "#");
  }

  @Test
  void items() {
    Words.of("{'type':'array','items':{'type':'integer'}}").takes("[]", "[1]", "[1,2]").refuses("['x']", "[1,]", "[,1]");
    Words.of("{'type':'array','prefixItems':[{'type':'integer'},{'type':'null'}],'items':false}")
        .takes("[]", "[1]", "[1,null]")
        .refuses("[null]", "[1,null,2]");
    Words.of("{'type':'array','prefixItems':[{'type':'integer'}],'items':{'type':'null'},'minItems':1}")
        .takes("[1]", "[1,null,null]")
        .refuses("[]", "[1,2]");
    Words.of("{'$schema':'http://json-schema.org/draft-04/schema#','type':'array','items':[{'type':'integer'}],'additionalItems':false}")
        .takes("[]", "[3]")
        .refuses("[3,4]", "['x']");
    Words.of("{'type':'array','items':false}").takes("[]").refuses("[1]");
    contradicts("{'type':'array','items':false,'minItems':1}", "#/items");
  }

  @Test
  void minAndMaxItems() {
    Words.of("{'type':'array','items':{'type':'null'},'minItems':2,'maxItems':3}")
        .takes("[null,null]", "[null,null,null]")
        .refuses("[]", "[null]", "[null,null,null,null]");
    Words.of("{'type':'array','maxItems':0}").takes("[]").refuses("[1]");
    Words.of("{'type':'array','prefixItems':[{'const':1},{'const':2},{'const':3}],'items':false,'minItems':2}")
        .takes("[1,2]", "[1,2,3]")
        .refuses("[1]");
    Words large = Words.of("{'type':'array','items':{'const':0},'minItems':3000,'maxItems':100000}");
    assertThat(large.oracle().isWord("[0" + ",0".repeat(2_999) + "]")).isTrue();
    assertThat(large.oracle().isWord("[0" + ",0".repeat(2_998) + "]")).isFalse();
    contradicts("{'type':'array','minItems':2,'maxItems':1}", "#");
  }

  @Test
  void uniqueItems() {
    Words.of("{'type':'array','items':{'enum':['a','b',1,1.0]},'uniqueItems':true}")
        .takes("[]", "['a']", "['b',1,'a']")
        .refuses("['a','a']", "['a','b','a']", "[1,1]");
    Words.of("{'type':'array','items':{'type':['boolean','null']},'uniqueItems':true,'minItems':2}")
        .takes("[true,false]", "[null,true,false]")
        .refuses("[true]", "[true,true]");
    Words.of("{'type':'array','items':{'type':'string'},'uniqueItems':true,'maxItems':1}").takes("['x']");
    refused("{'type':'array','items':{'type':'string'},'uniqueItems':true}", "uniqueItems", "#");
    refused("{'properties':{'t':{'uniqueItems':true}}}", "uniqueItems", "#/properties/t");
    contradicts("{'type':'array','items':{'type':'boolean'},'uniqueItems':true,'minItems':3}", "#");
  }

  @Test
  void contains() {
    refused("{'type':'array','contains':{'type':'integer'}}", "contains", "#");
    refused("{'type':'array','contains':{'type':'integer'},'maxContains':2}", "contains", "#");
    Words.of("{'type':'array','contains':{},'minContains':2}").takes("[1,2]").refuses("[1]");
    Words.of("{'type':'string','contains':{'type':'integer'}}").takes("'x'");
    Words checked = Words.of("{'type':'array','contains':{'const':1}}", Words.COMPACT.withUnsupported(Unsupported.CHECK));
    assertThat(checked.grammar().needsCheck()).isTrue();
    SchemaValidator validator =
        SchemaValidator.of(JsonSchemas.read("{\"contains\":{\"const\":1}}"), SchemaOptions.DEFAULT);
    assertThat(validator.check(Material.json("[2,1]"))).isEmpty();
    assertThat(validator.check(Material.json("[2]"))).contains("contains at #");
  }

  @Test
  void unevaluated() {
    Words.of("{'type':'object','properties':{'a':{}},'unevaluatedProperties':false}").takes("{'a':1}").refuses("{'b':1}");
    Words.of("{'type':'array','prefixItems':[{'const':1}],'unevaluatedItems':false}").takes("[1]").refuses("[1,2]");
    Words.of("{'$ref':'#/$defs/a','properties':{'b':{}},'unevaluatedProperties':false,'type':'object','$defs':{'a':{'properties':{'a':{}}}}}")
        .takes("{'a':1,'b':2}", "{'b':2}")
        .refuses("{'c':1}", "{'b':2,'a':1}");
    refused(
        "{'type':'array','unevaluatedItems':false,'allOf':[{'prefixItems':[true]}]}", "unevaluatedItems", "#");
    refused(
        "{'type':'object','allOf':[{'properties':{'a':{}},'unevaluatedProperties':false,'anyOf':[true,{'required':['a']}]}]}",
        "unevaluatedProperties",
        "#/allOf/0");
  }

  @Test
  void lengths() {
    Words.of("{'type':'string','minLength':1,'maxLength':2}").takes("'a'", "'😀é'", "'\\n\\\\'").refuses("''", "'abc'");
    Words.of("{'type':'string','maxLength':100000,'minLength':200}").takes("'" + "x".repeat(200) + "'").refuses("'x'");
    Words.of("{'type':'string','pattern':'^a*b$','minLength':3,'maxLength':4}").takes("'aab'", "'aaab'").refuses("'ab'", "'aaaab'");
    Words.of("{'type':'string','pattern':'^(ab)+$','maxLength':100000}").takes("'abab'").refuses("'aba'");
    Words.of("{'type':'string','format':'date','minLength':10}").takes("'2024-02-29'").refuses("'2023-02-29'");
    contradicts("{'type':'string','minLength':3,'maxLength':2}", "#");
    contradicts("{'type':'string','pattern':'^a$','minLength':2}", "#");
    wrong("{'minLength':-1}", "#/minLength");
    wrong("{'maxLength':'x'}", "#/maxLength");
  }

  @Test
  void pattern() {
    Words.of("{'type':'string','pattern':'b+'}").takes("'b'", "'abba'").refuses("'a'", "''");
    Words.of("{'type':'string','allOf':[{'pattern':'^a'},{'pattern':'z$'}]}").takes("'az'", "'a z'").refuses("'a'", "'z'");
    Words.of("{'type':'string','pattern':'^\\\\S+$'}").takes("'x/y'").refuses("'x y'");
    refused("{'properties':{'p':{'pattern':'^(?!a)b'}}}", "pattern", "#/properties/p");
    refused("{'pattern':'(a)\\\\1'}", "pattern", "#");
    refused("{'patternProperties':{'^(?!a)':{}}}", "^(?!a)", "#/patternProperties");
    Words.of("{'type':'string','pattern':'^(?!a)b'}", Words.COMPACT.withUnsupported(Unsupported.IGNORE))
        .takes("'a'")
        .ignores("pattern at #");
  }

  @Test
  void format() {
    Words.of("{'type':'string','format':'date-time'}").takes("'2024-02-29T23:59:59Z'").refuses("'2024-02-30T00:00:00Z'", "'x'");
    Words.of("{'type':'string','format':'uuid'}").takes("'123e4567-e89b-12d3-a456-426614174000'").refuses("'1'");
    Words.of("{'type':'string','format':'ipv4'}").takes("'1.2.3.4'").refuses("'1.2.3.256'");
    Words.of("{'properties':{'f':{'type':'string','format':'phone'}},'type':'object'}")
        .takes("{'f':'anything'}")
        .ignores("format at #/properties/f");
  }

  @Test
  void bounds() {
    Words.of("{'type':'integer','minimum':-5,'maximum':12}").takes("-5", "0", "12").refuses("-6", "13");
    Words.of("{'type':'integer','exclusiveMinimum':-5.5,'exclusiveMaximum':12}").takes("-5", "11").refuses("-6", "12");
    Words.of("{'type':'number','minimum':0.5,'exclusiveMaximum':2}").takes("0.5", "1.999", "1").refuses("0.4", "2", "2.0");
    Words.of("{'$schema':'http://json-schema.org/draft-04/schema#','type':'integer','minimum':3,'exclusiveMinimum':true}")
        .takes("4")
        .refuses("3");
    Words.of("{'type':'integer','allOf':[{'minimum':2},{'minimum':4,'maximum':9},{'maximum':5}]}").takes("4", "5").refuses("3", "6");
    contradicts("{'type':'integer','minimum':2.1,'maximum':2.9}", "#");
    contradicts("{'type':'number','minimum':2,'exclusiveMaximum':2}", "#");
  }

  @Test
  void multipleOf() {
    Words.of("{'type':'integer','multipleOf':7}").takes("0", "49", "-7").refuses("50");
    Words.of("{'type':'integer','allOf':[{'multipleOf':4},{'multipleOf':6}]}").takes("12", "24").refuses("4", "6");
    Words.of("{'type':'integer','multipleOf':1.5}").takes("3", "6").refuses("1", "4");
    Words.of("{'type':'number','multipleOf':0.01}").takes("1.25", "3").refuses("1.255");
    refused("{'type':'integer','multipleOf':123457}", "multipleOf", "#");
    wrong("{'multipleOf':0}", "#/multipleOf");
  }

  @Test
  void anyOf() {
    Words.of("{'anyOf':[{'type':'integer'},{'type':'string','maxLength':1}]}").takes("3", "'x'").refuses("'xy'", "null");
    Words.of("{'type':'object','properties':{'a':{},'b':{}},'anyOf':[{'required':['a']},{'required':['b']}]}")
        .takes("{'a':1}", "{'b':1}", "{'a':1,'b':1}")
        .refuses("{}");
    Words.of("{'anyOf':[false,{'const':1}]}").takes("1");
    Words.of("{'anyOf':[{'$ref':'#'},{'const':1}]}").takes("1").refuses("2");
    contradicts("{'anyOf':[]}", "#");
  }

  @Test
  void oneOf() {
    Words.of("{'oneOf':[{'type':'integer'},{'type':'string'}]}").takes("1", "'x'").refuses("null");
    Words.of("{'oneOf':[{'type':'integer','maximum':5},{'type':'integer','minimum':3}]}").takes("1", "9").refuses("4");
    Words.of("{'oneOf':[{'type':'number'},{'type':'integer'}]}").takes("1.5").refuses("1");
    String tagged =
        "{'oneOf':[{'type':'object','properties':{'t':{'const':'a'},'x':{'type':'null'}},'required':['t']},"
            + "{'type':'object','properties':{'t':{'const':'b'},'y':{'type':'null'}},'required':['t']}]}";
    Words.of(tagged).takes("{'t':'a','x':null}", "{'t':'b'}").refuses("{'t':'a','y':null}", "{'t':'c'}", "{}");
    Words.of("{'type':'object','properties':{'a':{'type':'null'},'b':{'type':'null'}},'oneOf':[{'required':['a']},{'required':['b']}]}")
        .takes("{'a':null}", "{'b':null}")
        .refuses("{}", "{'a':null,'b':null}");
    Words.of("{'oneOf':[{'const':1},{'enum':[1,2]},{'const':3}]}").takes("2", "3").refuses("1");
    refused(
        "{'oneOf':[{'type':'array','items':{'type':'integer'}},{'type':'array','items':{'type':'number'}}]}", "oneOf", "#");
  }

  @Test
  void allOfAndNeighboursOfRef() {
    Words.of("{'allOf':[{'type':'object','properties':{'a':{'type':'integer'}},'required':['a']},{'properties':{'b':{},'a':{'minimum':3}}}]}")
        .takes("{'a':3}", "{'a':4,'b':1}")
        .refuses("{'a':2}", "{'b':1}", "{'b':1,'a':3}");
    String ref = "{'$defs':{'n':{'type':'integer'}},'$ref':'#/$defs/n','minimum':3}";
    Words.of(ref).takes("3").refuses("2", "'x'");
    Words.of("{'$schema':'http://json-schema.org/draft-07/schema#'," + ref.substring(1)).takes("2").refuses("'x'");
    contradicts("{'allOf':[{'type':'integer'},{'type':'string'}]}", "#");
  }

  @Test
  void not() {
    Words.of("{'not':{'type':['integer','array','object']}}").takes("'x'", "1.5", "null").refuses("1", "[]", "1.0");
    Words.of("{'type':'string','not':{'const':'a'}}").takes("'b'", "''", "'aa'").refuses("'a'");
    Words.of("{'type':'integer','not':{'enum':[1,2,'x']}}").takes("0", "11").refuses("1", "2");
    Words.of("{'type':'number','not':{'const':3}}").takes("3.1", "30").refuses("3", "3.0", "3.00");
    Words.of("{'type':'object','properties':{'a':{},'b':{}},'not':{'required':['a','b']}}")
        .takes("{}", "{'a':1}", "{'b':1}")
        .refuses("{'a':1,'b':1}");
    Words.of("{'type':'string','not':{'pattern':'x'}}").takes("'a'").refuses("'axa'");
    Words.of("{'not':{'not':{'type':'null'}}}").takes("null").refuses("1");
    refused("{'not':{'patternProperties':{'a':{'type':'null'}}}}", "not", "#/not");
    refused("{'not':{'const':[1]}}", "not", "#/not");
    Words.of("{'type':'string','not':{'const':[1]}}").takes("'x'");
    contradicts("{'not':{}}", "#");
  }

  @Test
  void ifThenElse() {
    String schema =
        "{'type':'object','properties':{'kind':{'enum':['a','b']},'x':{'type':'null'},'y':{'type':'null'}},'required':['kind'],"
            + "'if':{'properties':{'kind':{'const':'a'}}},'then':{'required':['x']},'else':{'required':['y']}}";
    Words.of(schema)
        .takes("{'kind':'a','x':null}", "{'kind':'b','y':null}", "{'kind':'b','x':null,'y':null}")
        .refuses("{'kind':'a'}", "{'kind':'a','y':null}", "{'kind':'b','x':null}");
    Words.of("{'if':{'type':'integer'},'then':{'minimum':3}}").takes("3", "'x'").refuses("2");
    Words.of("{'type':'integer','if':false}").takes("3");
    refused("{'if':{'items':{'type':'null'}},'then':{'minItems':1}}", "if", "#");
  }

  @Test
  void dependencies() {
    String properties = "'type':'object','properties':{'a':{'type':'null'},'b':{'type':'null'},'c':{'type':'null'}}";
    Words.of("{" + properties + ",'dependentRequired':{'a':['c']}}")
        .takes("{}", "{'a':null,'c':null}", "{'b':null}", "{'c':null}", "{'a':null,'b':null,'c':null}")
        .refuses("{'a':null}", "{'a':null,'b':null}");
    Words.of("{" + properties + ",'dependentRequired':{'c':['b'],'b':['a']}}")
        .takes("{}", "{'a':null}", "{'a':null,'b':null}", "{'a':null,'b':null,'c':null}")
        .refuses("{'b':null}", "{'c':null}", "{'a':null,'c':null}");
    Words.of("{" + properties + ",'dependencies':{'a':['b'],'b':['a']},'minProperties':1}")
        .takes("{'a':null,'b':null}", "{'c':null}")
        .refuses("{}", "{'a':null}", "{'b':null}");
    Words.of("{" + properties + ",'dependentSchemas':{'a':{'required':['b']}}}")
        .takes("{'a':null,'b':null}", "{'b':null}", "{}")
        .refuses("{'a':null}");
    Words.of("{" + properties + ",'dependentRequired':{'a':['z']}" + CLOSED + "}").takes("{'b':null}").refuses("{'a':null}");
  }

  @Test
  void references() {
    Words.of("{'$ref':'#/$defs/a~1b','$defs':{'a/b':{'type':'null'}}}").takes("null");
    Words.of("{'$ref':'#x','$defs':{'a':{'$anchor':'x','type':'null'}}}").takes("null");
    Words.of("{'$id':'http://e.org/root','$ref':'item','$defs':{'a':{'$id':'item','type':'null'}}}").takes("null");
    Words.of("{'$ref':'#/$defs/a%25b','$defs':{'a%b':{'type':'null'}}}").takes("null");
    refused("{'$ref':'http://e.org/other.json'}", "$ref", "#");
    refused("{'$dynamicRef':'#a'}", "$dynamicRef", "#");
    wrong("{'$ref':'#/$defs/none'}", "$ref at #");
    Words.of("{'$ref':'http://e.org/other.json'}", Words.COMPACT.withUnsupported(Unsupported.IGNORE)).ignores("$ref at #");
  }

  @Test
  void recursion() {
    Words.of("{'type':'object','properties':{'v':{'type':'integer'},'next':{'$ref':'#'}},'required':['v']}")
        .takes("{'v':1}", "{'v':1,'next':{'v':2,'next':{'v':3}}}")
        .refuses("{'v':1,'next':{}}");
    Words.of("{'$defs':{'t':{'type':'array','items':{'$ref':'#/$defs/t'}}},'$ref':'#/$defs/t','minItems':1}")
        .takes("[[]]", "[[],[[]]]")
        .refuses("[]");
    contradicts("{'type':'object','properties':{'a':{'$ref':'#'}},'required':['a']}", "#");
    Words.of("{'anyOf':[{'type':'object','properties':{'a':{'$ref':'#'}},'required':['a']},{'type':'null'}]}")
        .takes("null", "{'a':{'a':null}}");
  }

  @Test
  void annotationsAreListed() {
    Words.of("{'title':'t','type':'string','description':'d','default':1,'examples':[1],'readOnly':true,'contentEncoding':'base64','x-own':1}")
        .takes("'x'")
        .ignores("readOnly at #", "contentEncoding at #", "x-own at #");
  }

  @Test
  void styles() {
    String schema = "{'type':'object','properties':{'a':{'type':'array','items':{'type':'integer'}},'b':{'const':{'c':1,'d':[]}}},'required':['a','b']}";
    Words.of(schema, SchemaOptions.DEFAULT.withStyle(JsonStyle.SPACED))
        .takes("{'a': [1, 2], 'b': {'c': 1, 'd': []}}")
        .refuses("{'a':[1,2],'b':{'c':1,'d':[]}}", "{ 'a': [1, 2], 'b': {'c': 1, 'd': []}}");
    Words.of(schema, Words.COMPACT).takes("{'a':[1,2],'b':{'c':1,'d':[]}}").refuses("{'a': [1,2],'b':{'c':1,'d':[]}}");
    Words.of(schema, SchemaOptions.DEFAULT)
        .takes(
            "{'a':[1,2],'b':{'c':1,'d':[]}}",
            "{'a': [1, 2], 'b': {'c': 1, 'd': []}}",
            "{ 'a': [ 1 ], 'b': { 'c': 1, 'd': [] } }",
            "{\n  'a': [\n    1,\n    2\n  ],\n  'b': {\n    'c': 1,\n    'd': []\n  }\n}",
            "{\n" + " ".repeat(32) + "'a':[],'b':{'c':1,'d':[]}}")
        .refuses(
            "{  'a':[1],'b':{'c':1,'d':[]}}",
            "{'a' :[1],'b':{'c':1,'d':[]}}",
            "{'a':[1] ,'b':{'c':1,'d':[]}}",
            "{'a':[ ],'b':{'c':1,'d':[]}}",
            "{'a':[1],'b':{'c':1,'d':[ ]}}",
            "{'a':  [1],'b':{'c':1,'d':[]}}",
            "{\n" + " ".repeat(33) + "'a':[],'b':{'c':1,'d':[]}}",
            " {'a':[],'b':{'c':1,'d':[]}}");
  }

  @Test
  void allPropertiesAreWrittenButForRecursion() {
    SchemaOptions all = Words.COMPACT.withAllProperties(true);
    Words.of("{'type':'object','properties':{'a':{'type':'null'},'b':{'type':'object','properties':{'c':{'type':'null'}}}}}", all)
        .takes("{'a':null,'b':{'c':null}}")
        .refuses("{}", "{'a':null}", "{'a':null,'b':{}}");
    Words.of("{'type':'object','properties':{'a':{'type':'null'},'next':{'$ref':'#'}}}", all)
        .takes("{'a':null}", "{'a':null,'next':{'a':null}}")
        .refuses("{}");
    Words.of("{'type':'object','properties':{'a':{'type':'null'},'never':false}}", all).takes("{'a':null}").refuses("{}");
  }

  @Test
  void unknownValuesNestSixteenDeep() {
    Words.of("{}")
        .takes("[".repeat(16) + "]".repeat(16))
        .refuses("[".repeat(17) + "]".repeat(17));
    SchemaGrammar object = JsonSchemas.anyObject(Words.COMPACT, "s");
    GrammarOracle oracle = new GrammarOracle(object.toGrammar("root"));
    assertThat(oracle.isWord("{\"a\":" + "[".repeat(15) + "]".repeat(15) + ",\"b\":1e5}")).isTrue();
    assertThat(oracle.isWord("{\"a\":" + "[".repeat(16) + "]".repeat(16) + "}")).isFalse();
    assertThat(oracle.isWord("{}")).isTrue();
    assertThat(oracle.isWord("[]")).isFalse();
  }

  /** Counted and mutually dependent properties: no way may lead into a dead end, which the sampler would find. */
  @Test
  void testsNeverLeadIntoADeadEnd() {
    Random random = new Random(5);
    for (int n = 0; n < 60; n++) {
      int size = 2 + random.nextInt(4);
      StringBuilder schema = new StringBuilder("{'type':'object','properties':{");
      for (int i = 0; i < size; i++) {
        schema.append(i == 0 ? "" : ",").append("'p").append(i).append("':{'type':'null'}");
      }
      schema.append("},'minProperties':").append(random.nextInt(size));
      if (random.nextBoolean()) {
        schema.append(",'additionalProperties':{'type':'null'}");
      }
      if (random.nextBoolean()) {
        schema.append(",'maxProperties':").append(size - random.nextInt(2));
        schema.append(",'required':['p").append(random.nextInt(size)).append("']");
      } else {
        schema.append(",'dependentRequired':{");
        for (int i = 0; i < 3; i++) {
          int from = i % size;
          int to = random.nextInt(size);
          schema.append(i == 0 || i >= size ? "" : ",");
          if (i < size) {
            schema.append("'p").append(from).append("':['p").append(to).append("']");
          }
        }
        schema.append("}");
      }
      String text = schema.append("}").toString();
      Words words;
      try {
        words = Words.of(text);
      } catch (ConstraintException e) {
        assertThat(e).as(text).hasMessageContaining("need each other");
        continue;
      }
      SchemaValidator validator = SchemaValidator.of(JsonSchemas.read(text.replace('\'', '"')), SchemaOptions.DEFAULT);
      GrammarSampler sampler = new GrammarSampler(words.oracle(), random);
      for (int i = 0; i < 20; i++) {
        String word = sampler.word(i);
        // an undeclared key that happens to be written twice is one property: such words are not judged
        if (Material.json(word).size() == word.split(":", -1).length - 1) {
          assertThat(validator.check(Material.json(word))).as(text + " " + word).isEmpty();
        }
      }
    }
  }
}
