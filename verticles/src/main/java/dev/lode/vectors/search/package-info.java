/**
 * What a search is, apart from any store: filters read from JSON with precise complaints, the plan
 * that keeps recall whatever a filter keeps, and how two rankings become one. All pure; the
 * contract of a store is {@link dev.lode.vectors.search.VectorIndex}.
 */
package dev.lode.vectors.search;
