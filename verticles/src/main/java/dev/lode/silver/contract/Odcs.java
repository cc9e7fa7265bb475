package dev.lode.silver.contract;

import java.util.List;
import java.util.Map;

/**
 * A contract file as the standard shapes it. All keys of ODCS 3.1 are known; those that Silver does
 * not act upon are taken as they come.
 */
record Odcs(
    String apiVersion,
    String kind,
    String id,
    String name,
    String version,
    String status,
    String tenant,
    String domain,
    String dataProduct,
    String contractCreatedTs,
    Object description,
    List<String> tags,
    List<Table> schema,
    List<Sla> slaProperties,
    String slaDefaultElement,
    List<Custom> customProperties,
    Object authoritativeDefinitions,
    Object price,
    Object roles,
    Object servers,
    Object support,
    Object team) {

  /** A schema object. */
  record Table(
      String id,
      String name,
      String physicalName,
      String physicalType,
      String logicalType,
      String businessName,
      String description,
      String dataGranularityDescription,
      List<String> tags,
      List<Column> properties,
      List<Quality> quality,
      List<Custom> customProperties,
      Object relationships,
      Object authoritativeDefinitions) {}

  /** A schema property. */
  record Column(
      String id,
      String name,
      String businessName,
      String physicalName,
      String physicalType,
      String logicalType,
      Options logicalTypeOptions,
      String description,
      Boolean required,
      Boolean unique,
      Boolean primaryKey,
      Integer primaryKeyPosition,
      Boolean partitioned,
      Integer partitionKeyPosition,
      String classification,
      Boolean criticalDataElement,
      String encryptedName,
      List<String> tags,
      List<Object> examples,
      List<String> transformSourceObjects,
      String transformLogic,
      String transformDescription,
      List<Quality> quality,
      List<Custom> customProperties,
      Object relationships,
      Object authoritativeDefinitions,
      Object items,
      Object properties) {}

  /** The options of all logical types; which apply to which is checked by the reader. */
  record Options(
      Integer minLength,
      Integer maxLength,
      String pattern,
      String format,
      Object minimum,
      Object maximum,
      Object exclusiveMinimum,
      Object exclusiveMaximum,
      Object multipleOf,
      Boolean timezone,
      String defaultTimezone) {}

  record Quality(
      String id,
      String name,
      String description,
      String type,
      String metric,
      String rule,
      Map<String, Object> arguments,
      String query,
      String engine,
      Object implementation,
      Object mustBe,
      Object mustNotBe,
      Object mustBeGreaterThan,
      Object mustBeGreaterOrEqualTo,
      Object mustBeLessThan,
      Object mustBeLessOrEqualTo,
      List<Object> mustBeBetween,
      List<Object> mustNotBeBetween,
      String dimension,
      String severity,
      String unit,
      String method,
      String businessImpact,
      String schedule,
      String scheduler,
      List<String> tags,
      List<Custom> customProperties,
      Object authoritativeDefinitions) {}

  record Sla(
      String id,
      String property,
      Object value,
      Object valueExt,
      String unit,
      String element,
      String driver,
      String description,
      String schedule,
      String scheduler) {}

  record Custom(String id, String property, Object value, String description) {}
}
