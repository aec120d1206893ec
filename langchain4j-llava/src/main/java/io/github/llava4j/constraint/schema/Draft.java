package io.github.llava4j.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;

/** The drafts of JSON Schema that differ in something that matters here. */
enum Draft {
  DRAFT_4,
  DRAFT_6_7,
  DRAFT_2019,
  DRAFT_2020;

  /** By {@code $schema}; the newest if there is none, or one that nobody knows. */
  static Draft of(JsonNode root) {
    String uri = root.path("$schema").asText();
    if (uri.contains("draft-04")) {
      return DRAFT_4;
    }
    if (uri.contains("draft-06") || uri.contains("draft-07")) {
      return DRAFT_6_7;
    }
    return uri.contains("2019-09") ? DRAFT_2019 : DRAFT_2020;
  }

  /** Whether {@code $ref} makes its neighbours mean nothing. */
  boolean referenceHidesSiblings() {
    return this == DRAFT_4 || this == DRAFT_6_7;
  }

  String idKeyword() {
    return this == DRAFT_4 ? "id" : "$id";
  }
}
