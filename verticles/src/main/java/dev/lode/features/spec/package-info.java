/**
 * What {@code conf/features} declares: entities, feature views and services, checked whole before
 * anything runs. A {@link dev.lode.features.spec.FeatureCatalog} is immutable and consistent: each
 * name resolves, each type is known, each window is exact.
 */
package dev.lode.features.spec;
