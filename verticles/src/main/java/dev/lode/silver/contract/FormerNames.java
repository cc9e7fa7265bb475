package dev.lode.silver.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;

/** What columns were called before: each name belongs to one of them, and none is its own past. */
final class FormerNames {
  private final List<Property> properties;
  private final Problems problems;

  FormerNames(List<Property> properties, Problems problems) {
    this.properties = properties;
    this.problems = problems;
  }

  void check() {
    var owners = new HashMap<String, String>();
    for (Property property : properties) {
      for (String former : property.formerNames()) {
        String other = owners.putIfAbsent(former, property.name());
        if (other != null) {
          problems.add(place(property), former + " is what " + other + " was called");
        }
      }
    }
    circles();
  }

  /** Takes away whatever waits for no name of another: what is left waits for itself. */
  private void circles() {
    var left = new ArrayList<>(properties);
    boolean fewer = true;
    while (fewer) {
      var waited = List.copyOf(left);
      fewer =
          left.removeIf(property -> waited.stream().noneMatch(other -> wasCalled(property, other)));
    }
    if (!left.isEmpty()) {
      String names = left.stream().map(Property::name).collect(Collectors.joining(", "));
      problems.add(
          place(left.getFirst()),
          names + " take names from each other; rename in two steps, over a name that is free");
    }
  }

  private static boolean wasCalled(Property property, Property other) {
    return property.formerNames().contains(other.name());
  }

  void checkDropped(List<String> dropped) {
    for (Property property : properties) {
      if (dropped.contains(property.name())) {
        problems.add(
            "customProperties.dropped",
            property.name() + " is a column; take it out here to have it anew");
      }
      for (String former : property.formerNames()) {
        if (dropped.contains(former)) {
          problems.add("customProperties.dropped", former + " is what " + property.name() + " was");
        }
      }
    }
  }

  private static String place(Property property) {
    return "schema." + property.name() + ".renamedFrom";
  }
}
