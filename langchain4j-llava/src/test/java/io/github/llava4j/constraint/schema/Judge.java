package io.github.llava4j.constraint.schema;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.slf4j.LoggerFactory;

/** Validators that are not ours. */
final class Judge {

  static {
    ((Logger) LoggerFactory.getLogger("com.networknt")).setLevel(Level.ERROR);
  }

  private Judge() {}

  /**
   * Formats are not judged, since networknt errs in some; but where they tell alternatives of oneOf apart, a second judge
   * knows them. Private meta-schemas are draft-04 underneath.
   */
  static Schema of(JsonNode schema, boolean formats) {
    String uri = schema.path("$schema").asText();
    SpecificationVersion version =
        uri.contains("2020-12")
            ? SpecificationVersion.DRAFT_2020_12
            : uri.contains("2019-09")
                ? SpecificationVersion.DRAFT_2019_09
                : uri.contains("draft-07")
                    ? SpecificationVersion.DRAFT_7
                    : uri.contains("draft-06") ? SpecificationVersion.DRAFT_6 : SpecificationVersion.DRAFT_4;
    JsonNode bare = schema.deepCopy();
    if (bare instanceof ObjectNode object) {
      object.remove("$schema");
    }
    if (!formats) {
      withoutFormats(bare);
    }
    return SchemaRegistry.withDefaultDialect(version).getSchema(bare.toString(), InputFormat.JSON);
  }

  private static void withoutFormats(JsonNode node) {
    if (node instanceof ObjectNode object && object.path("format").isTextual()) {
      object.remove("format");
    }
    node.forEach(Judge::withoutFormats);
  }
}
